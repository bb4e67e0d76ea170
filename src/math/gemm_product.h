/* The description of a matrix product, whichever implementation computes it. */
#ifndef SNUG_MATH_GEMM_PRODUCT_H
#define SNUG_MATH_GEMM_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>

#include "math/reduce.h"

/*
 * A product C := (C +) op(A) op(B) (+ bias) of row-major float32 matrices: op(A) is m x k, op(B) is
 * k x n, C is m x n, and op(X) is X or its transpose. The caller guarantees that no dimension is
 * above INT_MAX (a model's plan refuses such layers) and that C overlaps neither A nor B.
 */
typedef struct snug_product {
    bool transpose_a, transpose_b;
    bool add;   /* add to what C holds; otherwise C is not read */
    bool large; /* the matrix of weights among A, B and C is large, by snug_gemm_is_large() */
    size_t m, n, k;
    const float *a;
    size_t lda; /* floats from one row of A, as it is stored, to the next; likewise ldb and ldc */
    const float *b;
    size_t ldb;
    const float *bias; /* n numbers that are added to every row of C; NULL: none */
    float *c;
    size_t ldc;
} snug_product;

/*
 * Returns whether the product sums over more rows of A and B than float additions one after the
 * other are accurate for: the gradient of weights over a batch of more than SNUG_ROWS_AT_ONCE rows.
 * The library's own implementation then sums in blocks (math/reduce.h).
 */
static inline bool snug_gemm_is_deep(const snug_product *p) {
    return p->transpose_a && !p->transpose_b && p->k > SNUG_ROWS_AT_ONCE;
}

#endif
