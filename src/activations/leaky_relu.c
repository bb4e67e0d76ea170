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

/* p.a is the slope as float32, which must not round to 0: 0 times -infinity is NaN. */
static snug_elementwise parameters(const void *config) {
    float a = (float)((const leaky_relu_config *)config)->slope;
    return (snug_elementwise){.a = a > FLT_MIN ? a : FLT_MIN};
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

/* The sign of x alone decides, which is the same in float. */
SNUG_INLINE double exact(double x, snug_elementwise p) {
    return (double)slope((float)x, p);
}

SNUG_ELEMENTWISE(parameters, value, slope, y, exact);

const snug_activation_kind snug_activation_leaky_relu_kind = {
    .base = {.name = "leaky_relu",
             .summary = "leaky rectified linear unit: x for x > 0, slope x otherwise",
             .fields = fields,
             .config_size = sizeof(leaky_relu_config)},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
