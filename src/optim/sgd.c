/* Stochastic gradient descent, with momentum as in PyTorch: the learning rate stands outside it. */
#include <math.h>

#include "math/simd.h"
#include "optim/optimizer.h"

typedef struct sgd_config {
    double learning_rate, momentum, weight_decay;
    bool nesterov;
} sgd_config;

/* p -= rate (g + decay p) */
SNUG_KERNEL(descend, (size_t n, float rate, float decay, const float *g, float *p),
            (n, rate, decay, g, p)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        p[i] -= rate * (g[i] + decay * p[i]);
    }
}

/* d = g + decay p;  v := momentum v + d;  p -= rate v */
SNUG_KERNEL(descend_with_momentum,
            (size_t n, float rate, float momentum, float decay, const float *g, float *p, float *v),
            (n, rate, momentum, decay, g, p, v)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        v[i] = momentum * v[i] + (g[i] + decay * p[i]);
        p[i] -= rate * v[i];
    }
}

/* d = g + decay p;  v := momentum v + d;  p -= rate (d + momentum v) */
SNUG_KERNEL(descend_nesterov,
            (size_t n, float rate, float momentum, float decay, const float *g, float *p, float *v),
            (n, rate, momentum, decay, g, p, v)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = g[i] + decay * p[i];
        v[i] = momentum * v[i] + d;
        p[i] -= rate * (d + momentum * v[i]);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const sgd_config *c = config;
    float momentum = (float)c->momentum;
    float decay = (float)c->weight_decay;
    (void)t;
    if (c->momentum == 0.0) {
        descend(n, (float)rate, decay, gradient, parameters);
    } else if (c->nesterov) {
        descend_nesterov(n, (float)rate, momentum, decay, gradient, parameters, moments[0]);
    } else {
        descend_with_momentum(n, (float)rate, momentum, decay, gradient, parameters, moments[0]);
    }
}

static const char *check(const void *config) {
    const sgd_config *c = config;
    return c->nesterov && c->momentum == 0.0 ? "nesterov needs a momentum above 0" : NULL;
}

static const snug_field fields[] = {
    {.name = "learning_rate",
     .help = "length of a step along the gradient",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(sgd_config, learning_rate),
     .initial = 0.01,
     .min = 0,
     .max = INFINITY},
    {.name = "momentum",
     .help = "how much of the last step's direction is kept",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(sgd_config, momentum),
     .initial = 0,
     .min = 0,
     .max = 1,
     .open = SNUG_OPEN_MAX},
    {.name = "nesterov",
     .help = "looks one step of the momentum ahead",
     .kind = SNUG_FIELD_BOOL,
     .offset = offsetof(sgd_config, nesterov),
     .initial = 0},
    {.name = "weight_decay",
     .help = "times the parameter, added to its gradient",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(sgd_config, weight_decay),
     .initial = 0,
     .min = 0,
     .max = INFINITY},
    {.kind = SNUG_FIELD_END},
};

const snug_optimizer_kind snug_optimizer_sgd_kind = {
    .base = {.name = "sgd",
             .summary = "gradient descent, with momentum or Nesterov's momentum",
             .fields = fields,
             .config_size = sizeof(sgd_config),
             .check = check},
    .moments = 1,
    .learning_rate = offsetof(sgd_config, learning_rate),
    .step = step,
};

snug_optimizer *snug_sgd(double learning_rate, double momentum) {
    return snug_optimizer_wrap(snug_object_make(SNUG_GROUP_OPTIMIZER, "sgd", "learning_rate",
                                                learning_rate, "momentum", momentum, NULL));
}
