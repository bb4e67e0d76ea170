/* Softmax and cross entropy in one: the class's -log(probability), from logits. */
#include <snug/layer.h>

#include "core/object.h"
#include "math/softmax.h"

/* The loss of a row is log(sum of e^(z - largest)) + largest - z[class]. */
SNUG_KERNEL(losses,
            (size_t rows, size_t outputs, const float *z, const int32_t *classes, double *sum),
            (rows, outputs, z, classes, sum)) {
    snug_logs logs = {.product = 1.0, .sum = 0.0};
    double picked = 0.0;
    for (size_t r = 0; r < rows; r++) {
        const float *row = z + r * outputs;
        float largest = snug_largest(outputs, row);
        double exponentials = 0.0;
#pragma omp simd reduction(+ : exponentials)
        for (size_t j = 0; j < outputs; j++) {
            exponentials += (double)snug_exp_negative(row[j] - largest);
        }
        snug_logs_add(&logs, exponentials);
        picked += (double)(largest - row[classes[r]]);
    }
    *sum = picked + snug_logs_total(&logs);
}

/* The same, with dz = scale (probability - 1 for the class); dz may be z. */
static double losses_and_gradients(size_t rows, size_t outputs, const float *z,
                                   const int32_t *classes, float scale, float *dz) {
    double picked = 0.0, logs;
    snug_softmax_shift(rows, outputs, z, dz);
    for (size_t r = 0; r < rows; r++) {
        picked -= (double)dz[r * outputs + (size_t)classes[r]];
    }
    snug_softmax_exp(rows * outputs, dz);
    snug_softmax_normalize(rows, outputs, scale, dz, &logs);
    for (size_t r = 0; r < rows; r++) {
        dz[r * outputs + (size_t)classes[r]] -= scale;
    }
    return picked + logs;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    double sum;
    (void)config;
    if (dz != NULL) {
        return losses_and_gradients(rows, outputs, z, targets->classes, (float)scale, dz);
    }
    losses(rows, outputs, z, targets->classes, &sum);
    return sum;
}

const snug_loss_kind snug_loss_softmax_cross_entropy_kind = {
    .base = {.name = "softmax_cross_entropy",
             .summary = "-log(softmax(z)[class]), of logits z, an output a class"},
    .targets = SNUG_TARGET_CLASSES,
    .output = "softmax",
    .evaluate = evaluate};

snug_loss *snug_softmax_cross_entropy(void) {
    return (snug_loss *)snug_object_make(SNUG_GROUP_LOSS, "softmax_cross_entropy", NULL);
}
