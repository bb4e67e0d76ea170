/* Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 2. */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct adamax_config {
    double learning_rate, beta1, beta2, epsilon, weight_decay;
} adamax_config;

/* The numbers of one step, the same for every parameter. */
typedef struct adamax_factors {
    float rate;                /* learning rate / (1 - beta1^t) */
    float beta1, rest1, beta2; /* rest is 1 - beta, rounded once */
    float epsilon, decay;
} adamax_factors;

/*
 * d = g + decay p;  m := beta1 m + (1 - beta1) d;  u := max(beta2 u, |d| + epsilon)
 * p -= rate m / u
 */
SNUG_KERNEL(descend,
            (size_t n, const adamax_factors *factors, const float *g, float *p, float *m, float *u),
            (n, factors, g, p, m, u)) {
    const adamax_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        float before = f.beta2 * u[i], now = fabsf(d) + f.epsilon;
        m[i] = snug_fma(fused, f.beta1, m[i], f.rest1 * d);
        u[i] = before > now ? before : now;
        p[i] -= f.rate * m[i] / u[i];
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const adamax_config *c = config;
    const adamax_factors factors = {
        .rate = (float)(rate / snug_bias_correction(c->beta1, t)),
        .beta1 = (float)c->beta1,
        .rest1 = (float)(1.0 - c->beta1),
        .beta2 = (float)c->beta2,
        .epsilon = snug_optimizer_epsilon(c->epsilon),
        .decay = (float)c->weight_decay,
    };
    descend(n, &factors, gradient, parameters, moments[0], moments[1]);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(adamax_config, learning_rate, 0.002, SNUG_AT_LEAST(0),
                    "about the greatest length of a step in each parameter"),
    SNUG_REAL_FIELD(adamax_config, beta1, 0.9, SNUG_FROM_BELOW(0, 1),
                    "how slowly the mean of the gradients changes"),
    SNUG_REAL_FIELD(adamax_config, beta2, 0.999, SNUG_FROM_BELOW(0, 1),
                    "how slowly the largest gradient is forgotten"),
    SNUG_REAL_FIELD(adamax_config, epsilon, 1e-8, SNUG_ABOVE(0),
                    "added to a gradient's size, against division by 0"),
    SNUG_REAL_FIELD(adamax_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_adamax_kind = {
    .base = {.name = "adamax",
             .summary = "Adam scaled by the largest gradient of late instead of the mean square",
             .fields = fields,
             .config_size = sizeof(adamax_config)},
    .moments = 2,
    .learning_rate = offsetof(adamax_config, learning_rate),
    .weight_decay = offsetof(adamax_config, weight_decay),
    .step = step,
};

snug_optimizer *snug_adamax(double learning_rate) {
    return snug_optimizer_make("adamax", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
