/* The identity between two limits. */
#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct hard_tanh_config {
    double min, max;
} hard_tanh_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(hard_tanh_config, min, -1, SNUG_FROM_TO(-1e6, 1e6), "lower limit"),
    SNUG_REAL_FIELD(hard_tanh_config, max, 1, SNUG_FROM_TO(-1e6, 1e6), "upper limit"),
    SNUG_FIELDS_END,
};

static const char *check_limits(const void *config) {
    const hard_tanh_config *c = config;
    return (float)c->min < (float)c->max ? NULL : "min must be below max";
}

static snug_wide parameters(const void *config) {
    const hard_tanh_config *c = config;
    return (snug_wide){.a = c->min, .b = c->max};
}

SNUG_INLINE float value(float x, snug_elementwise p) {
    float above = x < p.a ? p.a : x;
    return above > p.b ? p.b : above;
}

SNUG_INLINE float slope(float y, snug_elementwise p) {
    return y > p.a && y < p.b ? 1.0F : y * 0.0F;
}

static double wide_value(double x, snug_wide p) {
    double above = x < p.a ? p.a : x;
    return above > p.b ? p.b : above;
}

static double wide_slope(double x, snug_wide p) {
    return x > p.a && x < p.b ? 1.0 : snug_no_slope(x);
}

static size_t kinks(const void *config, double *kinks) {
    snug_wide p = parameters(config);
    kinks[0] = p.a;
    kinks[1] = p.b;
    return 2;
}

SNUG_ELEMENTWISE(parameters, value, slope, y, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const snug_wide p = parameters(config);
    return snug_graph_clip(g, x, p.a, p.b);
}

const snug_activation_kind snug_activation_hard_tanh_kind = {
    .base = {.name = "hard_tanh",
             .summary = "x within [min, max]",
             .fields = fields,
             .config_size = sizeof(hard_tanh_config),
             .check = check_limits},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = kinks,
    .init = "glorot_normal",
    .graph = graph};
