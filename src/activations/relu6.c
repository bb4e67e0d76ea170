/* ReLU that ends at 6. */
#include "activations/elementwise.h"

SNUG_INLINE float value(float x, snug_elementwise p) {
    (void)p;
    float positive = x <= 0.0F ? 0.0F : x;
    return positive > 6.0F ? 6.0F : positive;
}

SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    return y > 0.0F && y < 6.0F ? 1.0F : y * 0.0F;
}

SNUG_INLINE double exact(double x, snug_elementwise p) {
    return (double)slope(value((float)x, p), p);
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, exact);

const snug_activation_kind snug_activation_relu6_kind = {
    .base = {.name = "relu6", .summary = "min(max(x, 0), 6)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
