/* Mean squared error. */
#include <snug/loss.h>

#include "losses/elementwise.h"

/* (z - t)^2, whose slope is 2 (z - t); the macro below knows of the 2. */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float error = z - t;
    *slope = error;
    return snug_fma_double(p.fused, (double)error, (double)error, sum);
}

SNUG_ELEMENTWISE_LOSS(snug_no_loss_parameters, add_loss, 2.0);

/* The square of an error. */
static double magnitude(const void *config, double error) {
    (void)config;
    return error * error;
}

const snug_loss_kind snug_loss_mse_kind = {
    .base = {.name = "mse",
             .summary = "mean squared error: the mean over the outputs of (z - target)^2"},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate,
    .magnitude = magnitude};

snug_loss *snug_mse(void) {
    return snug_loss_make("mse", NULL);
}
