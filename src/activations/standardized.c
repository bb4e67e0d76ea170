/*
 * Any activation f, standardized: (f(x) - m) / s with the mean m and the standard deviation s of
 * f(z) for standard normal z. Behind weights of mean 0 and variance 1/fan_in, outputs then have
 * mean 0 and variance 1 in each layer, as those of SELU.
 */
#include <math.h>

#include "activations/affine.h"

static snug_status prepare(void *config) {
    snug_affine_config *c = config;
    snug_gaussian_moments moments;
    snug_status status = snug_affine_moments(c, &moments);
    if (status == SNUG_OK) {
        double factor = 1.0 / sqrt(moments.variance);
        snug_affine_set(c, factor, -moments.mean * factor);
    }
    return status;
}

const snug_activation_kind snug_activation_standardized_kind = {
    .base = {.name = "standardized",
             .summary = "(f(x) - m) / s for an activation f, with m and s that give mean 0 and "
                        "variance 1 for standard normal x",
             .fields = snug_affine_fields,
             .config_size = sizeof(snug_affine_config),
             .prepare = prepare},
    .flags = SNUG_READS_INPUT,
    .forward = snug_affine_forward,
    .backward = snug_affine_backward,
    .derivative = snug_affine_derivative,
    .exact = snug_affine_exact,
    .exact_derivative = snug_affine_exact_derivative,
    .kinks = snug_affine_kinks,
    .init = "lecun_normal",
    .self_normalizing = true,
    .graph = snug_affine_graph};
