/* Softsign: a sigmoid whose tails fall like 1 / x. */
#include <math.h>

#include "activations/elementwise.h"

/* A magnitude beyond which f is 1 in float; clamped to it, infinity does not become NaN. */
SNUG_INLINE float value(float x, snug_elementwise p) {
    (void)p;
    float size = fabsf(x);
    size = size > 1e30F ? 1e30F : size;
    return copysignf(size / (1.0F + size), x);
}

/* f' = 1 / (1 + abs(x))^2 = (1 - abs(y))^2 */
SNUG_INLINE float slope(float y, snug_elementwise p) {
    (void)p;
    float rest = 1.0F - fabsf(y);
    return rest * rest;
}

SNUG_INLINE double exact(double x, snug_elementwise p) {
    (void)p;
    double size = 1.0 + fabs(x);
    return 1.0 / (size * size);
}

SNUG_ELEMENTWISE(snug_no_parameters, value, slope, y, exact);

const snug_activation_kind snug_activation_softsign_kind = {
    .base = {.name = "softsign", .summary = "x / (1 + abs(x))"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "glorot_normal"};
