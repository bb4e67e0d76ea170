/* The logarithm of the logistic function. */
#include <math.h>

#include "activations/elementwise.h"

/* min(x, 0) - log(1 + e^-abs(x)): neither overflows nor cancels. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float negative = x > 0.0F ? 0.0F : x;
    float half = snug_half_log1p_unit(p.fused, snug_exp_negative(p.fused, -fabsf(x)));
    return snug_fma(p.fused, -2.0F, half, negative);
}

/* f' = 1 - sigmoid(x) = 1 - e^y */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    return -snug_expm1_negative(p.fused, y);
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    return fmin(x, 0.0) - log1p(exp(-fabs(x)));
}

static double wide_slope(double x, snug_wide p) {
    (void)p;
    double e = exp(-fabs(x));
    return (x > 0.0 ? e : 1.0) / (1.0 + e);
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, wide_value, wide_slope);

/* -log(1 + e^-x) */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    snug_value soft = snug_graph_unary(g, SNUG_SOFTPLUS, snug_graph_unary(g, SNUG_NEGATE, x));
    return snug_graph_unary(g, SNUG_NEGATE, soft);
}

const snug_activation_kind snug_activation_log_sigmoid_kind = {
    .base = {.name = "log_sigmoid", .summary = "-log(1 + e^-x)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .init = "glorot_normal",
    .graph = graph};
