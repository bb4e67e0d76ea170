#include <string.h>

#include <cblas.h>

#include "math/cpu.h"
#include "math/gemm.h"
#include "math/openblas.h"

/* C := (C), what is left of the product when nothing is summed. */
static void start(const snug_product *p) {
    for (size_t i = 0; i < p->m && !p->add; i++) {
        memset(p->c + i * p->ldc, 0, p->n * sizeof *p->c);
    }
}

void snug_gemm_openblas(const snug_product *p) {
    /* BLAS refuses a leading dimension of 0, which an empty matrix may well have. */
    if (p->m == 0 || p->n == 0 || p->k == 0) {
        start(p);
    } else {
        cblas_sgemm(CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
                    p->transpose_b ? CblasTrans : CblasNoTrans, (blasint)p->m, (blasint)p->n,
                    (blasint)p->k, 1.0F, p->a, (blasint)p->lda, p->b, (blasint)p->ldb,
                    p->add ? 1.0F : 0.0F, p->c, (blasint)p->ldc);
    }
    if (p->bias != NULL) {
        snug_add_to_rows(p->m, p->n, p->bias, p->c, p->ldc);
    }
}

bool snug_gemm_is_large(size_t weights) {
    return weights >= SNUG_GEMM_LARGE && snug_openblas_knows_cpu(snug_cpu_path());
}

bool snug_gemm_suits_openblas(const snug_product *p) {
    return p->large && !snug_gemm_is_deep(p) && p->m >= 32 && p->n >= 32 && p->k >= 32;
}

void snug_gemm(const snug_product *p) {
    if (snug_gemm_suits_openblas(p)) {
        snug_gemm_openblas(p);
    } else {
        snug_gemm_tiled(p);
    }
}

void snug_gemm_reference(const snug_product *p) {
    for (size_t i = 0; i < p->m; i++) {
        for (size_t j = 0; j < p->n; j++) {
            float *entry = &p->c[i * p->ldc + j];
            double sum =
                (p->add ? (double)*entry : 0.0) + (p->bias != NULL ? (double)p->bias[j] : 0.0);
            for (size_t l = 0; l < p->k; l++) {
                float left = p->transpose_a ? p->a[l * p->lda + i] : p->a[i * p->lda + l];
                float right = p->transpose_b ? p->b[j * p->ldb + l] : p->b[l * p->ldb + j];
                sum += (double)left * (double)right;
            }
            *entry = (float)sum;
        }
    }
}
