/*
 * Matrix products: one wrapper over kernels of our own and OpenBLAS, and the reference that tests
 * it.
 */
#ifndef SNUG_MATH_GEMM_H
#define SNUG_MATH_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "math/reduce.h"

/*
 * C := (C +) op(A) op(B) (+ bias), row-major float32. op(A) is m x k, op(B) k x n, C m x n; op(A) =
 * A' where transpose_a. lda, ldb, ldc count the floats from one row to the next. bias is added to
 * every row of C; NULL: none. C is not read unless `add`. Dimensions above INT_MAX are refused when
 * a model is planned.
 */
typedef struct snug_product {
    bool transpose_a, transpose_b, add;
    bool large; /* the weights among its matrices are, by snug_gemm_is_large() */
    size_t m, n, k;
    const float *a;
    size_t lda;
    const float *b;
    size_t ldb;
    const float *bias;
    float *c;
    size_t ldc;
} snug_product;

/*
 * Computes it by tiles of our own, which need no packing, or by OpenBLAS, which is ahead where the
 * weights outgrow the caches; by the shape alone, so that the same product has the same bits.
 */
void snug_gemm(const snug_product *product);

/*
 * Whether a matrix of so many weights repays OpenBLAS's copies of both operands, for a plan to
 * know. It never does with an OpenBLAS that runs the kernels of another CPU.
 */
bool snug_gemm_is_large(size_t weights);

/* From how many on, as bench/products measures. */
#define SNUG_GEMM_LARGE ((size_t)1 << 20)

/*
 * Whether it sums over more rows of A and B than float additions bear, one after the other: the
 * gradient of weights over a batch of more than SNUG_ROWS_AT_ONCE rows. Tiles then sum in blocks.
 */
static inline bool snug_gemm_is_deep(const snug_product *p) {
    return p->transpose_a && !p->transpose_b && p->k > SNUG_ROWS_AT_ONCE;
}

/* Whether OpenBLAS is chosen: for a large product that is neither thin nor deep. */
bool snug_gemm_suits_openblas(const snug_product *product);

/* The same by one of the two. */
void snug_gemm_tiled(const snug_product *product);
void snug_gemm_openblas(const snug_product *product);

/* The same by three loops, summing in double. */
void snug_gemm_reference(const snug_product *product);

#endif
