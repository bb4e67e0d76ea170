/* Matrix products: one small wrapper over OpenBLAS, and the plain reference that tests it. */
#ifndef SNUG_MATH_GEMM_H
#define SNUG_MATH_GEMM_H

#include <stdbool.h>
#include <stddef.h>

/*
 * C := beta*C + op(A)*op(B), row-major float32. op(A) is m x k, op(B) k x n, C m x n; op(A) = A' where
 * transpose_a. lda, ldb, ldc count the floats from one row to the next. Dimensions above INT_MAX are
 * refused when a model is planned.
 */
void snug_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a,
               size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc);

/*
 * What should be done to make products fast, or NULL: an OpenBLAS that is older than the CPU runs the
 * kernels of a CPU of 2004, at a tenth of the speed. Only the process's environment can change that.
 */
const char *snug_gemm_advice(void);

/* The same by three loops, summing in double. */
void snug_gemm_reference(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                         const float *a, size_t lda, const float *b, size_t ldb, float beta,
                         float *c, size_t ldc);

#endif
