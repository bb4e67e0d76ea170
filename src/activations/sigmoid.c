/* The logistic function: 1 / (1 + e^-x). */
#include <float.h>
#include <math.h>

#include "activations/elementwise.h"

/* With e = e^-abs(x), which never overflows: 1 / (1 + e) for x > 0, e / (1 + e) otherwise. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    float e = snug_exp_negative(p.fused, -fabsf(x));
    return (x > 0.0F ? 1.0F : e) / (1.0F + e);
}

SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    return y * (1.0F - y);
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    double e = exp(-fabs(x));
    return (x > 0.0 ? 1.0 : e) / (1.0 + e);
}

/* e / (1 + e)^2. For large x, where f(x) rounds to 1 and 1 - f(x) to 0, this keeps its digits. */
static double wide_slope(double x, snug_wide p) {
    (void)p;
    double e = exp(-fabs(x));
    return e / ((1.0 + e) * (1.0 + e));
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, wide_value, wide_slope);

/*
 * The logit: log(y / (1 - y)). A probability that is rounded to 0 counts as the smallest normal
 * float, and one that is rounded to 1 as half a unit in the last place below it.
 */
static void inverse(const void *config, size_t rows, size_t columns, const double *y, float *x) {
    const double least = (double)FLT_MIN, rest = (double)FLT_EPSILON / 4;
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        double yes = y[i] < least ? least : y[i], no = 1 - y[i] < rest ? rest : 1 - y[i];
        x[i] = (float)(log(yes) - log(no));
    }
}

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_unary(g, SNUG_SIGMOID, x);
}

const snug_activation_kind snug_activation_sigmoid_kind = {
    .base = {.name = "sigmoid", .summary = "logistic function: 1 / (1 + e^-x)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .init = "glorot_normal",
    .inverse = inverse,
    .graph = graph};
