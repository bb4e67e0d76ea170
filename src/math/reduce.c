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
        add_body(fused, columns, bias, y + i * stride);
    }
}

enum { WIDEST = 32 };

/* Sums of columns that stay in registers, their number being known when compiled; from the first row to the last. */
SNUG_INLINE void sum_columns(size_t rows, const size_t columns, const float *x, size_t stride,
                             float *sums) {
    float wide[WIDEST];
    memcpy(wide, sums, columns * sizeof *sums);
    for (size_t i = 0; i < rows; i++, x += stride) {
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            wide[j] += x[j];
        }
    }
    memcpy(sums, wide, columns * sizeof *sums);
}

/* Many columns at a time, whose additions need not wait for each other, and then fewer and fewer. */
SNUG_KERNEL(sum_rows, (size_t rows, size_t columns, const float *x, float *sums),
            (rows, columns, x, sums)) {
    size_t j = 0;
#define SUM_COLUMNS(count)                                                                         \
    for (; columns - j >= (count); j += (count)) {                                                 \
        sum_columns(rows, count, x + j, columns, sums + j);                                        \
    }
    SUM_COLUMNS(32)
    SUM_COLUMNS(16)
    SUM_COLUMNS(8)
    SUM_COLUMNS(4)
    SUM_COLUMNS(2)
    SUM_COLUMNS(1)
#undef SUM_COLUMNS
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
