/* Operations on vectors of float32: products, lengths, scaling, limits and running means. */
#ifndef SNUG_MATH_VECTOR_H
#define SNUG_MATH_VECTOR_H

#include <stddef.h>

#include "cpu/simd.h"

/*
 * Returns the sum of a[i] b[i] over n numbers, in double; `fused` is that of the kernel that calls
 * it (see cpu/simd.h). snug_dot() is the function for code that is no kernel.
 */
SNUG_INLINE double snug_dot_body(const bool fused, size_t n, const float *a, const float *b) {
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum = snug_fma_double(fused, (double)a[i], (double)b[i], sum);
    }
    return sum;
}

/* Returns the sum of a[i] b[i] over n numbers, in double. */
double snug_dot(size_t n, const float *a, const float *b);

/* Returns the Euclidean length of x, sqrt(sum of x[i]^2), summed in double. */
double snug_norm(size_t n, const float *x);

/* Returns the largest abs(x[i]); NaN counts as 0, and so does an empty vector. */
double snug_largest_absolute(size_t n, const float *x);

/* sums[i] += a[i] b[i], each rounded once where the CPU path fuses */
void snug_add_products(size_t n, const float *a, const float *b, float *sums);

/* y[i] = x[i] weight[i] + bias[i], each rounded once where the CPU path fuses; y may be x. */
void snug_affine(size_t n, const float *x, const float *weight, const float *bias, float *y);

/* y[i][j] = factors[j] x[i][j] for matrices of rows x columns; y may be x. */
void snug_scale_columns(size_t rows, size_t columns, const float *factors, const float *x,
                        float *y);

/* x[i] *= factor */
void snug_scale(size_t n, float factor, float *x);

/* totals[i] += x[i], in double */
void snug_add_to_totals(size_t n, const float *x, double *totals);

/* x[i] = totals[i] + x[i], added in double and rounded once */
void snug_add_totals(size_t n, const double *totals, float *x);

/* Limits each x[i] to [-limit, limit]; NaN stays. */
void snug_clamp(size_t n, float limit, float *x);

/*
 * mean[i] += share (x[i] - mean[i]): moves a running mean towards x, by a share from 0 (not at all)
 * to 1 (all the way).
 */
void snug_lerp(size_t n, float share, const float *x, float *mean);

/* Exchanges the n numbers of x with those of y; the two do not overlap. */
void snug_swap(size_t n, float *x, float *y);

#endif
