/* The exponential function. */
#include <snug/kind.h>

#include "math/elementary.h"

SNUG_KERNEL(exp_forward, (size_t n, const float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_expf(fused, x[i]);
    }
}

SNUG_KERNEL(exp_backward, (size_t n, const float *y, const float *dy, float *dx), (n, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dx[i] = dy[i] * y[i];
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    exp_forward(rows * columns, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    exp_backward(rows * columns, y, dy, dx);
}

/* It is its own derivative. */
static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    exp_forward(n, x, dydx);
}

const snug_activation_kind snug_activation_exp_kind = {
    .base = {.name = "exp", .summary = "exponential function: e^x"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative};
