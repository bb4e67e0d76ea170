#include <math.h>

#include "math/simd.h"
#include "math/vector.h"

SNUG_KERNEL(sum_squares, (size_t n, const float *x, double *sum), (n, x, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        total = snug_fma_double(fused, (double)x[i], (double)x[i], total);
    }
    *sum = total;
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

SNUG_KERNEL(blend, (size_t n, float share, const float *x, float *mean), (n, share, x, mean)) {
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

double snug_norm(size_t n, const float *x) {
    double sum = 0.0;
    sum_squares(n, x, &sum);
    return sqrt(sum);
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
    blend(n, share, x, mean);
}

void snug_swap(size_t n, float *x, float *y) {
    swap(n, x, y);
}
