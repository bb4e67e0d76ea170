/* Mean absolute error. */
#include <math.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "math/simd.h"

/* *sum = sum of abs(z - t); dz = factor * sign(z - t), which is 0 at 0, unless dz is NULL. */
SNUG_KERNEL(absolute_errors,
            (size_t n, const float *z, const float *t, float factor, float *dz, double *sum),
            (n, z, t, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float error = z[i] - t[i];
        float sign = error < 0.0F ? -1.0F : error; /* 0 and NaN stay */
        sign = error > 0.0F ? 1.0F : sign;
        total += (double)fabsf(error);
        if (dz != NULL) {
            dz[i] = factor * sign;
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    double sum;
    (void)config;
    absolute_errors(rows * outputs, z, targets->values, (float)(scale / (double)outputs), dz, &sum);
    return sum / (double)outputs;
}

const snug_loss_kind snug_loss_mae_kind = {
    .base = {.name = "mae",
             .summary = "mean absolute error: the mean over the outputs of abs(z - target)"},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate};

snug_loss *snug_mae(void) {
    return snug_loss_make("mae", NULL);
}
