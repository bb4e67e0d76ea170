#include "math/gemm.h"

#include <string.h>

#include <cblas.h>

#include "math/cpu.h"

/* C := beta*C, what is left of the product when nothing is summed. A beta of 0 clears NaN too. */
static void scale(size_t m, size_t n, float beta, float *c, size_t ldc) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            float *entry = &c[i * ldc + j];
            *entry = beta == 0.0F ? 0.0F : beta * *entry;
        }
    }
}

void snug_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a,
               size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc) {
    /* BLAS refuses a leading dimension of 0, which an empty matrix may well have. */
    if (m == 0 || n == 0 || k == 0) {
        scale(m, n, beta, c, ldc);
        return;
    }
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                transpose_b ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1.0F,
                a, (blasint)lda, b, (blasint)ldb, beta, c, (blasint)ldc);
}

void snug_gemm_reference(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                         const float *a, size_t lda, const float *b, size_t ldb, float beta,
                         float *c, size_t ldc) {
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < n; j++) {
            float *entry = &c[i * ldc + j];
            double sum = beta == 0.0F ? 0.0 : (double)beta * (double)*entry;
            for (size_t l = 0; l < k; l++) {
                float left = transpose_a ? a[l * lda + i] : a[i * lda + l];
                float right = transpose_b ? b[j * ldb + l] : b[l * ldb + j];
                sum += (double)left * (double)right;
            }
            *entry = (float)sum;
        }
    }
}

const char *snug_gemm_advice(void) {
    if (snug_cpu_path() == SNUG_CPU_PORTABLE || strcmp(openblas_get_corename(), "Prescott") != 0)
        return NULL;
    return snug_cpu_path() == SNUG_CPU_AVX512 ? "OpenBLAS does not know this CPU and is slow: set "
                                                "OPENBLAS_CORETYPE=SkylakeX in the "
                                                "environment before the program starts"
                                              : "OpenBLAS does not know this CPU and is slow: set "
                                                "OPENBLAS_CORETYPE=Haswell in the "
                                                "environment before the program starts";
}
