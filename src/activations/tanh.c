/* Hyperbolic tangent. */
#include <math.h>

#include <snug/kind.h>

#include "math/elementary.h"

/*
 * tanh(abs(x)) = -t / (2 + t) with t = e^(-2 abs(x)) - 1, exact to the last bits for small x too.
 */
SNUG_KERNEL(tanh_forward, (size_t n, const float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float t = snug_expm1_negative(fused, -2.0F * fabsf(x[i]));
        y[i] = copysignf(t / (2.0F + t), x[i]);
    }
}

SNUG_KERNEL(tanh_backward, (size_t n, const float *y, const float *dy, float *dx), (n, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dx[i] = dy[i] * snug_fma(fused, -y[i], y[i], 1.0F);
    }
}

/* 1 - tanh(x)^2 = 4 e / (1 + e)^2 with e = e^(-2 abs(x)), which keeps its digits for large x. */
SNUG_KERNEL(tanh_derivative, (size_t n, const float *x, float *dydx), (n, x, dydx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double e = snug_exp_negative_double(fused, -2.0 * fabs((double)x[i]));
        dydx[i] = (float)(4.0 * e / ((1.0 + e) * (1.0 + e)));
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    tanh_forward(rows * columns, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    tanh_backward(rows * columns, y, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    tanh_derivative(n, x, dydx);
}

const snug_activation_kind snug_activation_tanh_kind = {
    .base = {.name = "tanh", .summary = "hyperbolic tangent: (e^x - e^-x) / (e^x + e^-x)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "glorot_normal"};
