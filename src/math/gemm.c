/*
 * The choice between OpenBLAS and the library's own products, and the call of OpenBLAS.
 *
 * Why not OpenBLAS for everything: it copies ("packs") both operands into an order that suits its
 * kernels, and it starts each call with a choice of block sizes. For the layers of small networks,
 * fewer than 2^20 weights, that costs more than it saves, while own kernels need no copy, start the
 * sums with the bias, and give a row the same bits in a batch of any size, which OpenBLAS does not.
 * Why not own kernels for everything: once the weights do not fit into the caches, the copies and
 * the blocking for several levels of cache make OpenBLAS faster. bench/products.c measures where.
 * Two shapes stay with the own kernels all the same: thin products, with a side below 32, where the
 * copies never pay, and deep ones, of more rows than a sum of floats may have (math/reduce.h),
 * which OpenBLAS would sum without blocks.
 */
#include <string.h>

#include <cblas.h>

#include "cpu/cpu.h"
#include "math/gemm.h"
#include "math/gemm_driver.h"
#include "math/openblas.h"

/* Computes an empty sum: sets C to 0, or leaves it as it is where the product is added to it. */
static void set_empty_sum(const snug_product *p) {
    for (size_t i = 0; i < p->m && !p->add; i++) {
        memset(p->c + i * p->ldc, 0, p->n * sizeof *p->c);
    }
}

void snug_gemm_openblas(const snug_product *p) {
    /* BLAS refuses a leading dimension of 0, which an empty matrix may have. */
    if (p->m == 0 || p->n == 0 || p->k == 0) {
        set_empty_sum(p);
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

/* Thin products, one dimension below 32, leave most of what OpenBLAS packs unused. */
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
