/* The logarithm of the hyperbolic cosine: a smooth relative of Huber's loss. */
#include <math.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "math/elementary.h"

/*
 * log(cosh(a)) for a >= 0, with u = e^(-2a): a + log(1 + u) - log(2), which never overflows. Below
 * 1/4 these terms cancel, and the series a^2/2 - a^4/12 + a^6/45 - 17 a^8/2520 + 31 a^10/14175
 * takes their place, exact to 2e-9.
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

/* *sum = sum of log(cosh(z - t)); dz = factor * tanh(z - t), unless dz is NULL. */
SNUG_KERNEL(log_cosh_errors,
            (size_t n, const float *z, const float *t, float factor, float *dz, double *sum),
            (n, z, t, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float error = z[i] - t[i];
        float m = snug_expm1_negative(fused, -2.0F * fabsf(error));
        total += (double)log_cosh(fused, fabsf(error), m + 1.0F);
        if (dz != NULL) {
            dz[i] = factor * copysignf(m / (2.0F + m), error);
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    double sum;
    (void)config;
    log_cosh_errors(rows * outputs, z, targets->values, (float)(scale / (double)outputs), dz, &sum);
    return sum / (double)outputs;
}

const snug_loss_kind snug_loss_log_cosh_kind = {
    .base = {.name = "log_cosh", .summary = "the mean over the outputs of log(cosh(z - target))"},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate};

snug_loss *snug_log_cosh(void) {
    return snug_loss_make("log_cosh", NULL);
}
