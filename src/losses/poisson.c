/* Poisson regression: counts whose expected value is e^z. */
#include <math.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "math/elementary.h"

/*
 * *sum = sum of e^z - t z, the negative log likelihood without the term log(t!), which z does not
 * move; dz = factor (e^z - t), unless dz is NULL. Above z = 88.7 both are infinite in float.
 */
SNUG_KERNEL(poisson_losses,
            (size_t n, const float *z, const float *t, float factor, float *dz, double *sum),
            (n, z, t, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float expected = snug_expf(fused, z[i]);
        total += snug_fma_double(fused, -(double)t[i], (double)z[i], (double)expected);
        if (dz != NULL) {
            dz[i] = factor * (expected - t[i]);
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    double sum;
    (void)config;
    poisson_losses(rows * outputs, z, targets->values, (float)(scale / (double)outputs), dz, &sum);
    return sum / (double)outputs;
}

static const snug_range counts = {.min = 0, .max = HUGE_VAL};

const snug_loss_kind snug_loss_poisson_kind = {
    .base = {.name = "poisson",
             .summary = "the mean over the outputs of e^z - target z: counts from 0 on, whose "
                        "logarithm of the expected value is z"},
    .targets = SNUG_TARGET_VALUES,
    .values = &counts,
    .output = "exp",
    .evaluate = evaluate};

snug_loss *snug_poisson(void) {
    return snug_loss_make("poisson", NULL);
}
