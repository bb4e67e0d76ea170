/* The logistic function. */
#include <math.h>

#include <snug/kind.h>

#include "math/elementary.h"

/* With e = e^(-abs(x)), which never overflows: 1 / (1 + e) for x > 0, e / (1 + e) otherwise. */
SNUG_KERNEL(sigmoid_forward, (size_t n, const float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float e = snug_exp_negative(fused, -fabsf(x[i]));
        y[i] = (x[i] > 0.0F ? 1.0F : e) / (1.0F + e);
    }
}

SNUG_KERNEL(sigmoid_backward, (size_t n, const float *y, const float *dy, float *dx),
            (n, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dx[i] = dy[i] * (y[i] * (1.0F - y[i]));
    }
}

/* e / (1 + e)^2 keeps its digits where 1 - f(x) has none. */
SNUG_KERNEL(sigmoid_derivative, (size_t n, const float *x, float *dydx), (n, x, dydx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        double e = snug_exp_negative_double(fused, -fabs((double)x[i]));
        dydx[i] = (float)(e / ((1.0 + e) * (1.0 + e)));
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    sigmoid_forward(rows * columns, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    sigmoid_backward(rows * columns, y, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    sigmoid_derivative(n, x, dydx);
}

const snug_activation_kind snug_activation_sigmoid_kind = {
    .base = {.name = "sigmoid", .summary = "logistic function: 1 / (1 + e^-x)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "glorot_normal"};
