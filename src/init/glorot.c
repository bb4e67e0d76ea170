/* Glorot and Bengio 2010: a compromise between the variances forward and backward. */
#include "init/fill.h"

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    return snug_scaled_variance(config, 2.0, (double)fan_in + (double)fan_out);
}

static void fill_normal(const void *config, const snug_random *stream, size_t rows, size_t columns,
                        size_t fan_in, size_t fan_out, float *w) {
    snug_fill_scaled_normal(config, stream, variance(config, fan_in, fan_out), rows * columns, w);
}

static void fill_uniform(const void *config, const snug_random *stream, size_t rows, size_t columns,
                         size_t fan_in, size_t fan_out, float *w) {
    snug_fill_scaled_uniform(stream, variance(config, fan_in, fan_out), rows * columns, w);
}

const snug_init_kind snug_init_glorot_normal_kind = {
    .base = {.name = "glorot_normal",
             .summary = "normal weights of mean 0 and variance 2/(fan_in + fan_out)",
             .fields = snug_scaled_normal_fields,
             .config_size = sizeof(snug_scaled_config)},
    .fill = fill_normal,
    .variance = variance,
};

const snug_init_kind snug_init_glorot_uniform_kind = {
    .base = {.name = "glorot_uniform",
             .summary = "uniform weights of mean 0 and variance 2/(fan_in + fan_out)",
             .fields = snug_scaled_fields,
             .config_size = sizeof(snug_scaled_config)},
    .fill = fill_uniform,
    .variance = variance,
};
