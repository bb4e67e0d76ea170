/* Duchi, Hazan and Singer 2011, "Adaptive subgradient methods", with diagonal matrices. */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct adagrad_config {
    double learning_rate, learning_rate_decay, initial_accumulator, epsilon, weight_decay;
} adagrad_config;

/*
 * d = g + decay p;  s := s + d^2;  p -= rate d / (sqrt(initial + s) + epsilon)
 */
SNUG_KERNEL(descend,
            (size_t n, float rate, float initial, float epsilon, float decay, const float *g,
             float *p, float *s),
            (n, rate, initial, epsilon, decay, g, p, s)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, decay, p[i], g[i]);
        s[i] = snug_fma(fused, d, d, s[i]);
        p[i] -= rate * d / (sqrtf(initial + s[i]) + epsilon);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const adagrad_config *c = config;
    double decayed = rate / (1.0 + (double)(t - 1) * c->learning_rate_decay);
    descend(n, (float)decayed, (float)c->initial_accumulator, snug_optimizer_epsilon(c->epsilon),
            (float)c->weight_decay, gradient, parameters, moments[0]);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(adagrad_config, learning_rate, 0.01, SNUG_AT_LEAST(0),
                    "length of the first step"),
    SNUG_REAL_FIELD(adagrad_config, learning_rate_decay, 0, SNUG_AT_LEAST(0),
                    "at step t the learning rate is divided by 1 + (t - 1) times this"),
    SNUG_REAL_FIELD(adagrad_config, initial_accumulator, 0, SNUG_AT_LEAST(0),
                    "what the sums of squared gradients start with"),
    SNUG_REAL_FIELD(adagrad_config, epsilon, 1e-10, SNUG_ABOVE(0),
                    "added to the root of that sum, against division by 0"),
    SNUG_REAL_FIELD(adagrad_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_adagrad_kind = {
    .base = {.name = "adagrad",
             .summary = "steps scaled by the root of the sum of all squared gradients",
             .fields = fields,
             .config_size = sizeof(adagrad_config)},
    .moments = 1,
    .learning_rate = offsetof(adagrad_config, learning_rate),
    .weight_decay = offsetof(adagrad_config, weight_decay),
    .step = step,
};

snug_optimizer *snug_adagrad(double learning_rate) {
    return snug_optimizer_make("adagrad", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
