/* A sigmoid of three straight lines. */
#include "activations/elementwise.h"
#include "kinds/field_macros.h"

typedef struct hard_sigmoid_config {
    int variant;
} hard_sigmoid_config;

static const char *const variants[] = {"relu6", "0.2", NULL};

static const snug_field fields[] = {
    SNUG_CHOICE_FIELD(
        hard_sigmoid_config, variant, 0, variants,
        "the slope: 1/6, as PyTorch and Keras 3 have it, or 0.2, as ONNX and Keras 2"),
    SNUG_FIELDS_END,
};

/* The slope, and where f begins to be 1: f(x) = a (x + b) between -b and b. */
static snug_elementwise parameters(const void *config) {
    const hard_sigmoid_config *c = config;
    return c->variant == 0 ? (snug_elementwise){.a = 1.0F / 6.0F, .b = 3.0F}
                           : (snug_elementwise){.a = 0.2F, .b = 2.5F};
}

SNUG_INLINE float value(float x, snug_elementwise p) {
    float inside = p.a * (x + p.b);
    inside = x <= -p.b ? 0.0F : inside;
    return x >= p.b ? 1.0F : inside;
}

SNUG_INLINE float slope(float x, snug_elementwise p) {
    float outside = x <= -p.b || x >= p.b ? 0.0F : x;
    return x > -p.b && x < p.b ? p.a : outside;
}

SNUG_INLINE double exact(double x, snug_elementwise p) {
    return (double)slope((float)x, p);
}

SNUG_ELEMENTWISE(parameters, value, slope, x, exact);

const snug_activation_kind snug_activation_hard_sigmoid_kind = {
    .base = {.name = "hard_sigmoid",
             .summary = "x / 6 + 1/2, or 0.2 x + 1/2, within [0, 1]",
             .fields = fields,
             .config_size = sizeof(hard_sigmoid_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "glorot_normal"};
