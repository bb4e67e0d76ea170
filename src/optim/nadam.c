/*
 * Dozat 2016, "Incorporating Nesterov momentum into Adam", algorithm 2 with its momentum schedule.
 */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct nadam_config {
    double learning_rate, beta1, beta2, epsilon, momentum_decay, weight_decay;
} nadam_config;

/* The numbers of one step, the same for every parameter. */
typedef struct nadam_factors {
    float beta1, rest1, beta2, rest2; /* rest is 1 - beta, rounded once */
    float ahead;                      /* rate mu(t + 1) / (1 - mu(1) ... mu(t + 1)) */
    float direct;                     /* rate (1 - mu(t)) / (1 - mu(1) ... mu(t)) */
    float correction;                 /* 1 / sqrt(1 - beta2^t) */
    float epsilon, decay;
} nadam_factors;

/*
 * d = g + decay p;  m := beta1 m + (1 - beta1) d;  v := beta2 v + (1 - beta2) d^2
 * p -= (ahead m + direct d) / (correction sqrt(v) + epsilon)
 */
SNUG_KERNEL(descend,
            (size_t n, const nadam_factors *factors, const float *g, float *p, float *m, float *v),
            (n, factors, g, p, m, v)) {
    const nadam_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        m[i] = snug_fma(fused, f.beta1, m[i], f.rest1 * d);
        v[i] = snug_fma(fused, f.beta2, v[i], f.rest2 * d * d);
        float spread = snug_fma(fused, f.correction, sqrtf(v[i]), f.epsilon);
        p[i] -= snug_fma(fused, f.ahead, m[i], f.direct * d) / spread;
    }
}

/* mu(t) = beta1 (1 - q^t / 2) with q = 0.96^momentum_decay; log_q is log(q). */
static double momentum(double beta1, double log_q, double t) {
    return beta1 * (1.0 - 0.5 * exp(t * log_q));
}

/*
 * mu(1) ... mu(t), without the steps before this one: the logarithm of its factors 1 - q^i / 2 is
 * -sum_k (q^i / 2)^k / k, and over i that is a geometric series, (q^(k t) - 1) / (q^k - 1). A power
 * less 1 comes from the one before, x y - 1 = (x - 1) + (y - 1) + (x - 1) (y - 1), which keeps its
 * digits.
 */
static double momentum_product(double beta1, double log_q, double t) {
    const double first = expm1(log_q), first_t = expm1(t * log_q);
    double sum = 0.0, power = 1.0;   /* power = (q / 2)^k */
    double less = 0.0, less_t = 0.0; /* q^k - 1 and q^(k t) - 1 */
    for (int k = 1; k <= 60; k++) {
        power *= 0.5 * (1.0 + first);
        less += first + less * first;
        less_t += first_t + less_t * first_t;
        double series = log_q < 0.0 ? less_t / less : t;
        sum += power * series / k;
    }
    return pow(beta1, t) * exp(-sum);
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const nadam_config *c = config;
    double log_q = c->momentum_decay * log(0.96), now = (double)t;
    double product = momentum_product(c->beta1, log_q, now);
    double ahead = momentum(c->beta1, log_q, now + 1.0);
    const nadam_factors factors = {
        .beta1 = (float)c->beta1,
        .rest1 = (float)(1.0 - c->beta1),
        .beta2 = (float)c->beta2,
        .rest2 = (float)(1.0 - c->beta2),
        .ahead = (float)(rate * ahead / (1.0 - product * ahead)),
        .direct = (float)(rate * (1.0 - momentum(c->beta1, log_q, now)) / (1.0 - product)),
        .correction = (float)(1.0 / sqrt(snug_bias_correction(c->beta2, t))),
        .epsilon = snug_optimizer_epsilon(c->epsilon),
        .decay = (float)c->weight_decay,
    };
    descend(n, &factors, gradient, parameters, moments[0], moments[1]);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(nadam_config, learning_rate, 0.002, SNUG_AT_LEAST(0),
                    "about the length of a step in each parameter"),
    SNUG_REAL_FIELD(nadam_config, beta1, 0.9, SNUG_FROM_BELOW(0, 1),
                    "how slowly the mean of the gradients changes"),
    SNUG_REAL_FIELD(nadam_config, beta2, 0.999, SNUG_FROM_BELOW(0, 1),
                    "how slowly the mean of the squared gradients changes"),
    SNUG_REAL_FIELD(nadam_config, epsilon, 1e-8, SNUG_ABOVE(0),
                    "added to the root of that mean, against division by 0"),
    SNUG_REAL_FIELD(nadam_config, momentum_decay, 0.004, SNUG_AT_LEAST(0),
                    "how fast the momentum rises from half of beta1 to beta1"),
    SNUG_REAL_FIELD(nadam_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_nadam_kind = {
    .base = {.name = "nadam",
             .summary = "Adam with Nesterov's momentum",
             .fields = fields,
             .config_size = sizeof(nadam_config)},
    .moments = 2,
    .learning_rate = offsetof(nadam_config, learning_rate),
    .weight_decay = offsetof(nadam_config, weight_decay),
    .step = step,
};

snug_optimizer *snug_nadam(double learning_rate) {
    return snug_optimizer_make("nadam", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
