/* Huber's loss: squared near the target, absolute far from it. */
#include <stddef.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "core/field_macros.h"
#include "math/simd.h"

typedef struct huber {
    double delta;
} huber;

/*
 * With e = z - t and g = e held within [-delta, delta]: *sum = sum of g (e - g / 2), and
 * dz = factor * g, unless dz is NULL. Huber 1964, "Robust estimation of a location parameter".
 */
SNUG_KERNEL(huber_errors,
            (size_t n, const float *z, const float *t, float delta, float factor, float *dz,
             double *sum),
            (n, z, t, delta, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float error = z[i] - t[i];
        float held = error > delta ? delta : error;
        held = error < -delta ? -delta : held;
        double beyond = snug_fma_double(fused, -0.5, (double)held, (double)error);
        total = snug_fma_double(fused, (double)held, beyond, total);
        if (dz != NULL) {
            dz[i] = factor * held;
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    const huber *h = config;
    double sum;
    huber_errors(rows * outputs, z, targets->values, (float)h->delta,
                 (float)(scale / (double)outputs), dz, &sum);
    return sum / (double)outputs;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(huber, delta, 1, SNUG_ABOVE_TO(0, 1e30),
                    "the error from which on the loss grows as a line"),
    SNUG_FIELDS_END,
};

const snug_loss_kind snug_loss_huber_kind = {
    .base = {.name = "huber",
             .summary = "the mean over the outputs of e^2 / 2 for e = abs(z - target) up to delta, "
                        "delta (e - delta / 2) beyond",
             .fields = fields,
             .config_size = sizeof(huber)},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate};

snug_loss *snug_huber(double delta) {
    return snug_loss_make("huber", SNUG_FIELDS(snug_number("delta", delta)));
}
