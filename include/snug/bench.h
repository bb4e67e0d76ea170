/* The floor that training stands on: bare matrix products, as the linked BLAS does them. */
#ifndef SNUG_BENCH_H
#define SNUG_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * C := op(A) op(B) by one plain call of the BLAS, without any of the library's own choices: op(A)
 * is m x k, op(B) k x n and C m x n, row-major and without gaps; op(X) = X' where it is transposed.
 * Each size is at least 1 and at most INT_MAX; otherwise nothing is done. For measuring: `snug
 * bench` compares with it.
 */
SNUG_API void snug_bench_product(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                                 const float *a, const float *b, float *c);

#ifdef __cplusplus
}
#endif
#endif
