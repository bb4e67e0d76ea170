/* Leaky ReLU: x for x > 0, slope x otherwise. */
#include <float.h>

#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct leaky_relu_config {
    double slope;
} leaky_relu_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(leaky_relu_config, slope, 0.01, SNUG_ABOVE_TO(0, 1), "slope for x <= 0"),
    SNUG_FIELDS_END,
};

/* p.a is the slope, which must not round to 0 in float32: 0 times -infinity is NaN. */
static snug_wide parameters(const void *config) {
    double a = ((const leaky_relu_config *)config)->slope;
    return (snug_wide){.a = a > (double)FLT_MIN ? a : (double)FLT_MIN};
}

SNUG_INLINE float value(float x, snug_elementwise p) {
    float leaked = p.a * x;
    return x > 0.0F ? x : leaked;
}

/*
 * From y, because the factor is positive and y has the sign of x. NaN, which has no sign, stays.
 */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    float leaked = y <= 0.0F ? p.a : y;
    return y > 0.0F ? 1.0F : leaked;
}

static double wide_value(double x, snug_wide p) {
    return x > 0.0 ? x : p.a * x;
}

static double wide_slope(double x, snug_wide p) {
    double leaked = x <= 0.0 ? p.a : x; /* NaN stays */
    return x > 0.0 ? 1.0 : leaked;
}

SNUG_ELEMENTWISE(parameters, value, slope, y, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    return snug_graph_leaky_relu(g, x, parameters(config).a);
}

const snug_activation_kind snug_activation_leaky_relu_kind = {
    .base = {.name = "leaky_relu",
             .summary = "leaky rectified linear unit: x for x > 0, slope x otherwise",
             .fields = fields,
             .config_size = sizeof(leaky_relu_config)},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = snug_kink_at_zero,
    .init = "he_normal",
    .graph = graph};
