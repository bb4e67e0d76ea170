/*
 * Each function is a kernel (SNUG_KERNEL, cpu/simd.h), compiled for each CPU path, and a plain
 * function around it that other files can call.
 */
#include <math.h>

#include "math/vector.h"

SNUG_KERNEL(dot, (size_t n, const float *a, const float *b, double *sum), (n, a, b, sum)) {
    *sum = snug_dot_body(fused, n, a, b);
}

SNUG_KERNEL(add_products, (size_t n, const float *a, const float *b, float *sums),
            (n, a, b, sums)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        sums[i] = snug_fma(fused, a[i], b[i], sums[i]);
    }
}

SNUG_KERNEL(affine, (size_t n, const float *x, const float *weight, const float *bias, float *y),
            (n, x, weight, bias, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_fma(fused, x[i], weight[i], bias[i]);
    }
}

SNUG_KERNEL(scale_columns,
            (size_t rows, size_t columns, const float *factors, const float *x, float *y),
            (rows, columns, factors, x, y)) {
    for (size_t i = 0; i < rows; i++, x += columns, y += columns) {
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            y[j] = factors[j] * x[j];
        }
    }
}

SNUG_KERNEL(scale, (size_t n, float factor, float *x), (n, factor, x)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        x[i] *= factor;
    }
}

SNUG_KERNEL(add_to_totals, (size_t n, const float *x, double *totals), (n, x, totals)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        totals[i] += (double)x[i];
    }
}

SNUG_KERNEL(add_totals, (size_t n, const double *totals, float *x), (n, totals, x)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        x[i] = (float)(totals[i] + (double)x[i]);
    }
}

SNUG_KERNEL(clamp, (size_t n, float limit, float *x), (n, limit, x)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        x[i] = x[i] > limit ? limit : x[i] < -limit ? -limit : x[i];
    }
}

SNUG_KERNEL(lerp, (size_t n, float share, const float *x, float *mean), (n, share, x, mean)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        mean[i] = snug_fma(fused, share, x[i] - mean[i], mean[i]);
    }
}

SNUG_KERNEL(swap, (size_t n, float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float kept = x[i];
        x[i] = y[i];
        y[i] = kept;
    }
}

double snug_dot(size_t n, const float *a, const float *b) {
    double sum;
    dot(n, a, b, &sum);
    return sum;
}

double snug_norm(size_t n, const float *x) {
    return sqrt(snug_dot(n, x, x));
}

/* A plain loop: a comparison that skips NaN does not vectorize, and this is called once a pass. */
double snug_largest_absolute(size_t n, const float *x) {
    float largest = 0.0F;
    for (size_t i = 0; i < n; i++) {
        float size = fabsf(x[i]);
        largest = size > largest ? size : largest;
    }
    return (double)largest;
}

void snug_add_products(size_t n, const float *a, const float *b, float *sums) {
    add_products(n, a, b, sums);
}

void snug_affine(size_t n, const float *x, const float *weight, const float *bias, float *y) {
    affine(n, x, weight, bias, y);
}

void snug_scale_columns(size_t rows, size_t columns, const float *factors, const float *x,
                        float *y) {
    scale_columns(rows, columns, factors, x, y);
}

void snug_scale(size_t n, float factor, float *x) {
    scale(n, factor, x);
}

void snug_add_to_totals(size_t n, const float *x, double *totals) {
    add_to_totals(n, x, totals);
}

void snug_add_totals(size_t n, const double *totals, float *x) {
    add_totals(n, totals, x);
}

void snug_clamp(size_t n, float limit, float *x) {
    clamp(n, limit, x);
}

void snug_lerp(size_t n, float share, const float *x, float *mean) {
    lerp(n, share, x, mean);
}

void snug_swap(size_t n, float *x, float *y) {
    swap(n, x, y);
}
