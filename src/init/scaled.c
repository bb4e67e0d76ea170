/*
 * Initializers whose variance follows the numbers of inputs (fan_in) and outputs (fan_out) of a
 * layer; each comes with normal and with uniform weights:
 *
 *     lecun   1 / fan_in              LeCun et al. 1998, "Efficient backprop"; what keeps the
 *                                     variance of a self-normalizing layer
 *     he      2 / fan_in              He et al. 2015, "Delving deep into rectifiers": twice that,
 *                                     as ReLU drops half of its inputs
 *     glorot  2 / (fan_in + fan_out)  Glorot and Bengio 2010: a compromise between keeping the
 *                                     variance forward and backward
 */
#include "init/fill.h"

/*
 * The two kinds of a rule: variance = gain^2 numerator / denominator. `formula` is the same in
 * words, for the summary.
 */
#define SCALED_KINDS(rule, formula, numerator, denominator)                                        \
    static double rule##_variance(const void *config, size_t fan_in, size_t fan_out) {             \
        (void)fan_out;                                                                             \
        return snug_scaled_variance(config, (numerator), (denominator));                           \
    }                                                                                              \
                                                                                                   \
    static void rule##_fill_normal(const void *config, const snug_random *stream, size_t rows,     \
                                   size_t columns, size_t fan_in, size_t fan_out, float *w) {      \
        snug_fill_scaled_normal(config, stream, rule##_variance(config, fan_in, fan_out),          \
                                rows *columns, w);                                                 \
    }                                                                                              \
                                                                                                   \
    static void rule##_fill_uniform(const void *config, const snug_random *stream, size_t rows,    \
                                    size_t columns, size_t fan_in, size_t fan_out, float *w) {     \
        snug_fill_scaled_uniform(stream, rule##_variance(config, fan_in, fan_out), rows *columns,  \
                                 w);                                                               \
    }                                                                                              \
                                                                                                   \
    const snug_init_kind snug_init_##rule##_normal_kind = {                                        \
        .base = {.name = #rule "_normal",                                                          \
                 .summary = "normal weights of mean 0 and variance " formula,                      \
                 .fields = snug_scaled_normal_fields,                                              \
                 .config_size = sizeof(snug_scaled_config)},                                       \
        .fill = rule##_fill_normal,                                                                \
        .variance = rule##_variance,                                                               \
    };                                                                                             \
                                                                                                   \
    const snug_init_kind snug_init_##rule##_uniform_kind = {                                       \
        .base = {.name = #rule "_uniform",                                                         \
                 .summary = "uniform weights of mean 0 and variance " formula,                     \
                 .fields = snug_scaled_fields,                                                     \
                 .config_size = sizeof(snug_scaled_config)},                                       \
        .fill = rule##_fill_uniform,                                                               \
        .variance = rule##_variance,                                                               \
    };

SCALED_KINDS(lecun, "1/fan_in", 1.0, (double)fan_in)
SCALED_KINDS(he, "2/fan_in", 2.0, (double)fan_in)
SCALED_KINDS(glorot, "2/(fan_in + fan_out)", 2.0, (double)fan_in + (double)fan_out)
