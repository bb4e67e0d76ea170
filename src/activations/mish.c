/* Mish: x times the tanh of its softplus. */
#include <float.h>
#include <math.h>

#include "activations/elementwise.h"

/*
 * Misra 2019, "Mish: a self regularized non-monotonic activation function". With u = e^-abs(x),
 * tanh(log(1 + e^x)) is w / (w + 2 u^2) for w = 1 + 2 u where x > 0, and w / (w + 2) for w = u (u +
 * 2) otherwise.
 */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float root = snug_exp_negative(p.fused, -0.5F * fabsf(x)); /* of u: see silu.c */
    float u = root * root;
    float share = x > 0.0F ? 1.0F : root;
    float part = x > 0.0F ? snug_fma(p.fused, 2.0F, u, 1.0F) : root * (u + 2.0F); /* w / share */
    float rest = x > 0.0F ? 2.0F * u * u : 2.0F;
    float finite = x < -FLT_MAX ? -FLT_MAX : x; /* infinity times 0 is NaN */
    return (finite * share) * (part / snug_fma(p.fused, part, share, rest));
}

/* tanh + x (1 - tanh^2) sigmoid(x); the last two are 4 v (1 + u) / (w + rest)^2, v = u^2 or u. */
SNUG_INLINE float slope(float x, snug_elementwise p) {
    float u = snug_exp_negative(p.fused, -fabsf(x));
    float w = x > 0.0F ? snug_fma(p.fused, 2.0F, u, 1.0F) : u * (u + 2.0F);
    float rest = x > 0.0F ? 2.0F * u * u : 2.0F;
    float inverse = 1.0F / (w + rest);
    float near = x > 200.0F ? 200.0F : x;
    near = near < -200.0F ? -200.0F : near;
    float v = x > 0.0F ? u * u : u;
    return inverse * snug_fma(p.fused, near * (4.0F * v * (1.0F + u)), inverse, w);
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    double u = exp(-fabs(x));
    double w = x > 0.0 ? 1.0 + 2.0 * u : u * (u + 2.0);
    double rest = x > 0.0 ? 2.0 * u * u : 2.0;
    return x * (w / (w + rest));
}

static double wide_slope(double x, snug_wide p) {
    (void)p;
    double u = exp(-fabs(x));
    double w = x > 0.0 ? 1.0 + 2.0 * u : u * (u + 2.0);
    double rest = x > 0.0 ? 2.0 * u * u : 2.0;
    double inverse = 1.0 / (w + rest);
    double near = x > 1000.0 ? 1000.0 : x;
    near = near < -1000.0 ? -1000.0 : near;
    double v = x > 0.0 ? u * u : u;
    return inverse * (w + near * (4.0 * v * (1.0 + u)) * inverse);
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, x, wide_value, wide_slope);

/* As value() does, without infinity times 0. */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    snug_value share = snug_graph_unary(g, SNUG_TANH, snug_graph_unary(g, SNUG_SOFTPLUS, x));
    snug_value finite = snug_graph_clip(g, x, -(double)FLT_MAX, INFINITY);
    return snug_graph_binary(g, SNUG_MULTIPLY, finite, share);
}

const snug_activation_kind snug_activation_mish_kind = {
    .base = {.name = "mish", .summary = "x tanh(log(1 + e^x))"},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .init = "he_normal",
    .graph = graph};
