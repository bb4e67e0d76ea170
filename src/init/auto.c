/*
 * LeCun's variance with the gain of the activation before a layer: weights of variance 1 / (fan_in
 * E f(z)^2), z standard normal, behind which the outputs of a linear layer have variance 1 whatever
 * f is. The caller of fill() knows f and divides by the root of E f(z)^2 (.divides_by_inputs).
 */
#include "init/fill.h"

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    (void)fan_out;
    return snug_scaled_variance(config, 1.0, (double)fan_in);
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    snug_fill_scaled_normal(config, stream, variance(config, fan_in, fan_out), rows * columns, w);
}

const snug_init_kind snug_init_auto_kind = {
    .base = {.name = "auto",
             .summary = "normal weights of mean 0 and variance 1/(fan_in E f^2) for the activation "
                        "f before the layer and standard normal inputs of f; 1/fan_in without one",
             .fields = snug_scaled_normal_fields,
             .config_size = sizeof(snug_scaled_config)},
    .fill = fill,
    .variance = variance,
    .divides_by_inputs = true,
};
