/* Binary cross entropy of logits: every output is a yes or no of its own. */
#include <snug/layer.h>

#include <math.h>

#include "core/object.h"
#include "math/elementary.h"

/*
 * Target t in [0, 1], e = e^(-abs(z)): the loss is log(1 + e) + (1 - t) z for z > 0, and
 * log(1 + e) - t z otherwise, so that nothing overflows and nothing cancels when z is right.
 * Its derivative is sigmoid(z) - t, for z > 0 written as (1 - t) - e / (1 + e).
 */
SNUG_INLINE float entropy(float z, float t, float *gradient) {
    float e = snug_exp_negative(-fabsf(z));
    float tail = e / (1.0F + e);
    float missing = 1.0F - t;
    *gradient = z > 0.0F ? missing - tail : tail - t;
    return snug_log1p_unit(e) + (z > 0.0F ? missing * z : -t * z);
}

/* *sum = sum of the losses of n outputs; dz = factor * derivative, unless dz is NULL. */
SNUG_KERNEL(of_values,
            (size_t n, const float *z, const float *t, float factor, float *dz, double *sum),
            (n, z, t, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float gradient;
        total += (double)entropy(z[i], t[i], &gradient);
        if (dz != NULL) {
            dz[i] = factor * gradient;
        }
    }
    *sum = total;
}

/* The same with class 0 or 1 as the target of a single output. */
SNUG_KERNEL(of_two_classes,
            (size_t n, const float *z, const int32_t *classes, float factor, float *dz,
             double *sum),
            (n, z, classes, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float gradient;
        total += (double)entropy(z[i], classes[i] != 0 ? 1.0F : 0.0F, &gradient);
        if (dz != NULL) {
            dz[i] = factor * gradient;
        }
    }
    *sum = total;
}

/* The same with a class of many: 1 is the target of the class's output, 0 that of the others. */
SNUG_KERNEL(of_classes,
            (size_t rows, size_t outputs, const float *z, const int32_t *classes, float factor,
             float *dz, double *sum),
            (rows, outputs, z, classes, factor, dz, sum)) {
    double total = 0.0;
    for (size_t r = 0; r < rows; r++) {
        size_t start = r * outputs;
        int32_t class = classes[r];
#pragma omp simd reduction(+ : total)
        for (size_t j = 0; j < outputs; j++) {
            float gradient;
            float t = (int32_t)j == class ? 1.0F : 0.0F;
            total += (double)entropy(z[start + j], t, &gradient);
            if (dz != NULL) {
                dz[start + j] = factor * gradient;
            }
        }
    }
    *sum = total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    float factor = (float)(scale / (double)outputs);
    double sum;
    (void)config;
    if (targets->classes == NULL) {
        of_values(rows * outputs, z, targets->values, factor, dz, &sum);
    } else if (outputs == 1) {
        of_two_classes(rows, z, targets->classes, factor, dz, &sum);
    } else {
        of_classes(rows, outputs, z, targets->classes, factor, dz, &sum);
    }
    return sum / (double)outputs;
}

static const snug_range shares = {.min = 0, .max = 1};

const snug_loss_kind snug_loss_binary_cross_entropy_kind = {
    .base = {.name = "binary_cross_entropy",
             .summary = "the mean over the outputs of -t log(p) - (1 - t) log(1 - p), with "
                        "p = sigmoid(z) of logits z; a class is 0 or 1 for one output, or the "
                        "output whose target t is 1"},
    .targets = SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES,
    .values = &shares,
    .output = "sigmoid",
    .binary = true,
    .evaluate = evaluate};

snug_loss *snug_binary_cross_entropy(void) {
    return (snug_loss *)snug_object_make(SNUG_GROUP_LOSS, "binary_cross_entropy", NULL);
}
