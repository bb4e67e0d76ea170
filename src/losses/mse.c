/* Mean squared error. */
#include <snug/kind.h>
#include <snug/loss.h>

#include "math/simd.h"

/* *sum = sum of (z - t)^2; dz = factor (z - t), unless dz is NULL. */
SNUG_KERNEL(squared_errors,
            (size_t n, const float *z, const float *t, float factor, float *dz, double *sum),
            (n, z, t, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float error = z[i] - t[i];
        total = snug_fma_double(fused, (double)error, (double)error, total);
        if (dz != NULL) {
            dz[i] = factor * error;
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    double sum;
    (void)config;
    squared_errors(rows * outputs, z, targets->values, (float)(2.0 * scale / (double)outputs), dz,
                   &sum);
    return sum / (double)outputs;
}

const snug_loss_kind snug_loss_mse_kind = {
    .base = {.name = "mse",
             .summary = "mean squared error: the mean over the outputs of (z - target)^2"},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate};

snug_loss *snug_mse(void) {
    return snug_loss_make("mse", NULL);
}
