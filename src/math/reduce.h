/* Sums over the rows of a matrix, and over vectors. */
#ifndef SNUG_MATH_REDUCE_H
#define SNUG_MATH_REDUCE_H

#include <stddef.h>

/* y[i][j] += bias[j]; y is rows x columns */
void snug_add_rows(size_t rows, size_t columns, const float *bias, float *y);

/* sums[j] += the sum over i of x[i][j], from the first row to the last; x is rows x columns */
void snug_sum_rows(size_t rows, size_t columns, const float *x, float *sums);

/* y[i] += x[i] */
void snug_axpy(size_t n, const float *x, float *y);

#endif
