/* The quantile (pinball) loss: its minimum is a quantile of the targets, not their mean. */
#include <snug/loss.h>

#include "kinds/field_macros.h"
#include "losses/elementwise.h"

typedef struct quantile {
    double tau;
} quantile;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(quantile, tau, 0.5, SNUG_ABOVE_BELOW(0, 1),
                    "which quantile the outputs learn: 0.5 is the median"),
    SNUG_FIELDS_END,
};

static snug_loss_parameters parameters(const void *config) {
    return (snug_loss_parameters){.a = (float)((const quantile *)config)->tau};
}

/*
 * With e = z - t: (1 - tau) e for e > 0, -tau e otherwise. Its slope is the factor of e, and 0 at
 * 0. Koenker and Bassett 1978, "Regression quantiles".
 */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float error = z - t;
    float below = error < 0.0F ? -p.a : error; /* 0 and NaN stay */
    *slope = error > 0.0F ? 1.0F - p.a : below;
    return snug_fma_double(p.fused, (double)*slope, (double)error, sum);
}

SNUG_ELEMENTWISE_LOSS(parameters, add_loss, 1.0);

/* An error itself, whatever tau is. */
static double magnitude(const void *config, double error) {
    (void)config;
    return error;
}

const snug_loss_kind snug_loss_quantile_kind = {
    .base = {.name = "quantile",
             .summary = "the mean over the outputs of tau (target - z) where the target is above "
                        "z, (1 - tau) (z - target) where it is below",
             .fields = fields,
             .config_size = sizeof(quantile)},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate,
    .magnitude = magnitude};

snug_loss *snug_quantile(double tau) {
    return snug_loss_make("quantile", SNUG_FIELDS(snug_number("tau", tau)));
}
