/*
 * Normal weights of a given mean and standard deviation, both times gain: with their tails, or with
 * those beyond two deviations drawn again, which leaves SNUG_TRUNCATED_DEVIATION of the deviation.
 */
#include "init/fill.h"
#include "kinds/field_macros.h"

typedef struct normal_config {
    double mean, std, gain;
} normal_config;

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    const normal_config *c = config;
    double deviation = c->gain * c->std;
    (void)fan_in;
    (void)fan_out;
    return deviation * deviation;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    const normal_config *c = config;
    (void)fan_in;
    (void)fan_out;
    snug_fill_normal(stream, c->gain * c->mean, c->gain * c->std, rows * columns, w);
}

static double variance_truncated(const void *config, size_t fan_in, size_t fan_out) {
    return SNUG_TRUNCATED_DEVIATION * SNUG_TRUNCATED_DEVIATION * variance(config, fan_in, fan_out);
}

static void fill_truncated(const void *config, const snug_random *stream, size_t rows,
                           size_t columns, size_t fan_in, size_t fan_out, float *w) {
    const normal_config *c = config;
    (void)fan_in;
    (void)fan_out;
    snug_fill_truncated(stream, c->gain * c->mean, c->gain * c->std, rows * columns, w);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(normal_config, mean, 0, SNUG_ANY_NUMBER, "of the weights"),
    SNUG_REAL_FIELD(normal_config, std, 0.05, SNUG_AT_LEAST(0),
                    "standard deviation, before any cut"),
    SNUG_GAIN_FIELD(normal_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_normal_kind = {
    .base = {.name = "normal",
             .summary = "normal weights of a given mean and standard deviation",
             .fields = fields,
             .config_size = sizeof(normal_config)},
    .fill = fill,
    .variance = variance,
};

const snug_init_kind snug_init_truncated_normal_kind = {
    .base = {.name = "truncated_normal",
             .summary = "normal weights, those beyond two standard deviations drawn again",
             .fields = fields,
             .config_size = sizeof(normal_config)},
    .fill = fill_truncated,
    .variance = variance_truncated,
};
