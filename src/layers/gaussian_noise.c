/* Additive noise: Y = X + deviation N(0, 1) in training, Y = X in prediction. */
#include <string.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"

typedef struct noise_config {
    double deviation;
} noise_config;

/* As many outputs as inputs; the cache holds the noise. */
static snug_status noise_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->cache = shape->inputs;
    return SNUG_OK;
}

/* y = x + deviation noise */
SNUG_KERNEL(add_noise, (size_t n, float deviation, const float *noise, const float *x, float *y),
            (n, deviation, noise, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_fma(fused, deviation, noise[i], x[i]);
    }
}

static void noise_forward(const void *config, const snug_layer_call *run) {
    const noise_config *c = config;
    size_t n = run->rows * run->inputs;
    if (!run->training) {
        if (run->y != run->x) {
            memcpy(run->y, run->x, n * sizeof *run->y);
        }
        return;
    }
    snug_random_normal(&run->random, (uint64_t)run->first_row * run->inputs, n, run->cache);
    add_noise(n, (float)c->deviation, run->cache, run->x, run->y);
}

/* Passes dy on: the noise does not depend on x. */
static void noise_backward(const void *config, const snug_layer_call *run) {
    (void)config;
    if (run->dx != NULL && run->dx != run->dy) {
        memcpy(run->dx, run->dy, run->rows * run->inputs * sizeof *run->dx);
    }
}

/* A snug_layer_kind.training_moments: the noise is independent of x. */
static void noise_moments(const void *config, snug_layer_moments *m) {
    double deviation = ((const noise_config *)config)->deviation;
    m->variance += deviation * deviation;
    m->gradient = 1;
}

static const snug_field noise_fields[] = {
    SNUG_REAL_FIELD(noise_config, deviation, 0.1, SNUG_FROM_TO(0, 1e6),
                    "standard deviation of the noise"),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    (void)config;
    (void)g;
    return layer->x;
}

const snug_layer_kind snug_layer_gaussian_noise_kind = {
    .base = {.name = "gaussian_noise",
             .summary = "in training Y = X + normal noise of mean 0",
             .fields = noise_fields,
             .config_size = sizeof(noise_config)},
    .flags = SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE |
             SNUG_ROWWISE | SNUG_KEEPS_ACTIVATION,
    .plan = noise_plan,
    .forward = noise_forward,
    .backward = noise_backward,
    .training_moments = noise_moments,
    .graph = graph};

snug_layer *snug_gaussian_noise(double deviation) {
    return snug_layer_make("gaussian_noise", SNUG_FIELDS(snug_number("deviation", deviation)));
}
