/*
 * CELU: an ELU whose slope is continuous at 0 for any alpha. Barron 2017, "Continuously
 * differentiable exponential linear units".
 */
#include <float.h>
#include <math.h>

#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct celu_config {
    double alpha;
} celu_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(celu_config, alpha, 1, SNUG_ABOVE_TO(0, 1e6),
                    "minus the limit of the function for x to -infinity"),
    SNUG_FIELDS_END,
};

/* p.a is alpha; x is divided by it, so that it must not round to 0 in float32. */
static snug_wide parameters(const void *config) {
    double alpha = ((const celu_config *)config)->alpha;
    return (snug_wide){.a = fmax(alpha, (double)FLT_MIN)};
}

SNUG_INLINE float value(float x, snug_elementwise p) {
    float negative = p.a * snug_expm1_where_negative(p.fused, x / p.a);
    return x <= 0.0F ? negative : x; /* NaN stays */
}

/* For x <= 0 the derivative e^(x / alpha) is f(x) / alpha + 1. */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    float negative = y / p.a + 1.0F;
    return y > 0.0F ? 1.0F : negative;
}

static double wide_value(double x, snug_wide p) {
    return x <= 0.0 ? p.a * expm1(x / p.a) : x; /* NaN stays */
}

static double wide_slope(double x, snug_wide p) {
    return x > 0.0 ? 1.0 : exp(x / p.a);
}

SNUG_ELEMENTWISE(parameters, value, slope, y, wide_value, wide_slope);

/* max(x, 0) + alpha (e^(min(x, 0) / alpha) - 1). A positive x is not divided: it could overflow. */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const double alpha = parameters(config).a;
    snug_value negative = snug_graph_clip(g, x, -INFINITY, 0);
    snug_value scaled = snug_graph_multiply_number(g, negative, 1 / alpha);
    return snug_graph_binary(g, SNUG_ADD, snug_graph_leaky_relu(g, x, 0),
                             snug_graph_elu(g, scaled, 1, alpha));
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
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = snug_kink_at_zero,
    .init = "he_normal",
    .graph = graph};
