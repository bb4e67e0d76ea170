/* Mean absolute error. */
#include <math.h>

#include <snug/loss.h>

#include "losses/elementwise.h"

/* abs(z - t); its slope is the sign of z - t, which is 0 at 0. */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float error = z - t;
    float sign = error < 0.0F ? -1.0F : error; /* 0 and NaN stay */
    *slope = error > 0.0F ? 1.0F : sign;
    (void)p;
    return sum + (double)fabsf(error);
}

SNUG_ELEMENTWISE_LOSS(snug_no_loss_parameters, add_loss, 1.0);

/* An error itself. */
static double magnitude(const void *config, double error) {
    (void)config;
    return error;
}

const snug_loss_kind snug_loss_mae_kind = {
    .base = {.name = "mae",
             .summary = "mean absolute error: the mean over the outputs of abs(z - target)"},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate,
    .magnitude = magnitude};

snug_loss *snug_mae(void) {
    return snug_loss_make("mae", NULL);
}
