/* x times the hard sigmoid. */
#include <math.h>

#include "activations/elementwise.h"

/* Howard et al. 2019, "Searching for MobileNetV3": x relu6(x + 3) / 6. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    (void)p;
    float near = x < -3.0F ? -3.0F : x; /* infinity times 0 is NaN */
    float inside = near * ((near + 3.0F) * (1.0F / 6.0F));
    return x >= 3.0F ? x : inside;
}

SNUG_INLINE float slope(float x, snug_elementwise p) {
    (void)p;
    float inside = (x + 1.5F) * (1.0F / 3.0F);
    inside = x <= -3.0F ? 0.0F : inside;
    return x >= 3.0F ? 1.0F : inside;
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    double inside = x <= -3.0 ? 0.0 : x * (x + 3.0) / 6.0;
    return x >= 3.0 ? x : inside;
}

static double wide_slope(double x, snug_wide p) {
    (void)p;
    double inside = x <= -3.0 ? 0.0 : (x + 1.5) / 3.0;
    return x >= 3.0 ? 1.0 : inside;
}

static size_t kinks(const void *config, double *kinks) {
    (void)config;
    kinks[0] = -3.0;
    kinks[1] = 3.0;
    return 2;
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, x, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    snug_value share = snug_graph_multiply_number(g, snug_graph_add_number(g, x, 3), 1.0 / 6.0);
    snug_value near = snug_graph_clip(g, x, -3, INFINITY); /* infinity times 0 is NaN */
    return snug_graph_binary(g, SNUG_MULTIPLY, near, snug_graph_clip(g, share, 0, 1));
}

const snug_activation_kind snug_activation_hard_swish_kind = {
    .base = {.name = "hard_swish", .summary = "x relu6(x + 3) / 6"},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = kinks,
    .init = "he_normal",
    .graph = graph};
