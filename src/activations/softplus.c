/* Softplus: a smooth ReLU. */
#include <math.h>

#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct softplus_config {
    double beta, threshold;
} softplus_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(softplus_config, beta, 1, SNUG_FROM_TO(1e-6, 1e6), "how sharp the bend is"),
    SNUG_REAL_FIELD(softplus_config, threshold, 20, SNUG_FROM_TO(0, 1e6),
                    "f(x) is x where beta x is above it"),
    SNUG_FIELDS_END,
};

static snug_wide parameters(const void *config) {
    const softplus_config *c = config;
    return (snug_wide){.a = c->beta, .b = c->threshold};
}

/* max(x, 0) + log(1 + e^-abs(beta x)) / beta: never overflows. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float positive = x < 0.0F ? 0.0F : x;
    float soft =
        positive + snug_log1p_unit(p.fused, snug_exp_negative(p.fused, -fabsf(p.a * x))) / p.a;
    return p.a * x > p.b ? x : soft;
}

/*
 * f' = sigmoid(beta x). From the input: below the threshold f(x) is above x, so that outputs just
 * above threshold / beta come from both branches.
 */
SNUG_INLINE float slope(float x, snug_elementwise p) {
    float u = p.a * x;
    float e = snug_exp_negative(p.fused, -fabsf(u));
    float soft = (u > 0.0F ? 1.0F : e) / (1.0F + e);
    return u > p.b ? 1.0F : soft;
}

static double wide_value(double x, snug_wide p) {
    double u = p.a * x;
    return u > p.b ? x : fmax(x, 0.0) + log1p(exp(-fabs(u))) / p.a;
}

static double wide_slope(double x, snug_wide p) {
    double u = p.a * x, e = exp(-fabs(u));
    double soft = (u > 0.0 ? 1.0 : e) / (1.0 + e);
    return u > p.b ? 1.0 : soft;
}

/* Where the threshold cuts log(1 + e^(beta x)), by less than e^-20 as it is set by default. */
static size_t kinks(const void *config, double *kinks) {
    snug_wide p = parameters(config);
    kinks[0] = p.b / p.a;
    return 1;
}

SNUG_ELEMENTWISE(parameters, value, slope, x, wide_value, wide_slope);

/* Adds max(x, 0) + log(1 + e^-abs(u)) / beta to a graph, for u = beta x. */
static snug_value scaled_graph(snug_graph *g, snug_value x, snug_value u, double beta) {
    snug_value size = snug_graph_unary(g, SNUG_NEGATE, snug_graph_unary(g, SNUG_ABS, u));
    snug_value rest = snug_graph_unary(g, SNUG_SOFTPLUS, size);
    return snug_graph_binary(g, SNUG_ADD, snug_graph_leaky_relu(g, x, 0),
                             snug_graph_multiply_number(g, rest, 1 / beta));
}

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const snug_wide p = parameters(config);
    const double agrees = 17; /* from here on, floats do not see which branch is taken */
    snug_value u = p.a == 1 ? x : snug_graph_multiply_number(g, x, p.a);
    snug_value soft = p.a == 1 ? snug_graph_unary(g, SNUG_SOFTPLUS, x) : scaled_graph(g, x, u, p.a);
    if (p.b >= agrees) {
        return soft;
    }
    const float threshold = (float)p.b;
    snug_value above =
        snug_graph_binary(g, SNUG_GREATER, u, snug_graph_constant(g, 1, 1, &threshold));
    return snug_graph_select(g, above, x, soft);
}

const snug_activation_kind snug_activation_softplus_kind = {
    .base = {.name = "softplus",
             .summary = "log(1 + e^(beta x)) / beta; x where beta x is above the threshold",
             .fields = fields,
             .config_size = sizeof(softplus_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = kinks,
    .init = "he_normal",
    .graph = graph};
