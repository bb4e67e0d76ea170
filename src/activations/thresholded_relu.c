/* ReLU with a threshold: x above it, 0 up to it. */
#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct threshold_config {
    double theta;
} threshold_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(threshold_config, theta, 1, SNUG_FROM_TO(0, 1e6), "the threshold"),
    SNUG_FIELDS_END,
};

static snug_wide parameters(const void *config) {
    const threshold_config *c = config;
    return (snug_wide){.a = c->theta};
}

SNUG_INLINE float value(float x, snug_elementwise p) {
    return x <= p.a ? 0.0F : x;
}

/* What passes is above theta, and that is not negative. */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    return y > 0.0F ? 1.0F : y;
}

static double wide_value(double x, snug_wide p) {
    return x <= p.a ? 0.0 : x;
}

static double wide_slope(double x, snug_wide p) {
    return x > p.a ? 1.0 : snug_no_slope(x);
}

static size_t kinks(const void *config, double *kinks) {
    snug_wide p = parameters(config);
    kinks[0] = p.a;
    return 1;
}

SNUG_ELEMENTWISE(parameters, value, slope, y, wide_value, wide_slope);

/* Clipped between 0 and 0, NaN stays. */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const float theta = (float)parameters(config).a;
    snug_value above = snug_graph_binary(g, SNUG_GREATER, x, snug_graph_constant(g, 1, 1, &theta));
    return snug_graph_select(g, above, x, snug_graph_clip(g, x, 0, 0));
}

const snug_activation_kind snug_activation_thresholded_relu_kind = {
    .base = {.name = "thresholded_relu",
             .summary = "x for x > theta, 0 otherwise",
             .fields = fields,
             .config_size = sizeof(threshold_config)},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = kinks,
    .init = "he_normal",
    .graph = graph};
