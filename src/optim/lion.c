/* Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2. */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct lion_config {
    double learning_rate, beta1, beta2, weight_decay;
} lion_config;

/* The numbers of one step, the same for every parameter. */
typedef struct lion_factors {
    float rate;
    float beta1, rest1, beta2, rest2; /* rest is 1 - beta, rounded once */
    float keep;                       /* 1 - rate times weight decay */
} lion_factors;

/*
 * c = beta1 m + (1 - beta1) g;  p := keep p - rate sign(c);  m := beta2 m + (1 - beta2) g
 */
SNUG_KERNEL(descend, (size_t n, const lion_factors *factors, const float *g, float *p, float *m),
            (n, factors, g, p, m)) {
    const lion_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float c = snug_fma(fused, f.beta1, m[i], f.rest1 * g[i]);
        float move = c > 0.0F ? f.rate : c; /* 0 and NaN stay */
        move = c < 0.0F ? -f.rate : move;
        p[i] = snug_fma(fused, f.keep, p[i], -move);
        m[i] = snug_fma(fused, f.beta2, m[i], f.rest2 * g[i]);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const lion_config *c = config;
    const lion_factors factors = {
        .rate = (float)rate,
        .beta1 = (float)c->beta1,
        .rest1 = (float)(1.0 - c->beta1),
        .beta2 = (float)c->beta2,
        .rest2 = (float)(1.0 - c->beta2),
        .keep = (float)(1.0 - rate * c->weight_decay),
    };
    (void)t;
    descend(n, &factors, gradient, parameters, moments[0]);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(lion_config, learning_rate, 0.0001, SNUG_AT_LEAST(0),
                    "length of every step in each parameter"),
    SNUG_REAL_FIELD(lion_config, beta1, 0.9, SNUG_FROM_BELOW(0, 1),
                    "how much of the mean of the gradients the direction takes"),
    SNUG_REAL_FIELD(lion_config, beta2, 0.99, SNUG_FROM_BELOW(0, 1),
                    "how slowly that mean changes"),
    SNUG_REAL_FIELD(
        lion_config, weight_decay, 0, SNUG_AT_LEAST(0),
        "times the learning rate: the share of itself that a parameter loses in a step"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_lion_kind = {
    .base = {.name = "lion",
             .summary = "steps of one length along the sign of a mean of the gradients",
             .fields = fields,
             .config_size = sizeof(lion_config)},
    .moments = 1,
    .learning_rate = offsetof(lion_config, learning_rate),
    .weight_decay = offsetof(lion_config, weight_decay),
    .decoupled_decay = true,
    .step = step,
};

snug_optimizer *snug_lion(double learning_rate) {
    return snug_optimizer_make("lion", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
