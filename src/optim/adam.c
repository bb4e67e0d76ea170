/* Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1. */
#include <float.h>
#include <math.h>

#include "math/simd.h"
#include "optim/optimizer.h"

typedef struct adam_config {
    double learning_rate, beta1, beta2, epsilon, weight_decay;
} adam_config;

/* The numbers of one step, the same for every parameter. */
typedef struct adam_factors {
    float rate;                       /* learning rate / (1 - beta1^t) */
    float beta1, rest1, beta2, rest2; /* rest is 1 - beta, rounded once */
    float correction;                 /* 1 / sqrt(1 - beta2^t) */
    float epsilon, decay;
} adam_factors;

/*
 * d = g + decay p;  m := beta1 m + (1 - beta1) d;  v := beta2 v + (1 - beta2) d^2
 * p -= rate m / (correction sqrt(v) + epsilon)
 */
SNUG_KERNEL(descend,
            (size_t n, const adam_factors *factors, const float *g, float *p, float *m, float *v),
            (n, factors, g, p, m, v)) {
    const adam_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = g[i] + f.decay * p[i];
        m[i] = f.beta1 * m[i] + f.rest1 * d;
        v[i] = f.beta2 * v[i] + f.rest2 * d * d;
        p[i] -= f.rate * m[i] / (f.correction * sqrtf(v[i]) + f.epsilon);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const adam_config *c = config;
    const adam_factors factors = {
        .rate = (float)(rate / (1.0 - pow(c->beta1, (double)t))),
        .beta1 = (float)c->beta1,
        .rest1 = (float)(1.0 - c->beta1),
        .beta2 = (float)c->beta2,
        .rest2 = (float)(1.0 - c->beta2),
        .correction = (float)(1.0 / sqrt(1.0 - pow(c->beta2, (double)t))),
        /* What float rounds to 0 would make 0/0 of a parameter that never had a gradient. */
        .epsilon = fmaxf((float)c->epsilon, FLT_MIN),
        .decay = (float)c->weight_decay,
    };
    descend(n, &factors, gradient, parameters, moments[0], moments[1]);
}

static const snug_field fields[] = {
    {.name = "learning_rate",
     .help = "about the length of a step in each parameter",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(adam_config, learning_rate),
     .initial = 0.001,
     .min = 0,
     .max = INFINITY},
    {.name = "beta1",
     .help = "how slowly the mean of the gradients changes",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(adam_config, beta1),
     .initial = 0.9,
     .min = 0,
     .max = 1,
     .open = SNUG_OPEN_MAX},
    {.name = "beta2",
     .help = "how slowly the mean of the squared gradients changes",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(adam_config, beta2),
     .initial = 0.999,
     .min = 0,
     .max = 1,
     .open = SNUG_OPEN_MAX},
    {.name = "epsilon",
     .help = "added to the root of that mean, against division by 0",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(adam_config, epsilon),
     .initial = 1e-8,
     .min = 0,
     .max = INFINITY,
     .open = SNUG_OPEN_MIN},
    {.name = "weight_decay",
     .help = "times the parameter, added to its gradient",
     .kind = SNUG_FIELD_REAL,
     .offset = offsetof(adam_config, weight_decay),
     .initial = 0,
     .min = 0,
     .max = INFINITY},
    {.kind = SNUG_FIELD_END},
};

const snug_optimizer_kind snug_optimizer_adam_kind = {
    .base = {.name = "adam",
             .summary = "steps scaled by running means of the gradient and of its square",
             .fields = fields,
             .config_size = sizeof(adam_config)},
    .moments = 2,
    .learning_rate = offsetof(adam_config, learning_rate),
    .step = step,
};

snug_optimizer *snug_adam(double learning_rate) {
    return snug_optimizer_wrap(
        snug_object_make(SNUG_GROUP_OPTIMIZER, "adam", "learning_rate", learning_rate, NULL));
}
