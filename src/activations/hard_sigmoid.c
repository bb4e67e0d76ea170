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
static snug_wide parameters(const void *config) {
    const hard_sigmoid_config *c = config;
    return c->variant == 0 ? (snug_wide){.a = 1.0 / 6.0, .b = 3.0}
                           : (snug_wide){.a = 0.2, .b = 2.5};
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

static double wide_value(double x, snug_wide p) {
    double inside = p.a * (x + p.b);
    inside = x <= -p.b ? 0.0 : inside;
    return x >= p.b ? 1.0 : inside;
}

static double wide_slope(double x, snug_wide p) {
    return x > -p.b && x < p.b ? p.a : snug_no_slope(x);
}

static size_t kinks(const void *config, double *kinks) {
    snug_wide p = parameters(config);
    kinks[0] = -p.b;
    kinks[1] = p.b;
    return 2;
}

SNUG_ELEMENTWISE(parameters, value, slope, x, wide_value, wide_slope);

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const snug_wide p = parameters(config);
    snug_value line = snug_graph_multiply_number(g, snug_graph_add_number(g, x, p.b), p.a);
    return snug_graph_clip(g, line, 0, 1);
}

const snug_activation_kind snug_activation_hard_sigmoid_kind = {
    .base = {.name = "hard_sigmoid",
             .summary = "x / 6 + 1/2, or 0.2 x + 1/2, within [0, 1]",
             .fields = fields,
             .config_size = sizeof(hard_sigmoid_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = kinks,
    .init = "glorot_normal",
    .graph = graph};
