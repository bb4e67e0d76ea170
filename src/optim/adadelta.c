/* Zeiler 2012, "Adadelta: an adaptive learning rate method", algorithm 1. */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct adadelta_config {
    double learning_rate, rho, epsilon, weight_decay;
} adadelta_config;

/* The numbers of one step, the same for every parameter. */
typedef struct adadelta_factors {
    float rate, rho, rest; /* rest is 1 - rho, rounded once */
    float epsilon, decay;
} adadelta_factors;

/*
 * d = g + decay p;  v := rho v + (1 - rho) d^2;  x = sqrt(u + epsilon) / sqrt(v + epsilon) d
 * u := rho u + (1 - rho) x^2;  p -= rate x
 */
SNUG_KERNEL(descend,
            (size_t n, const adadelta_factors *factors, const float *g, float *p, float *v,
             float *u),
            (n, factors, g, p, v, u)) {
    const adadelta_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        v[i] = snug_fma(fused, f.rho, v[i], f.rest * d * d);
        float x = sqrtf(u[i] + f.epsilon) / sqrtf(v[i] + f.epsilon) * d;
        u[i] = snug_fma(fused, f.rho, u[i], f.rest * x * x);
        p[i] = snug_fma(fused, -f.rate, x, p[i]);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const adadelta_config *c = config;
    const adadelta_factors factors = {
        .rate = (float)rate,
        .rho = (float)c->rho,
        .rest = (float)(1.0 - c->rho),
        .epsilon = snug_optimizer_epsilon(c->epsilon),
        .decay = (float)c->weight_decay,
    };
    (void)t;
    descend(n, &factors, gradient, parameters, moments[0], moments[1]);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(adadelta_config, learning_rate, 1, SNUG_AT_LEAST(0),
                    "times the step, which has its own scale"),
    SNUG_REAL_FIELD(adadelta_config, rho, 0.9, SNUG_FROM_BELOW(0, 1),
                    "how slowly the means of squared gradients and squared steps change"),
    SNUG_REAL_FIELD(adadelta_config, epsilon, 1e-6, SNUG_ABOVE(0),
                    "added to those means before their roots; the first steps come from it"),
    SNUG_REAL_FIELD(adadelta_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_adadelta_kind = {
    .base = {.name = "adadelta",
             .summary = "steps scaled by the ratio of the steps and gradients of late",
             .fields = fields,
             .config_size = sizeof(adadelta_config)},
    .moments = 2,
    .learning_rate = offsetof(adadelta_config, learning_rate),
    .weight_decay = offsetof(adadelta_config, weight_decay),
    .step = step,
};

snug_optimizer *snug_adadelta(double learning_rate) {
    return snug_optimizer_make("adadelta",
                               SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
