/* Sums over the rows of a matrix, and over vectors. */
#ifndef SNUG_MATH_REDUCE_H
#define SNUG_MATH_REDUCE_H

#include <stdbool.h>
#include <stddef.h>

/* y[i][j] += bias[j]; y is rows x columns, its rows `stride` apart */
void snug_add_rows(size_t rows, size_t columns, const float *bias, float *y, size_t stride);

/*
 * sums[j] = the sum over i of x[i][j], from the first row to the last, or with `add` that is added to
 * it; x is rows x columns
 */
void snug_sum_rows(size_t rows, size_t columns, const float *x, bool add, float *sums);

/* y[i] += x[i] */
void snug_axpy(size_t n, const float *x, float *y);

#endif
