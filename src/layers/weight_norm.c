/*
 * Everything runs over rows of the matrices, which are contiguous: sums over a column are kept in a
 * vector of one number per unit.
 */
#include <math.h>
#include <string.h>

#include "cpu/simd.h"
#include "layers/weight_norm.h"
#include "math/vector.h"

/* squares[j] = 1 / sqrt(squares[j]); a column of length 0 has no direction: it stays 0. */
SNUG_KERNEL(invert, (size_t n, float *squares), (n, squares)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        float inverse = 1.0F / sqrtf(squares[j]);
        squares[j] = squares[j] == 0.0F ? 0.0F : inverse;
    }
}

/* w[j] = g[j] v[j] / |v[:, j]|, one row of W */
SNUG_KERNEL(scale_row, (size_t n, const float *v, const float *g, const float *inverse, float *w),
            (n, v, g, inverse, w)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        w[j] = g[j] * inverse[j] * v[j];
    }
}

/*
 * dv[j] += g[j] / |v| (dw[j] - (p[j] / |v|) v[j]), one row: the part of dw along v is taken away,
 * since moving v along itself does not change w.
 */
SNUG_KERNEL(add_row,
            (size_t n, const float *v, const float *g, const float *inverse, const float *dw,
             const float *p, float *dv),
            (n, v, g, inverse, dw, p, dv)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        float across = snug_fma(fused, -p[j] * inverse[j], v[j], dw[j]);
        dv[j] = snug_fma(fused, g[j] * inverse[j], across, dv[j]);
    }
}

void snug_column_lengths(size_t inputs, size_t units, const float *v, float *lengths) {
    for (size_t j = 0; j < units; j++) {
        double square = 0.0;
        for (size_t i = 0; i < inputs; i++) {
            square += (double)v[i * units + j] * (double)v[i * units + j];
        }
        lengths[j] = (float)sqrt(square);
    }
}

void snug_weight_norm(size_t inputs, size_t units, const float *v, const float *g, float *w,
                      float *inverse) {
    memset(inverse, 0, units * sizeof *inverse);
    for (size_t i = 0; i < inputs; i++) {
        snug_add_products(units, v + i * units, v + i * units, inverse);
    }
    invert(units, inverse);
    for (size_t i = 0; i < inputs; i++) {
        scale_row(units, v + i * units, g, inverse, w + i * units);
    }
}

void snug_weight_norm_backward(size_t inputs, size_t units, const float *v, const float *g,
                               const float *inverse, const float *dw, float *p, float *dv,
                               float *dg) {
    memset(p, 0, units * sizeof *p);
    for (size_t i = 0; i < inputs; i++) {
        snug_add_products(units, dw + i * units, v + i * units, p);
    }
    for (size_t j = 0; j < units; j++) {
        p[j] *= inverse[j];
        dg[j] += p[j];
    }
    for (size_t i = 0; i < inputs; i++) {
        add_row(units, v + i * units, g, inverse, dw + i * units, p, dv + i * units);
    }
}
