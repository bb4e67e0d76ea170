#include <limits.h>

#include <cblas.h>

#include "math/bench_product.h"

static bool fits(size_t size) {
    return size >= 1 && size <= INT_MAX;
}

void snug_bench_product(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                        const float *a, const float *b, float *c) {
    if (!fits(m) || !fits(n) || !fits(k)) {
        return;
    }
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                transpose_b ? CblasTrans : CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1.0F,
                a, (blasint)(transpose_a ? m : k), b, (blasint)(transpose_b ? k : n), 0.0F, c,
                (blasint)n);
}
