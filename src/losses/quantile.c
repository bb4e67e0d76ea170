/* The quantile (pinball) loss: its minimum is a quantile of the targets, not their mean. */
#include <stddef.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "core/field_macros.h"
#include "math/simd.h"

typedef struct quantile {
    double tau;
} quantile;

/*
 * With e = z - t: *sum = sum of (1 - tau) e for e > 0 and -tau e otherwise; dz = factor times the
 * slope, which is 0 at 0, unless dz is NULL. Koenker and Bassett 1978, "Regression quantiles".
 */
SNUG_KERNEL(pinball_errors,
            (size_t n, const float *z, const float *t, float tau, float factor, float *dz,
             double *sum),
            (n, z, t, tau, factor, dz, sum)) {
    double total = 0.0;
    float above = 1.0F - tau;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float error = z[i] - t[i];
        float slope = error < 0.0F ? -tau : error; /* 0 and NaN stay */
        slope = error > 0.0F ? above : slope;
        total = snug_fma_double(fused, (double)slope, (double)error, total);
        if (dz != NULL) {
            dz[i] = factor * slope;
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    const quantile *q = config;
    double sum;
    pinball_errors(rows * outputs, z, targets->values, (float)q->tau,
                   (float)(scale / (double)outputs), dz, &sum);
    return sum / (double)outputs;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(quantile, tau, 0.5, SNUG_ABOVE_BELOW(0, 1),
                    "which quantile the outputs learn: 0.5 is the median"),
    SNUG_FIELDS_END,
};

const snug_loss_kind snug_loss_quantile_kind = {
    .base = {.name = "quantile",
             .summary = "the mean over the outputs of tau (target - z) where the target is above "
                        "z, (1 - tau) (z - target) where it is below",
             .fields = fields,
             .config_size = sizeof(quantile)},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate};

snug_loss *snug_quantile(double tau) {
    return snug_loss_make("quantile", SNUG_FIELDS(snug_number("tau", tau)));
}
