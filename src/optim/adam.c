/*
 * Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1, and its variants:
 * AMSGrad of Reddi, Kale and Kumar 2018, "On the convergence of Adam and beyond", and AdamW of
 * Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
 */
#include "kinds/field_macros.h"
#include "math/elementary.h"
#include "optim/optimizer.h"

typedef struct adam_config {
    double learning_rate, beta1, beta2, epsilon, weight_decay;
    bool amsgrad;
} adam_config;

/* The numbers of one step, the same for every parameter. */
typedef struct adam_factors {
    float rate;                       /* learning rate / (1 - beta1^t) */
    float beta1, rest1, beta2, rest2; /* rest is 1 - beta, rounded once */
    float correction;                 /* 1 / sqrt(1 - beta2^t) */
    float epsilon;
    float decay; /* weight decay in the gradient: Adam */
    float keep;  /* 1 - learning rate times weight decay beside it: AdamW */
} adam_factors;

/* The square root, by Newton's steps where that is faster: see snug_prefers_fast_sqrt(). */
SNUG_INLINE float root(const bool fused, const bool newton, float x) {
    return newton ? snug_fast_sqrt(fused, x) : sqrtf(x);
}

/*
 * d = g + decay p;  m := beta1 m + (1 - beta1) d;  v := beta2 v + (1 - beta2) d^2
 * p := keep p - rate m / (correction sqrt(v) + epsilon)
 * AMSGrad takes the largest v so far instead of v: steps do not grow again. Both choices are known
 * when compiled.
 */
SNUG_INLINE void descend_by(const bool fused, const bool newton, const bool amsgrad, size_t n,
                            const adam_factors f, const float *g, float *p, float *m, float *v,
                            float *most) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        m[i] = snug_fma(fused, f.beta1, m[i], f.rest1 * d);
        v[i] = snug_fma(fused, f.beta2, v[i], f.rest2 * d * d);
        if (amsgrad) {
            most[i] = most[i] > v[i] ? most[i] : v[i];
        }
        float spread = root(fused, newton, amsgrad ? most[i] : v[i]);
        float move = f.rate * m[i] / snug_fma(fused, f.correction, spread, f.epsilon);
        p[i] = snug_fma(fused, f.keep, p[i], -move);
    }
}

/*
 * Chooses the loop once per call, so that none has a branch inside; `most` is NULL without AMSGrad.
 * The update of a parameter is one pass over g, p, m and v: at this size memory is the limit, not
 * arithmetic.
 */
SNUG_KERNEL(descend,
            (bool newton, size_t n, const adam_factors *f, const float *g, float *p, float *m,
             float *v, float *most),
            (newton, n, f, g, p, m, v, most)) {
    if (most == NULL && newton) {
        descend_by(fused, true, false, n, *f, g, p, m, v, most);
    } else if (most == NULL) {
        descend_by(fused, false, false, n, *f, g, p, m, v, most);
    } else if (newton) {
        descend_by(fused, true, true, n, *f, g, p, m, v, most);
    } else {
        descend_by(fused, false, true, n, *f, g, p, m, v, most);
    }
}

/*
 * One step of either kind: computes what all parameters share in double, once, and runs the loop.
 * Decoupled: weight decay shrinks the parameter; otherwise it is part of the gradient.
 */
static void update(const adam_config *c, size_t n, uint64_t t, double rate, bool decoupled,
                   const float *gradient, float *parameters, float *const *moments) {
    const adam_factors factors = {
        .rate = (float)(rate / snug_bias_correction(c->beta1, t)),
        .beta1 = (float)c->beta1,
        .rest1 = (float)(1.0 - c->beta1),
        .beta2 = (float)c->beta2,
        .rest2 = (float)(1.0 - c->beta2),
        .correction = (float)(1.0 / sqrt(snug_bias_correction(c->beta2, t))),
        .epsilon = snug_optimizer_epsilon(c->epsilon),
        .decay = decoupled ? 0.0F : (float)c->weight_decay,
        .keep = decoupled ? (float)(1.0 - rate * c->weight_decay) : 1.0F,
    };
    descend(snug_prefers_fast_sqrt(), n, &factors, gradient, parameters, moments[0], moments[1],
            c->amsgrad ? moments[2] : NULL);
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    update(config, n, t, rate, false, gradient, parameters, moments);
}

static void step_decoupled(const void *config, size_t n, uint64_t t, double rate,
                           const float *gradient, float *parameters, float *const *moments) {
    update(config, n, t, rate, true, gradient, parameters, moments);
}

static size_t moments_of(const void *config) {
    return ((const adam_config *)config)->amsgrad ? 3 : 2;
}

/* The fields of both kinds, which differ in the default and the meaning of the weight decay. */
#define FIELDS(decay, decay_help)                                                                  \
    SNUG_REAL_FIELD(adam_config, learning_rate, 0.001, SNUG_AT_LEAST(0),                           \
                    "about the length of a step in each parameter"),                               \
        SNUG_REAL_FIELD(adam_config, beta1, 0.9, SNUG_FROM_BELOW(0, 1),                            \
                        "how slowly the mean of the gradients changes"),                           \
        SNUG_REAL_FIELD(adam_config, beta2, 0.999, SNUG_FROM_BELOW(0, 1),                          \
                        "how slowly the mean of the squared gradients changes"),                   \
        SNUG_REAL_FIELD(adam_config, epsilon, 1e-8, SNUG_ABOVE(0),                                 \
                        "added to the root of that mean, against division by 0"),                  \
        SNUG_REAL_FIELD(adam_config, weight_decay, decay, SNUG_AT_LEAST(0), decay_help),           \
        SNUG_BOOL_FIELD(adam_config, amsgrad, false,                                               \
                        "divides by the root of the largest such mean so far")

static const snug_field fields[] = {
    FIELDS(0, "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

static const snug_field decoupled_fields[] = {
    FIELDS(0.01, "times the learning rate: the share of itself that a parameter loses in a step"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_adam_kind = {
    .base = {.name = "adam",
             .summary = "steps scaled by running means of the gradient and of its square",
             .fields = fields,
             .config_size = sizeof(adam_config)},
    .moments = 3,
    .learning_rate = offsetof(adam_config, learning_rate),
    .weight_decay = offsetof(adam_config, weight_decay),
    .step = step,
    .moments_of = moments_of,
};

const snug_optimizer_kind snug_optimizer_adamw_kind = {
    .base = {.name = "adamw",
             .summary = "Adam with the weight decay beside the step, not in the gradient",
             .fields = decoupled_fields,
             .config_size = sizeof(adam_config)},
    .moments = 3,
    .learning_rate = offsetof(adam_config, learning_rate),
    .weight_decay = offsetof(adam_config, weight_decay),
    .decoupled_decay = true,
    .step = step_decoupled,
    .moments_of = moments_of,
};

snug_optimizer *snug_adam(double learning_rate) {
    return snug_optimizer_make("adam", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}

snug_optimizer *snug_adamw(double learning_rate, double weight_decay) {
    return snug_optimizer_make("adamw", SNUG_FIELDS(snug_number("learning_rate", learning_rate),
                                                    snug_number("weight_decay", weight_decay)));
}
