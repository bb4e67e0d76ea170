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

static snug_elementwise parameters(const void *config) {
    const softplus_config *c = config;
    return (snug_elementwise){.a = (float)c->beta, .b = (float)c->threshold};
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

SNUG_INLINE double exact(double x, snug_elementwise p) {
    double u = (double)p.a * x;
    double e = snug_exp_negative_double(p.fused, -fabs(u));
    double soft = (u > 0.0 ? 1.0 : e) / (1.0 + e);
    return p.a * (float)x > p.b ? 1.0 : soft; /* the branch that value() takes */
}

SNUG_ELEMENTWISE(parameters, value, slope, x, exact);

const snug_activation_kind snug_activation_softplus_kind = {
    .base = {.name = "softplus",
             .summary = "log(1 + e^(beta x)) / beta; x where beta x is above the threshold",
             .fields = fields,
             .config_size = sizeof(softplus_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
