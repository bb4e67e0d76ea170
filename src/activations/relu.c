/* ReLU: max(x, 0). */
#include <snug/kind.h>

#include "math/simd.h"

/* Comparisons are with NaN in mind: it is neither below nor above 0 and comes through. */
SNUG_KERNEL(relu_forward, (size_t n, const float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = x[i] < 0.0F ? 0.0F : x[i];
    }
}

SNUG_KERNEL(relu_backward, (size_t n, const float *y, const float *dy, float *dx), (n, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float passed = dy[i];
        float blocked = y[i] <= 0.0F ? 0.0F : y[i];
        dx[i] = y[i] > 0.0F ? passed : blocked;
    }
}

SNUG_KERNEL(relu_derivative, (size_t n, const float *x, float *dydx), (n, x, dydx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float blocked = x[i] <= 0.0F ? 0.0F : x[i];
        dydx[i] = x[i] > 0.0F ? 1.0F : blocked;
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    relu_forward(rows * columns, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    relu_backward(rows * columns, y, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    relu_derivative(n, x, dydx);
}

const snug_activation_kind snug_activation_relu_kind = {
    .base = {.name = "relu", .summary = "rectified linear unit: max(x, 0)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
