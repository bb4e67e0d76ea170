/*
 * Softmax of the rows of a matrix, in two ways that give probabilities of the same accuracy:
 *
 * - rows of 1 to 3 columns, as of a binary classifier: too short for a vector each, so that the
 *   loop is vectorized over the rows, a row to a lane;
 * - longer rows: three passes over all rows, one that subtracts the largest number of each row, one
 *   that takes the exponentials, and one that divides by their sum.
 */
#include <stdbool.h>

#include "math/softmax.h"

/* What is added up over the rows on the way: the logarithms of their sums, and their largest x. */
typedef struct totals {
    snug_log_product logs;
    double largest;
} totals;

/*
 * The most rows of 1 to 3 columns that are computed between two additions to the log product. Each
 * sum of exponentials is at most 3, so that the product of 32 sums, 3^32 < 2^51, is in the range
 * that snug_log_product_add() allows, up to 2^64.
 */
enum { ROWS_A_PRODUCT = 32 };

/*
 * Computes up to ROWS_A_PRODUCT rows of 1 to 3 columns; the number is known to the compiler where
 * this is inlined, so that the loops over columns disappear. Adds the largest x of each row to
 * *largest and returns the product of the rows' sums of exponentials.
 */
SNUG_INLINE double softmax_short(const bool fused, size_t rows, const size_t columns, float factor,
                                 const float *x, float *y, double *largest) {
    double product = 1.0, all = 0.0;
#pragma omp simd reduction(* : product) reduction(+ : all)
    for (size_t r = 0; r < rows; r++) {
        const float *from = x + r * columns;
        float *to = y + r * columns;
        int32_t most = snug_order_of_float(from[0]);
        for (size_t j = 1; j < columns; j++) {
            int32_t key = snug_order_of_float(from[j]);
            most = key > most ? key : most;
        }
        float shift = snug_float_of_order(most), sum = 0.0F;
        float powers[3];
        for (size_t j = 0; j < columns; j++) {
            powers[j] = snug_exp_negative(fused, from[j] - shift);
            sum += powers[j];
        }
        float share = factor / sum;
        for (size_t j = 0; j < columns; j++) {
            to[j] = powers[j] * share;
        }
        product *= (double)sum;
        all += (double)shift;
    }
    *largest += all;
    return product;
}

/* All rows of 1 to 3 columns, ROWS_A_PRODUCT of them at a time. */
SNUG_KERNEL(short_rows,
            (size_t rows, size_t columns, float factor, const float *x, float *y, totals *t),
            (rows, columns, factor, x, y, t)) {
    for (size_t n; rows > 0; rows -= n, x += n * columns, y += n * columns) {
        n = rows < ROWS_A_PRODUCT ? rows : ROWS_A_PRODUCT;
        double product = columns == 1   ? softmax_short(fused, n, 1, factor, x, y, &t->largest)
                         : columns == 2 ? softmax_short(fused, n, 2, factor, x, y, &t->largest)
                                        : softmax_short(fused, n, 3, factor, x, y, &t->largest);
        snug_log_product_add(&t->logs, product);
    }
}

/* y = x - the largest x of the row; adds the largest x of all rows to *largest. */
SNUG_KERNEL(shift_rows, (size_t rows, size_t columns, const float *x, float *y, double *largest),
            (rows, columns, x, y, largest)) {
    for (size_t r = 0; r < rows; r++) {
        const float *from = x + r * columns;
        float *to = y + r * columns;
        float shift = snug_largest(columns, from);
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            to[j] = from[j] - shift;
        }
        *largest += (double)shift;
    }
}

/* y = e^y for y <= 0. One loop over all rows, which wastes no lanes at the end of each row. */
SNUG_KERNEL(exponentials, (size_t n, float *y), (n, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_exp_negative(fused, y[i]);
    }
}

/*
 * Divides each row of exponentials by its sum, in double, and multiplies it by `factor`, both by
 * one multiplication; adds the logarithms of the sums to `logs`.
 */
SNUG_KERNEL(normalize,
            (size_t rows, size_t columns, float factor, float *y, snug_log_product *logs),
            (rows, columns, factor, y, logs)) {
    for (size_t r = 0; r < rows; r++) {
        float *row = y + r * columns;
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < columns; j++) {
            sum += (double)row[j];
        }
        float share = (float)((double)factor / sum);
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            row[j] *= share;
        }
        snug_log_product_add(logs, sum);
    }
}

void snug_softmax_shift(size_t rows, size_t columns, const float *x, float *y) {
    double largest = 0.0;
    shift_rows(rows, columns, x, y, &largest);
}

double snug_softmax_rows(size_t rows, size_t columns, float factor, const float *x, float *y) {
    totals t = {.logs = {.product = 1.0}};
    if (1 <= columns && columns <= 3) {
        short_rows(rows, columns, factor, x, y, &t);
    } else {
        shift_rows(rows, columns, x, y, &t.largest);
        exponentials(rows * columns, y);
        normalize(rows, columns, factor, y, &t.logs);
    }
    return snug_log_product_total(&t.logs) + t.largest;
}
