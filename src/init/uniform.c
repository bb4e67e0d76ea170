/* Uniform weights in [gain min, gain max], of variance gain^2 (max - min)^2 / 12. */
#include "init/fill.h"
#include "kinds/field_macros.h"

typedef struct uniform_config {
    double min, max, gain;
} uniform_config;

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    const uniform_config *c = config;
    double width = c->gain * (c->max - c->min);
    (void)fan_in;
    (void)fan_out;
    return width * width / 12.0;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    const uniform_config *c = config;
    (void)fan_in;
    (void)fan_out;
    snug_fill_uniform(stream, c->gain * c->min, c->gain * c->max, rows * columns, w);
}

static const char *check(const void *config) {
    const uniform_config *c = config;
    return c->min < c->max ? NULL : "min must be below max";
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(uniform_config, min, -0.05, SNUG_ANY_NUMBER, "smallest weight"),
    SNUG_REAL_FIELD(uniform_config, max, 0.05, SNUG_ANY_NUMBER, "largest weight"),
    SNUG_GAIN_FIELD(uniform_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_uniform_kind = {
    .base = {.name = "uniform",
             .summary = "uniform weights between two given numbers",
             .fields = fields,
             .config_size = sizeof(uniform_config),
             .check = check},
    .fill = fill,
    .variance = variance,
};
