/* SiLU, also called swish: x times its sigmoid. */
#include <float.h>
#include <math.h>

#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct silu_config {
    double beta;
} silu_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(silu_config, beta, 1, SNUG_FROM_TO(1e-6, 1e6),
                    "factor on the sigmoid's x; 1 is SiLU"),
    SNUG_FIELDS_END,
};

static snug_wide parameters(const void *config) {
    const silu_config *c = config;
    return (snug_wide){.a = c->beta};
}

/*
 * e^-abs(beta x) as a square: where that is denormal its root, and so x times it, has all digits.
 */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float root = snug_exp_negative(p.fused, -0.5F * fabsf(p.a * x));
    float finite = x < -FLT_MAX ? -FLT_MAX : x; /* infinity times 0 is NaN */
    float share = x > 0.0F ? 1.0F : root;
    return (finite * share) * (share / snug_fma(p.fused, root, root, 1.0F));
}

/* s + beta x s (1 - s) for the sigmoid s of beta x; s (1 - s) = e / (1 + e)^2 */
SNUG_INLINE float slope(float x, snug_elementwise p) {
    float u = p.a * x;
    float e = snug_exp_negative(p.fused, -fabsf(u));
    float inverse = 1.0F / (1.0F + e);
    float near = u > 200.0F ? 200.0F : u;
    near = near < -200.0F ? -200.0F : near;
    return inverse * snug_fma(p.fused, near, e * inverse, x > 0.0F ? 1.0F : e);
}

static double wide_value(double x, snug_wide p) {
    double u = p.a * x, e = exp(-fabs(u));
    return x * ((x > 0.0 ? 1.0 : e) / (1.0 + e));
}

static double wide_slope(double x, snug_wide p) {
    double u = p.a * x, e = exp(-fabs(u));
    double inverse = 1.0 / (1.0 + e);
    double near = u > 1000.0 ? 1000.0 : u;
    near = near < -1000.0 ? -1000.0 : near;
    return inverse * ((x > 0.0 ? 1.0 : e) + near * (e * inverse));
}

SNUG_ELEMENTWISE(parameters, value, slope, x, wide_value, wide_slope);

/* As value() does, without infinity times 0. */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const double beta = parameters(config).a;
    snug_value scaled = beta == 1 ? x : snug_graph_multiply_number(g, x, beta);
    snug_value finite = snug_graph_clip(g, x, -(double)FLT_MAX, INFINITY);
    return snug_graph_binary(g, SNUG_MULTIPLY, finite, snug_graph_unary(g, SNUG_SIGMOID, scaled));
}

const snug_activation_kind snug_activation_silu_kind = {
    .base = {.name = "silu",
             .summary = "x / (1 + e^(-beta x)), also called swish",
             .fields = fields,
             .config_size = sizeof(silu_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .init = "he_normal",
    .graph = graph};
