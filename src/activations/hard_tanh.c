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

static snug_elementwise parameters(const void *config) {
    const hard_tanh_config *c = config;
    return (snug_elementwise){.a = (float)c->min, .b = (float)c->max};
}

SNUG_INLINE float value(float x, snug_elementwise p) {
    float above = x < p.a ? p.a : x;
    return above > p.b ? p.b : above;
}

SNUG_INLINE float slope(float y, snug_elementwise p) {
    return y > p.a && y < p.b ? 1.0F : y * 0.0F;
}

SNUG_INLINE double exact(double x, snug_elementwise p) {
    return (double)slope(value((float)x, p), p);
}

SNUG_ELEMENTWISE(parameters, value, slope, y, exact);

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
    .init = "glorot_normal"};
