#include "math/reduce.h"

#include <string.h>

#include "math/simd.h"

SNUG_KERNEL(add, (size_t n, const float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] += x[i];
    }
}

SNUG_KERNEL(add_rows, (size_t rows, size_t columns, const float *bias, float *y, size_t stride),
            (rows, columns, bias, y, stride)) {
    for (size_t i = 0; i < rows; i++) {
        add_body(columns, bias, y + i * stride);
    }
}

/* Sixteen columns at a time, whose sums stay in registers; from the first row to the last. */
SNUG_KERNEL(sum_rows, (size_t rows, size_t columns, const float *x, float *sums),
            (rows, columns, x, sums)) {
    enum { WIDE = 16 };
    size_t j = 0;
    for (; j + WIDE <= columns; j += WIDE) {
        float wide[WIDE];
        memcpy(wide, sums + j, sizeof wide);
        for (size_t i = 0; i < rows; i++) {
            const float *row = x + i * columns + j;
#pragma omp simd
            for (size_t l = 0; l < WIDE; l++) {
                wide[l] += row[l];
            }
        }
        memcpy(sums + j, wide, sizeof wide);
    }
    for (; j < columns; j++) {
        float sum = sums[j];
        for (size_t i = 0; i < rows; i++) {
            sum += x[i * columns + j];
        }
        sums[j] = sum;
    }
}

void snug_add_rows(size_t rows, size_t columns, const float *bias, float *y, size_t stride) {
    add_rows(rows, columns, bias, y, stride);
}

void snug_sum_rows(size_t rows, size_t columns, const float *x, bool add, float *sums) {
    if (!add) {
        memset(sums, 0, columns * sizeof *sums);
    }
    sum_rows(rows, columns, x, sums);
}

void snug_axpy(size_t n, const float *x, float *y) {
    add(n, x, y);
}
