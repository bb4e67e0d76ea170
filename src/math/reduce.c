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

SNUG_KERNEL(sum_rows, (size_t rows, size_t columns, const float *x, float *sums),
            (rows, columns, x, sums)) {
    for (size_t i = 0; i < rows; i++) {
        add_body(columns, x + i * columns, sums);
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
