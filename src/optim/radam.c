/* Liu et al. 2020, "On the variance of the adaptive learning rate and beyond", algorithm 2. */
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct radam_config {
    double learning_rate, beta1, beta2, epsilon, weight_decay;
} radam_config;

/* The numbers of one step, the same for every parameter. */
typedef struct radam_factors {
    float rate;                       /* learning rate / (1 - beta1^t), rectified */
    float beta1, rest1, beta2, rest2; /* rest is 1 - beta, rounded once */
    float epsilon, decay;
} radam_factors;

/*
 * d = g + decay p;  m := beta1 m + (1 - beta1) d;  v := beta2 v + (1 - beta2) d^2
 * p -= rate m / (sqrt(v) + epsilon)
 */
SNUG_KERNEL(descend,
            (size_t n, const radam_factors *factors, const float *g, float *p, float *m, float *v),
            (n, factors, g, p, m, v)) {
    const radam_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        m[i] = snug_fma(fused, f.beta1, m[i], f.rest1 * d);
        v[i] = snug_fma(fused, f.beta2, v[i], f.rest2 * d * d);
        p[i] -= f.rate * m[i] / (sqrtf(v[i]) + f.epsilon);
    }
}

/* The step p -= rate m, with the same m and v, while v is of too few gradients to divide by. */
SNUG_KERNEL(descend_unscaled,
            (size_t n, const radam_factors *factors, const float *g, float *p, float *m, float *v),
            (n, factors, g, p, m, v)) {
    const radam_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float d = snug_fma(fused, f.decay, p[i], g[i]);
        m[i] = snug_fma(fused, f.beta1, m[i], f.rest1 * d);
        v[i] = snug_fma(fused, f.beta2, v[i], f.rest2 * d * d);
        p[i] = snug_fma(fused, -f.rate, m[i], p[i]);
    }
}

/*
 * What a step is multiplied by where it is divided by sqrt(v), with the correction of v's bias; 0
 * where the variance of 1 / sqrt(v) cannot be told yet: rho, the length of v's mean, is at most 5.
 * Both of rho's terms are large where beta2 is next to 1, and 1 - beta2^t must keep its digits.
 */
static double rectification(double beta2, double t) {
    double share = -expm1(t * log(beta2)), most = 2.0 / (1.0 - beta2) - 1.0;
    double rho = most - 2.0 * t * (1.0 - share) / share;
    if (rho <= 5.0) {
        return 0.0;
    }
    double variance = (rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho);
    return sqrt(variance * share);
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const radam_config *c = config;
    double scale = rectification(c->beta2, (double)t);
    double unbiased = rate / snug_bias_correction(c->beta1, t);
    const radam_factors factors = {
        .rate = (float)(scale > 0.0 ? unbiased * scale : unbiased),
        .beta1 = (float)c->beta1,
        .rest1 = (float)(1.0 - c->beta1),
        .beta2 = (float)c->beta2,
        .rest2 = (float)(1.0 - c->beta2),
        .epsilon = snug_optimizer_epsilon(c->epsilon),
        .decay = (float)c->weight_decay,
    };
    if (scale > 0.0) {
        descend(n, &factors, gradient, parameters, moments[0], moments[1]);
    } else {
        descend_unscaled(n, &factors, gradient, parameters, moments[0], moments[1]);
    }
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(radam_config, learning_rate, 0.001, SNUG_AT_LEAST(0),
                    "about the length of a step in each parameter"),
    SNUG_REAL_FIELD(radam_config, beta1, 0.9, SNUG_FROM_BELOW(0, 1),
                    "how slowly the mean of the gradients changes"),
    SNUG_REAL_FIELD(radam_config, beta2, 0.999, SNUG_FROM_BELOW(0, 1),
                    "how slowly the mean of the squared gradients changes"),
    SNUG_REAL_FIELD(radam_config, epsilon, 1e-8, SNUG_ABOVE(0),
                    "added to the root of that mean, against division by 0"),
    SNUG_REAL_FIELD(radam_config, weight_decay, 0, SNUG_AT_LEAST(0),
                    "times the parameter, added to its gradient"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_radam_kind = {
    .base = {.name = "radam",
             .summary = "Adam that scales its first steps by how well it knows their variance",
             .fields = fields,
             .config_size = sizeof(radam_config)},
    .moments = 2,
    .learning_rate = offsetof(radam_config, learning_rate),
    .weight_decay = offsetof(radam_config, weight_decay),
    .step = step,
};

snug_optimizer *snug_radam(double learning_rate) {
    return snug_optimizer_make("radam", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
