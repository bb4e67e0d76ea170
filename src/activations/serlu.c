/*
 * SERLU (Zhang and Li 2018, "Effectiveness of scaled exponentially-regularized linear units",
 * arXiv 1807.10117): scale x for x >= 0, scale alpha x e^x otherwise. The defaults of alpha and
 * scale give mean 0 and variance 1 for standard normal x.
 */
#include <math.h>

#include "activations/elementwise.h"
#include "kinds/field_macros.h"

/* Where alpha x e^x is 0 in float32; beyond it infinity times 0 would be NaN. */
#define END (-200)

typedef struct serlu_config {
    double alpha, scale;
} serlu_config;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(serlu_config, alpha, 2.9042712333296918, SNUG_FROM_TO(1e-6, 1e6),
                    "slope of f(x) / scale for x from below to 0"),
    SNUG_REAL_FIELD(serlu_config, scale, 1.0786182835772267, SNUG_FROM_TO(1e-6, 1e6),
                    "slope for x >= 0"),
    SNUG_FIELDS_END,
};

/* p.a is the slope for x >= 0, p.b that at 0 from below. */
static snug_wide parameters(const void *config) {
    const serlu_config *c = config;
    return (snug_wide){.a = c->scale, .b = c->scale * c->alpha};
}

/* e^x is multiplied as the square of its root, which has all digits where e^x is denormal. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float near = snug_max_keep_nan(x, (float)END);
    float root = snug_exp_negative(p.fused, -0.5F * fabsf(near));
    return x >= 0.0F ? p.a * x : (near * root) * (p.b * root);
}

/* scale alpha (1 + x) e^x for x < 0 */
SNUG_INLINE float slope(float x, snug_elementwise p) {
    float near = snug_max_keep_nan(x, (float)END);
    float root = snug_exp_negative(p.fused, -0.5F * fabsf(near));
    return x >= 0.0F ? p.a : ((1.0F + near) * root) * (p.b * root);
}

static double wide_value(double x, snug_wide p) {
    return x >= 0.0 ? p.a * x : p.b * x * exp(x);
}

static double wide_slope(double x, snug_wide p) {
    double near = x < -800.0 ? -800.0 : x; /* e^x is 0, and infinity times 0 NaN */
    return x >= 0.0 ? p.a : p.b * (1.0 + near) * exp(near);
}

SNUG_ELEMENTWISE(parameters, value, slope, x, wide_value, wide_slope);

/* p.a max(x, 0) + p.b n e^n with n = min(x, 0) */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    const snug_wide p = parameters(config);
    snug_value near = snug_graph_clip(g, x, END, 0);
    snug_value negative =
        snug_graph_binary(g, SNUG_MULTIPLY, near, snug_graph_unary(g, SNUG_EXP, near));
    snug_value positive = snug_graph_leaky_relu(g, x, 0);
    return snug_graph_binary(g, SNUG_ADD, snug_graph_multiply_number(g, positive, p.a),
                             snug_graph_multiply_number(g, negative, p.b));
}

const snug_activation_kind snug_activation_serlu_kind = {
    .base = {.name = "serlu",
             .summary = "scaled exponentially regularized linear unit: scale x for x >= 0, scale "
                        "alpha x e^x otherwise; the defaults keep mean 0 and variance 1",
             .fields = fields,
             .config_size = sizeof(serlu_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .kinks = snug_kink_at_zero,
    .init = "lecun_normal",
    .self_normalizing = true,
    .graph = graph};
