/* The logarithm of the hyperbolic cosine: a smooth relative of Huber's loss. */
#include <math.h>

#include <snug/loss.h>

#include "losses/elementwise.h"
#include "math/elementary.h"

/*
 * log(cosh(a)) for a >= 0, with u = e^(-2a): a + log(1 + u) - log(2), which never overflows. Below
 * 1/4 these terms cancel, and the series a^2/2 - a^4/12 + a^6/45 - 17 a^8/2520 + 31 a^10/14175 is
 * used, whose error is at most 2e-9.
 */
SNUG_INLINE float log_cosh(const bool fused, float a, float u) {
    float s = a < 0.25F ? a * a : 0.0F;
    float q = snug_fma(fused, s, 31.0F / 14175.0F, 17.0F / -2520.0F);
    q = snug_fma(fused, s, q, 1.0F / 45.0F);
    q = snug_fma(fused, s, q, 1.0F / -12.0F);
    q = snug_fma(fused, s, q, 0.5F);
    float far = snug_fma(fused, 2.0F, snug_half_log1p_unit(fused, u), -0x1.62e43p-1F);
    return a < 0.25F ? s * q : a + far;
}

/* log(cosh(e)) for e = z - t; its slope is tanh(e) = -m / (2 + m) with m = e^(-2 abs(e)) - 1. */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float error = z - t;
    float m = snug_expm1_negative(p.fused, -2.0F * fabsf(error));
    *slope = copysignf(m / (2.0F + m), error);
    return sum + (double)log_cosh(p.fused, fabsf(error), m + 1.0F);
}

SNUG_ELEMENTWISE_LOSS(snug_no_loss_parameters, add_loss, 1.0);

/* The product of an error and the slope there: about its square below 1, itself above. */
static double magnitude(const void *config, double error) {
    (void)config;
    return error * tanh(error);
}

const snug_loss_kind snug_loss_log_cosh_kind = {
    .base = {.name = "log_cosh", .summary = "the mean over the outputs of log(cosh(z - target))"},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate,
    .magnitude = magnitude};

snug_loss *snug_log_cosh(void) {
    return snug_loss_make("log_cosh", NULL);
}
