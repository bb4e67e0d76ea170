/* The exponential function: e^x. The loss "poisson" has it as its output function. */
#include <float.h>
#include <math.h>

#include "activations/elementwise.h"

SNUG_INLINE float value(float x, snug_elementwise p) {
    return snug_expf(p.fused, x);
}

/* The function is its own derivative. */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    return y;
}

static double wide_value(double x, snug_wide p) {
    (void)p;
    return exp(x);
}

static double wide_slope(double x, snug_wide p) {
    return wide_value(x, p);
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, wide_value, wide_slope);

/* The logarithm, of the smallest normal float where a value has become 0. */
static void inverse(const void *config, size_t rows, size_t columns, const double *y, float *x) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        x[i] = (float)log(y[i] < (double)FLT_MIN ? (double)FLT_MIN : y[i]);
    }
}

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_unary(g, SNUG_EXP, x);
}

const snug_activation_kind snug_activation_exp_kind = {
    .base = {.name = "exp", .summary = "exponential function: e^x"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .inverse = inverse,
    .graph = graph};
