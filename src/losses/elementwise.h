/*
 * The loops of an elementwise loss: the mean over the outputs of a function of one output and its
 * target value.
 *
 *     SNUG_ELEMENTWISE_LOSS(parameters, add_loss, factor);
 *
 * defines the function evaluate() of a snug_loss_kind. The file gives it
 *
 *     snug_loss_parameters parameters(const void *config)   reads the fields, once for each call
 *     double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope)
 *         returns sum + the loss of the output z whose target is t, and stores the loss's
 *         derivative by z, divided by `factor`, in *slope
 *     factor   a constant: 1.0, or what all slopes have in common, so that the loop does not
 *              multiply by it
 *
 * add_loss() adds up by itself because a sum of products is rounded once if it is written as
 * snug_fma_double(fused, a, b, sum). It is SNUG_INLINE and free of branches, so that the loop
 * vectorizes (see cpu/simd.h).
 */
#ifndef SNUG_LOSSES_ELEMENTWISE_H
#define SNUG_LOSSES_ELEMENTWISE_H

#include <stddef.h>

#include <snug/kind.h> /* IWYU pragma: export */

#include "cpu/simd.h"

/* What the function of one output needs to know besides the output and its target. */
typedef struct snug_loss_parameters {
    float a;    /* a number that parameters() computes from the fields */
    bool fused; /* the parameter `fused` of the kernel that runs; see cpu/simd.h */
} snug_loss_parameters;

/* Serves as parameters() of a loss without fields. */
static inline snug_loss_parameters snug_no_loss_parameters(const void *config) {
    (void)config;
    return (snug_loss_parameters){.a = 0.0F};
}

#define SNUG_ELEMENTWISE_LOSS(parameters, add_loss, factor)                                        \
    /* *sum = the sum of n losses; dz[i] = scale * slope, unless dz is NULL; dz may be z */        \
    SNUG_KERNEL(evaluate_all,                                                                      \
                (size_t n, snug_loss_parameters p, const float *z, const float *t, float scale,    \
                 float *dz, double *sum),                                                          \
                (n, p, z, t, scale, dz, sum)) {                                                    \
        double total = 0.0;                                                                        \
        p.fused = fused;                                                                           \
        _Pragma("omp simd reduction(+ : total)") for (size_t i = 0; i < n; i++) {                  \
            float slope;                                                                           \
            total = add_loss(total, z[i], t[i], p, &slope);                                        \
            if (dz != NULL) {                                                                      \
                dz[i] = scale * slope;                                                             \
            }                                                                                      \
        }                                                                                          \
        *sum = total;                                                                              \
    }                                                                                              \
    static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,        \
                           const snug_targets *targets, double scale, float *dz) {                 \
        double sum;                                                                                \
        evaluate_all(rows *outputs, parameters(config), z, targets->values,                        \
                     (float)((factor) * scale / (double)outputs), dz, &sum);                       \
        return sum / (double)outputs;                                                              \
    }                                                                                              \
    struct snug_loss_parameters /* so that the macro is followed by a semicolon */

#endif
