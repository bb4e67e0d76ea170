/* Softsign: a sigmoid whose tails fall like 1 / x. */
#include <math.h>

#include "activations/elementwise.h"

/* A magnitude beyond which f is 1 in float; clamped to it, infinity does not become NaN. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    (void)p;
    float size = fabsf(x);
    size = size > 1e30F ? 1e30F : size;
    return copysignf(size / (1.0F + size), x);
}

/* f' = 1 / (1 + abs(x))^2 = (1 - abs(y))^2 */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    float rest = 1.0F - fabsf(y);
    return rest * rest;
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    return x / (1.0 + fabs(x));
}

static double wide_slope(double x, snug_wide p) {
    (void)p;
    double share = 1.0 / (1.0 + fabs(x));
    return share * share;
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    snug_value finite = snug_graph_clip(g, x, -1e30, 1e30);
    snug_value size = snug_graph_unary(g, SNUG_ABS, finite);
    return snug_graph_binary(g, SNUG_DIVIDE, finite, snug_graph_add_number(g, size, 1));
}

const snug_activation_kind snug_activation_softsign_kind = {
    .base = {.name = "softsign", .summary = "x / (1 + abs(x))"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = snug_kink_at_zero,
    .init = "glorot_normal",
    .graph = graph};
