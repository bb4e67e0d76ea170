/* CELU: an ELU whose slope is continuous at 0 for any alpha. */
#include <float.h>

#include <snug/kind.h>

#include "core/field_macros.h"
#include "math/elementary.h"

SNUG_KERNEL(celu_forward, (size_t n, float alpha, const float *x, float *y), (n, alpha, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float negative = alpha * snug_expm1_where_negative(fused, x[i] / alpha);
        y[i] = x[i] <= 0.0F ? negative : x[i]; /* NaN stays */
    }
}

/* For x <= 0 the derivative e^(x / alpha) is f(x) / alpha + 1. */
SNUG_KERNEL(celu_backward, (size_t n, float alpha, const float *y, const float *dy, float *dx),
            (n, alpha, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float negative = y[i] / alpha + 1.0F;
        dx[i] = dy[i] * (y[i] > 0.0F ? 1.0F : negative);
    }
}

SNUG_KERNEL(celu_derivative, (size_t n, double alpha, const float *x, float *dydx),
            (n, alpha, x, dydx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dydx[i] = (float)snug_exp_negative_double(fused, (double)x[i] / alpha);
    }
}

typedef struct celu_config {
    double alpha;
} celu_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(celu_config, alpha, 1, SNUG_ABOVE_TO(0, 1e6),
                    "minus the limit of the function for x to -infinity"),
    SNUG_FIELDS_END,
};

/* As float32, which must not round to the 0 that x is never divided by. */
static float alpha_of(const void *config) {
    float alpha = (float)((const celu_config *)config)->alpha;
    return alpha > FLT_MIN ? alpha : FLT_MIN;
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    celu_forward(rows * columns, alpha_of(config), x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)x;
    celu_backward(rows * columns, alpha_of(config), y, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    celu_derivative(n, (double)alpha_of(config), x, dydx);
}

const snug_activation_kind snug_activation_celu_kind = {
    .base = {.name = "celu",
             .summary = "continuously differentiable exponential linear unit: x for x > 0, "
                        "alpha (e^(x / alpha) - 1) otherwise",
             .fields = fields,
             .config_size = sizeof(celu_config)},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
