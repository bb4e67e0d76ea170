/* Tieleman and Hinton 2012, "RMSProp"; centered as in Graves 2013, "Generating sequences". */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct rmsprop_config {
    double learning_rate, alpha, epsilon, momentum, weight_decay;
    bool centered;
} rmsprop_config;

/* The numbers of one step, the same for every parameter. */
typedef struct rmsprop_factors {
    float rate, momentum;
    float alpha, rest; /* rest is 1 - alpha, rounded once */
    float epsilon, decay;
} rmsprop_factors;

/*
 * d = g + decay p;  v := alpha v + (1 - alpha) d^2;  b := momentum b + d / (sqrt(v) + epsilon)
 * p -= rate b
 */
SNUG_KERNEL(descend,
            (size_t n, const rmsprop_factors *factors, const float *g, float *p, float *v,
             float *b),
            (n, factors, g, p, v, b)) {
    const rmsprop_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        v[i] = snug_fma(fused, f.alpha, v[i], f.rest * d * d);
        b[i] = snug_fma(fused, f.momentum, b[i], d / (sqrtf(v[i]) + f.epsilon));
        p[i] = snug_fma(fused, -f.rate, b[i], p[i]);
    }
}

/* The step that divides by sqrt(v - m^2), a deviation, with m := alpha m + (1 - alpha) d. */
SNUG_KERNEL(descend_centered,
            (size_t n, const rmsprop_factors *factors, const float *g, float *p, float *v, float *b,
             float *m),
            (n, factors, g, p, v, b, m)) {
    const rmsprop_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        v[i] = snug_fma(fused, f.alpha, v[i], f.rest * d * d);
        m[i] = snug_fma(fused, f.alpha, m[i], f.rest * d);
        /* Rounding can take what is about 0 below it. */
        float variance = snug_fma(fused, -m[i], m[i], v[i]);
        variance = variance < 0.0F ? 0.0F : variance;
        b[i] = snug_fma(fused, f.momentum, b[i], d / (sqrtf(variance) + f.epsilon));
        p[i] = snug_fma(fused, -f.rate, b[i], p[i]);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const rmsprop_config *c = config;
    const rmsprop_factors factors = {
        .rate = (float)rate,
        .momentum = (float)c->momentum,
        .alpha = (float)c->alpha,
        .rest = (float)(1.0 - c->alpha),
        .epsilon = snug_optimizer_epsilon(c->epsilon),
        .decay = (float)c->weight_decay,
    };
    (void)t;
    if (c->centered) {
        descend_centered(n, &factors, gradient, parameters, moments[0], moments[1], moments[2]);
    } else {
        descend(n, &factors, gradient, parameters, moments[0], moments[1]);
    }
}

static size_t moments_of(const void *config) {
    return ((const rmsprop_config *)config)->centered ? 3 : 2;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(rmsprop_config, learning_rate, 0.01, SNUG_AT_LEAST(0),
                    "about the length of a step in each parameter"),
    SNUG_REAL_FIELD(rmsprop_config, alpha, 0.99, SNUG_FROM_BELOW(0, 1),
                    "how slowly the mean of the squared gradients changes"),
    SNUG_REAL_FIELD(rmsprop_config, epsilon, 1e-8, SNUG_ABOVE(0),
                    "added to the root of that mean, against division by 0"),
    SNUG_REAL_FIELD(rmsprop_config, momentum, 0, SNUG_FROM_BELOW(0, 1),
                    "how much of the last step's direction is kept"),
    SNUG_BOOL_FIELD(rmsprop_config, centered, false,
                    "divides by the deviation of the gradients instead"),
    SNUG_REAL_FIELD(rmsprop_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_rmsprop_kind = {
    .base = {.name = "rmsprop",
             .summary = "steps scaled by a running mean of the squared gradient",
             .fields = fields,
             .config_size = sizeof(rmsprop_config)},
    .moments = 3,
    .learning_rate = offsetof(rmsprop_config, learning_rate),
    .weight_decay = offsetof(rmsprop_config, weight_decay),
    .step = step,
    .moments_of = moments_of,
};

snug_optimizer *snug_rmsprop(double learning_rate) {
    return snug_optimizer_make("rmsprop", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
