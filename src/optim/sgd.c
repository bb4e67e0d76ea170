/*
 * Stochastic gradient descent, with momentum as in PyTorch: the velocity v sums gradients, and the
 * learning rate multiplies v, so that a change of the rate acts at once. Nesterov's form after
 * Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
 */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct sgd_config {
    double learning_rate, momentum, dampening, weight_decay;
    bool nesterov;
} sgd_config;

/* p -= rate (g + decay p) */
SNUG_KERNEL(descend, (size_t n, float rate, float decay, const float *g, float *p),
            (n, rate, decay, g, p)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        p[i] = snug_fma(fused, -rate, snug_fma(fused, decay, p[i], g[i]), p[i]);
    }
}

/* d = g + decay p;  v := momentum v + share d;  p -= rate v */
SNUG_KERNEL(descend_with_momentum,
            (size_t n, float rate, float momentum, float share, float decay, const float *g,
             float *p, float *v),
            (n, rate, momentum, share, decay, g, p, v)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, decay, p[i], g[i]);
        v[i] = snug_fma(fused, momentum, v[i], share * d);
        p[i] = snug_fma(fused, -rate, v[i], p[i]);
    }
}

/* d = g + decay p;  v := momentum v + d;  p -= rate (d + momentum v) */
SNUG_KERNEL(descend_nesterov,
            (size_t n, float rate, float momentum, float decay, const float *g, float *p, float *v),
            (n, rate, momentum, decay, g, p, v)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, decay, p[i], g[i]);
        v[i] = snug_fma(fused, momentum, v[i], d);
        p[i] = snug_fma(fused, -rate, snug_fma(fused, momentum, v[i], d), p[i]);
    }
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const sgd_config *c = config;
    float momentum = (float)c->momentum;
    float decay = (float)c->weight_decay;
    /* In the first step v is the gradient itself: there is no earlier direction to damp. */
    float share = t == 1 ? 1.0F : (float)(1.0 - c->dampening);
    if (c->momentum == 0.0) {
        descend(n, (float)rate, decay, gradient, parameters);
    } else if (c->nesterov) {
        descend_nesterov(n, (float)rate, momentum, decay, gradient, parameters, moments[0]);
    } else {
        descend_with_momentum(n, (float)rate, momentum, share, decay, gradient, parameters,
                              moments[0]);
    }
}

/* Without momentum there is no velocity to keep. */
static size_t moments_of(const void *config) {
    return ((const sgd_config *)config)->momentum == 0.0 ? 0 : 1;
}

static const char *check(const void *config) {
    const sgd_config *c = config;
    if (c->nesterov && c->momentum == 0.0) {
        return "nesterov needs a momentum above 0";
    }
    if (c->nesterov && c->dampening > 0.0) {
        return "nesterov needs a dampening of 0";
    }
    return c->dampening > 0.0 && c->momentum == 0.0 ? "dampening needs a momentum above 0" : NULL;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(sgd_config, learning_rate, 0.01, SNUG_AT_LEAST(0),
                    "length of a step along the gradient"),
    SNUG_REAL_FIELD(sgd_config, momentum, 0, SNUG_FROM_BELOW(0, 1),
                    "how much of the last step's direction is kept"),
    SNUG_REAL_FIELD(sgd_config, dampening, 0, SNUG_FROM_BELOW(0, 1),
                    "share of the gradient that the momentum leaves out after the first step"),
    SNUG_BOOL_FIELD(sgd_config, nesterov, false, "looks one step of the momentum ahead"),
    SNUG_REAL_FIELD(sgd_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_sgd_kind = {
    .base = {.name = "sgd",
             .summary = "gradient descent, with momentum or Nesterov's momentum",
             .fields = fields,
             .config_size = sizeof(sgd_config),
             .check = check},
    .moments = 1,
    .learning_rate = offsetof(sgd_config, learning_rate),
    .weight_decay = offsetof(sgd_config, weight_decay),
    .step = step,
    .moments_of = moments_of,
};

snug_optimizer *snug_sgd(double learning_rate, double momentum) {
    return snug_optimizer_make("sgd", SNUG_FIELDS(snug_number("learning_rate", learning_rate),
                                                  snug_number("momentum", momentum)));
}
