/* +gain or -gain, each with probability 1/2: the scaling of the members of an ensemble (TabM). */
#include "init/fill.h"
#include "kinds/field_macros.h"

typedef struct random_sign_config {
    double gain;
} random_sign_config;

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    const random_sign_config *c = config;
    (void)fan_in;
    (void)fan_out;
    return c->gain * c->gain;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    const random_sign_config *c = config;
    (void)fan_in;
    (void)fan_out;
    snug_random_uniform(stream, 0, rows * columns, w);
    for (size_t i = 0; i < rows * columns; i++) {
        w[i] = (float)(w[i] < 0.5F ? -c->gain : c->gain);
    }
}

static const snug_field fields[] = {
    SNUG_GAIN_FIELD(random_sign_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_random_sign_kind = {
    .base = {.name = "random_sign",
             .summary = "1 or -1 at random, each in half of the cases",
             .fields = fields,
             .config_size = sizeof(random_sign_config)},
    .fill = fill,
    .variance = variance,
};
