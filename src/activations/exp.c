/* The exponential function: e^x. The loss "poisson" has it as its output function. */
#include "activations/elementwise.h"

SNUG_INLINE float value(float x, snug_elementwise p) {
    return snug_expf(p.fused, x);
}

/* The function is its own derivative. */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    return y;
}

SNUG_INLINE double exact(double x, snug_elementwise p) {
    return (double)value((float)x, p);
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, exact);

const snug_activation_kind snug_activation_exp_kind = {
    .base = {.name = "exp", .summary = "exponential function: e^x"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative};
