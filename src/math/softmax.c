#include <stdbool.h>

#include "math/softmax.h"

/* What is added up over rows on the way: the sums' logarithms, and the largest numbers. */
typedef struct totals {
    snug_log_product logs;
    double largest;
} totals;

enum { BESIDE = 32 }; /* short rows whose sums' product is below 2^64 */

/*
 * Up to BESIDE rows of fewer columns than a vector has lanes, of a number that is known when
 * compiled: as many rows beside each other as it has. Answers the product of their sums, each at
 * most `columns`.
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

SNUG_KERNEL(short_rows,
            (size_t rows, size_t columns, float factor, const float *x, float *y, totals *t),
            (rows, columns, factor, x, y, t)) {
    for (size_t n; rows > 0; rows -= n, x += n * columns, y += n * columns) {
        n = rows < BESIDE ? rows : BESIDE;
        double product = columns == 1   ? softmax_short(fused, n, 1, factor, x, y, &t->largest)
                         : columns == 2 ? softmax_short(fused, n, 2, factor, x, y, &t->largest)
                                        : softmax_short(fused, n, 3, factor, x, y, &t->largest);
        snug_log_product_add(&t->logs, product);
    }
}

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

/* All rows in one loop, which wastes no lanes where they end. */
SNUG_KERNEL(exponentials, (size_t n, float *y), (n, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_exp_negative(fused, y[i]);
    }
}

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
