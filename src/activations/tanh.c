/* Hyperbolic tangent. */
#include <math.h>

#include "activations/elementwise.h"

/*
 * tanh(abs(x)) = -t / (2 + t) with t = e^(-2 abs(x)) - 1. For small x, t has all its digits, and so
 * has the quotient; e^(-2 abs(x)) itself would have lost them next to 1.
 */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float t = snug_expm1_negative(p.fused, -2.0F * fabsf(x));
    return copysignf(t / (2.0F + t), x);
}

/* f' = 1 - f^2 */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    return snug_fma(p.fused, -y, y, 1.0F);
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    return tanh(x);
}

/* 1 - tanh(x)^2 = 4 e / (1 + e)^2 with e = e^(-2 abs(x)), which keeps its digits for large x. */
static double wide_slope(double x, snug_wide p) {
    (void)p;
    double e = exp(-2.0 * fabs(x));
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_unary(g, SNUG_TANH, x);
}

const snug_activation_kind snug_activation_tanh_kind = {
    .base = {.name = "tanh", .summary = "hyperbolic tangent: (e^x - e^-x) / (e^x + e^-x)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .init = "glorot_normal",
    .graph = graph};
