/*
 * iRprop-: Riedmiller and Braun 1993, "RPROP", as improved by Igel and Huesken 2000, "Improving the
 * Rprop learning algorithm". For gradients of all rows: the signs of small batches are mere noise.
 */
#include <float.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "optim/optimizer.h"

typedef struct rprop_config {
    double learning_rate, eta_minus, eta_plus, step_min, step_max;
} rprop_config;

/* The numbers of one step, the same for every parameter. */
typedef struct rprop_factors {
    float factor; /* of the schedule */
    float shrink, grow;
    float least, most; /* of a step size */
} rprop_factors;

/*
 * The step sizes s are kept without the schedule's factor, which scales them all.
 * last g > 0: s := min(grow s, most);  last g < 0: s := max(shrink s, least), g := 0
 * p -= factor s sign(g);  last := g
 */
SNUG_KERNEL(descend,
            (size_t n, const rprop_factors *factors, const float *g, float *p, float *last,
             float *s),
            (n, factors, g, p, last, s)) {
    const rprop_factors f = *factors;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        /* The signs alone: the product of two small gradients would round to 0. */
        float sign = g[i] > 0.0F ? 1.0F : g[i]; /* 0 and NaN stay */
        sign = g[i] < 0.0F ? -1.0F : sign;
        float agreement = sign * last[i];
        float grown = f.grow * s[i], shrunk = f.shrink * s[i];
        grown = grown < f.most ? grown : f.most;
        shrunk = shrunk > f.least ? shrunk : f.least;
        s[i] = agreement > 0.0F ? grown : s[i];
        s[i] = agreement < 0.0F ? shrunk : s[i];
        sign = agreement < 0.0F ? 0.0F : sign;
        p[i] = snug_fma(fused, -f.factor * s[i], sign, p[i]);
        last[i] = sign;
    }
}

/* As float32, finite: infinity times a sign of 0 is NaN. */
static float size_of(double size) {
    return (float)fmin(size, (double)FLT_MAX);
}

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    const rprop_config *c = config;
    const rprop_factors factors = {
        .factor = rate > 0.0 ? (float)(rate / c->learning_rate) : 0.0F,
        .shrink = (float)c->eta_minus,
        .grow = (float)c->eta_plus,
        .least = size_of(c->step_min),
        .most = size_of(c->step_max),
    };
    float first = size_of(fmax(c->step_min, fmin(c->learning_rate, c->step_max)));
    for (size_t i = 0; t == 1 && i < n; i++) {
        moments[1][i] = first;
    }
    descend(n, &factors, gradient, parameters, moments[0], moments[1]);
}

static const char *check(const void *config) {
    const rprop_config *c = config;
    return c->step_min > c->step_max ? "step_min must be at most step_max" : NULL;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(rprop_config, learning_rate, 0.01, SNUG_ABOVE(0),
                    "length of the first step, within step_min and step_max"),
    SNUG_REAL_FIELD(rprop_config, eta_minus, 0.5, SNUG_ABOVE_BELOW(0, 1),
                    "times the step where the gradient changed its sign"),
    SNUG_REAL_FIELD(rprop_config, eta_plus, 1.2, SNUG_ABOVE(1),
                    "times the step where the gradient kept its sign"),
    SNUG_REAL_FIELD(rprop_config, step_min, 1e-6, SNUG_AT_LEAST(0), "what no step shrinks below"),
    SNUG_REAL_FIELD(rprop_config, step_max, 50, SNUG_ABOVE(0), "what no step grows beyond"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_rprop_kind = {
    .base = {.name = "rprop",
             .summary = "a step size of its own for each parameter, by the gradient's sign alone",
             .fields = fields,
             .config_size = sizeof(rprop_config),
             .check = check},
    .moments = 2,
    .learning_rate = offsetof(rprop_config, learning_rate),
    .step = step,
};

snug_optimizer *snug_rprop(double learning_rate) {
    return snug_optimizer_make("rprop", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
