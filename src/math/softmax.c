#include "math/softmax.h"

#include <stdbool.h>

enum { BESIDE = 32 }; /* short rows whose sums' product is below 2^64 */

/* Rows that are no vector of their own: as many of them as a vector has lanes are. */
SNUG_INLINE bool are_short(size_t columns) {
    return 1 <= columns && columns <= 3;
}

/* f with `columns`, of which there are 1 to 3, as a constant. */
#define SHORT_ROWS(f, rows, columns, ...)                                                          \
    ((columns) == 1   ? f(rows, 1, __VA_ARGS__)                                                    \
     : (columns) == 2 ? f(rows, 2, __VA_ARGS__)                                                    \
                      : f(rows, 3, __VA_ARGS__))

SNUG_INLINE void shift_short(size_t rows, size_t columns, const float *x, float *y) {
#pragma omp simd
    for (size_t r = 0; r < rows; r++) {
        const float *from = x + r * columns;
        float *to = y + r * columns;
        int32_t largest = snug_order_of_float(from[0]);
        for (size_t j = 1; j < columns; j++) {
            int32_t key = snug_order_of_float(from[j]);
            largest = key > largest ? key : largest;
        }
        float most = snug_float_of_order(largest);
        for (size_t j = 0; j < columns; j++) {
            to[j] = from[j] - most;
        }
    }
}

SNUG_KERNEL(shift_rows, (size_t rows, size_t columns, const float *x, float *y),
            (rows, columns, x, y)) {
    if (are_short(columns)) {
        SHORT_ROWS(shift_short, rows, columns, x, y);
        return;
    }
    for (size_t r = 0; r < rows; r++) {
        const float *from = x + r * columns;
        float *to = y + r * columns;
        float largest = snug_largest(columns, from);
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            to[j] = from[j] - largest;
        }
    }
}

void snug_softmax_shift(size_t rows, size_t columns, const float *x, float *y) {
    shift_rows(rows, columns, x, y);
}

SNUG_KERNEL(exponentials, (size_t n, float *y), (n, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_exp_negative(y[i]);
    }
}

void snug_softmax_exp(size_t n, float *y) {
    exponentials(n, y);
}

/* Up to BESIDE short rows; answers the product of their sums, each of which is at most `columns`. */
SNUG_INLINE double normalize_short(size_t rows, size_t columns, float factor, float *y) {
    double product = 1.0;
#pragma omp simd reduction(* : product)
    for (size_t r = 0; r < rows; r++) {
        float *row = y + r * columns;
        double sum = 0.0;
        for (size_t j = 0; j < columns; j++) {
            sum += (double)row[j];
        }
        float share = (float)((double)factor / sum);
        for (size_t j = 0; j < columns; j++) {
            row[j] *= share;
        }
        product *= sum;
    }
    return product;
}

SNUG_KERNEL(normalize, (size_t rows, size_t columns, float factor, float *y, snug_logs *logs),
            (rows, columns, factor, y, logs)) {
    while (are_short(columns) && rows > 0) {
        size_t n = rows < BESIDE ? rows : BESIDE;
        snug_logs_add(logs, SHORT_ROWS(normalize_short, n, columns, factor, y));
        y += n * columns;
        rows -= n;
    }
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
        snug_logs_add(logs, sum);
    }
}

void snug_softmax_normalize(size_t rows, size_t columns, float factor, float *y, double *logs) {
    snug_logs sums = {.product = 1.0, .sum = 0.0};
    normalize(rows, columns, factor, y, &sums);
    if (logs != NULL) {
        *logs = snug_logs_total(&sums);
    }
}
