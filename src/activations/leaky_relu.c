/* Leaky ReLU: x for x > 0, slope x otherwise. */
#include <float.h>

#include <snug/kind.h>

#include "core/field_macros.h"
#include "math/simd.h"

SNUG_KERNEL(leaky_relu_forward, (size_t n, float slope, const float *x, float *y),
            (n, slope, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float leaked = slope * x[i];
        y[i] = x[i] > 0.0F ? x[i] : leaked;
    }
}

/* The slope is positive, so that the output's sign is the input's. NaN, which has none, stays. */
SNUG_KERNEL(leaky_relu_backward,
            (size_t n, float slope, const float *y, const float *dy, float *dx),
            (n, slope, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float leaked = y[i] <= 0.0F ? slope : y[i];
        dx[i] = dy[i] * (y[i] > 0.0F ? 1.0F : leaked);
    }
}

SNUG_KERNEL(leaky_relu_derivative, (size_t n, float slope, const float *x, float *dydx),
            (n, slope, x, dydx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float leaked = x[i] <= 0.0F ? slope : x[i];
        dydx[i] = x[i] > 0.0F ? 1.0F : leaked;
    }
}

typedef struct leaky_relu_config {
    double slope;
} leaky_relu_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(leaky_relu_config, slope, 0.01, SNUG_ABOVE_TO(0, 1), "slope for x <= 0"),
    SNUG_FIELDS_END,
};

/* As float32, which must not round to 0: 0 times -infinity is NaN. */
static float slope_of(const void *config) {
    float slope = (float)((const leaky_relu_config *)config)->slope;
    return slope > FLT_MIN ? slope : FLT_MIN;
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    leaky_relu_forward(rows * columns, slope_of(config), x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)x;
    leaky_relu_backward(rows * columns, slope_of(config), y, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    leaky_relu_derivative(n, slope_of(config), x, dydx);
}

const snug_activation_kind snug_activation_leaky_relu_kind = {
    .base = {.name = "leaky_relu",
             .summary = "leaky rectified linear unit: x for x > 0, slope x otherwise",
             .fields = fields,
             .config_size = sizeof(leaky_relu_config)},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
