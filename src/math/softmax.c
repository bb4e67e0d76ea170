#include "math/softmax.h"

SNUG_KERNEL(shift_rows, (size_t rows, size_t columns, const float *x, float *y),
            (rows, columns, x, y)) {
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

SNUG_KERNEL(normalize, (size_t rows, size_t columns, float factor, float *y, snug_logs *logs),
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
