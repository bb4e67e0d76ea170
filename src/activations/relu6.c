/* ReLU that ends at 6. */
#include "activations/elementwise.h"

SNUG_INLINE float value(float x, snug_elementwise p) {
    (void)p;
    float positive = x <= 0.0F ? 0.0F : x;
    return positive > 6.0F ? 6.0F : positive;
}

SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    return y > 0.0F && y < 6.0F ? 1.0F : y * 0.0F;
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    double positive = x <= 0.0 ? 0.0 : x;
    return positive > 6.0 ? 6.0 : positive;
}

static double wide_slope(double x, snug_wide p) {
    (void)p;
    return x > 0.0 && x < 6.0 ? 1.0 : snug_no_slope(x);
}

static size_t kinks(const void *config, double *kinks) {
    (void)config;
    kinks[0] = 0.0;
    kinks[1] = 6.0;
    return 2;
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_clip(g, x, 0, 6);
}

const snug_activation_kind snug_activation_relu6_kind = {
    .base = {.name = "relu6", .summary = "min(max(x, 0), 6)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = kinks,
    .init = "he_normal",
    .graph = graph};
