/* ReLU: max(x, 0). */
#include "activations/elementwise.h"

/* NaN is neither below nor above 0; the comparisons here are written so that it stays NaN. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    (void)p;
    return x < 0.0F ? 0.0F : x;
}

/*
 * dy where y > 0, 0 where it is 0. A choice and not a product: 0 times a dy that is infinite would
 * be NaN.
 */
SNUG_INLINE float gradient(float dy, float y, snug_elementwise p) {
    (void)p;
    float blocked = y <= 0.0F ? 0.0F : y;
    return y > 0.0F ? dy : blocked;
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    return x < 0.0 ? 0.0 : x;
}

static double wide_slope(double x, snug_wide p) {
    (void)p;
    return x > 0.0 ? 1.0 : snug_no_slope(x);
}

SNUG_ELEMENTWISE_GRADIENT(snug_no_parameters, value, gradient, y, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_leaky_relu(g, x, 0);
}

const snug_activation_kind snug_activation_relu_kind = {
    .base = {.name = "relu", .summary = "rectified linear unit: max(x, 0)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = snug_kink_at_zero,
    .init = "he_normal",
    .graph = graph};
