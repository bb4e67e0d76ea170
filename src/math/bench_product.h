/*
 * Bare matrix products of the linked BLAS, without any of the library's own choices. `snug bench`
 * compares the time of a training step with that of the bare products of the step.
 */
#ifndef SNUG_MATH_BENCH_PRODUCT_H
#define SNUG_MATH_BENCH_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Computes C := op(A) op(B) by one plain call of the BLAS. op(A) is m x k, op(B) k x n and C m x n,
 * all row-major and without gaps; op(X) is the transposed X where the flag is set. Each size is
 * from 1 to INT_MAX; otherwise the function does nothing. C overlaps neither A nor B.
 *
 * For measuring only: training goes through snug_gemm().
 */
void snug_bench_product(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                        const float *a, const float *b, float *c);

#endif
