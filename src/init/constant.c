/* Every weight the same: for tests and biases, since units that start equal stay equal. */
#include "init/fill.h"
#include "kinds/field_macros.h"

typedef struct constant_config {
    double value, gain;
} constant_config;

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    (void)config;
    (void)fan_in;
    (void)fan_out;
    return 0.0;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    const constant_config *c = config;
    (void)stream;
    (void)fan_in;
    (void)fan_out;
    for (size_t i = 0; i < rows * columns; i++) {
        w[i] = (float)(c->gain * c->value);
    }
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(constant_config, value, 0, SNUG_ANY_NUMBER, "of every weight"),
    SNUG_GAIN_FIELD(constant_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_constant_kind = {
    .base = {.name = "constant",
             .summary = "every weight the same value",
             .fields = fields,
             .config_size = sizeof(constant_config)},
    .fill = fill,
    .variance = variance,
};
