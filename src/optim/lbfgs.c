/*
 * L-BFGS: Nocedal and Wright 2006, "Numerical optimization", algorithms 7.4 and 7.5. An iteration
 * goes along minus the gradient times an inverse Hessian that the last steps and changes of the
 * gradient tell, as far as the strong Wolfe conditions say.
 */
#include <math.h>
#include <string.h>

#include <snug/optimizer.h>

#include "core/field_macros.h"
#include "math/simd.h"
#include "optim/line_search.h"

enum { MOST_PAIRS = 100 };

/* The vectors that are kept; pairs of a step and a change of the gradient follow in a ring. */
enum { START, GRADIENT, DIRECTION, TRIAL, PAIRS };

/* The numbers that are kept. */
enum { LOSS };

typedef struct lbfgs_config {
    double learning_rate, tolerance_gradient, tolerance_change;
    size_t history_size, evaluations;
} lbfgs_config;

SNUG_KERNEL(dot_product, (size_t n, const float *a, const float *b, double *sum), (n, a, b, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        total = snug_fma_double(fused, (double)a[i], (double)b[i], total);
    }
    *sum = total;
}

/* y = x + a d */
SNUG_KERNEL(move, (size_t n, const float *x, float a, const float *d, float *y), (n, x, a, d, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_fma(fused, a, d[i], x[i]);
    }
}

SNUG_KERNEL(scale, (size_t n, float a, float *x), (n, a, x)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        x[i] *= a;
    }
}

static double dot(size_t n, const float *a, const float *b) {
    double sum;
    dot_product(n, a, b, &sum);
    return sum;
}

/* An iteration at work. */
typedef struct iteration {
    const lbfgs_config *config;
    size_t n;
    uint64_t t;
    const snug_objective *objective;
    float *parameters;
    float *const *vectors;
} iteration;

/* The pair of the iteration that was `age` before, from 1 on. */
static const float *step_of(const iteration *it, size_t age) {
    return it->vectors[PAIRS + 2 * ((it->t - age) % it->config->history_size)];
}

static const float *change_of(const iteration *it, size_t age) {
    return it->vectors[PAIRS + 2 * ((it->t - age) % it->config->history_size) + 1];
}

/* A pair that was left out is zero. */
static bool is_left_out(const iteration *it, size_t age, double *product) {
    *product = dot(it->n, step_of(it, age), change_of(it, age));
    return !(*product > 0.0);
}

/* The scale of the newest pair: s y / y y. */
static double newest_scale(const iteration *it, size_t pairs) {
    double product;
    for (size_t age = 1; age <= pairs; age++) {
        const float *change = change_of(it, age);
        if (!is_left_out(it, age, &product)) {
            return product / dot(it->n, change, change);
        }
    }
    return 1.0;
}

/* direction = -H gradient, by two loops over the pairs. */
static void find_direction(const iteration *it) {
    size_t n = it->n, pairs = it->config->history_size;
    double weights[MOST_PAIRS] = {0}, product;
    float *d = it->vectors[DIRECTION];
    pairs = it->t - 1 < pairs ? (size_t)(it->t - 1) : pairs;
    memcpy(d, it->vectors[GRADIENT], n * sizeof *d);
    for (size_t age = 1; age <= pairs; age++) {
        if (is_left_out(it, age, &product)) {
            continue;
        }
        weights[age - 1] = dot(n, step_of(it, age), d) / product;
        move(n, d, (float)-weights[age - 1], change_of(it, age), d);
    }
    scale(n, (float)newest_scale(it, pairs), d);
    for (size_t age = pairs; age > 0; age--) {
        if (is_left_out(it, age, &product)) {
            continue;
        }
        double back = dot(n, change_of(it, age), d) / product;
        move(n, d, (float)(weights[age - 1] - back), step_of(it, age), d);
    }
    scale(n, -1.0F, d);
}

static double loss_at(void *user, double step, double *slope) {
    const iteration *it = user;
    move(it->n, it->vectors[START], (float)step, it->vectors[DIRECTION], it->parameters);
    double loss = it->objective->evaluate(it->objective->user, it->vectors[TRIAL]);
    *slope = dot(it->n, it->vectors[TRIAL], it->vectors[DIRECTION]);
    return loss;
}

/* Keeps the step and the change of the gradient, if the curvature along it is positive. */
static void keep_pair(const iteration *it) {
    float *step = it->vectors[PAIRS + 2 * (it->t % it->config->history_size)];
    float *change = it->vectors[PAIRS + 2 * (it->t % it->config->history_size) + 1];
    move(it->n, it->parameters, -1.0F, it->vectors[START], step);
    move(it->n, it->vectors[TRIAL], -1.0F, it->vectors[GRADIENT], change);
    double product = dot(it->n, step, change), square = dot(it->n, change, change);
    if (!(product > 1e-10 * square)) {
        memset(step, 0, it->n * sizeof *step);
        memset(change, 0, it->n * sizeof *change);
    }
}

static double largest(size_t n, const float *x) {
    float most = 0.0F;
    for (size_t i = 0; i < n; i++) {
        float size = fabsf(x[i]);
        most = size > most ? size : most;
    }
    return (double)most;
}

/* A first step as PyTorch takes it: of length 1 in the sum of absolute values, at most. */
static double first_step(const iteration *it, double rate) {
    double sum = 0.0;
    for (size_t i = 0; it->t == 1 && i < it->n; i++) {
        sum += fabs((double)it->vectors[GRADIENT][i]);
    }
    return sum > 1.0 ? rate / sum : rate;
}

static bool iterate(const void *config, size_t n, uint64_t t, double rate,
                    const snug_objective *objective, float *parameters, float *const *vectors,
                    double *numbers) {
    const lbfgs_config *c = config;
    iteration it = {c, n, t, objective, parameters, vectors};
    if (t == 1) {
        numbers[LOSS] = objective->evaluate(objective->user, vectors[GRADIENT]);
    }
    if (!isfinite(numbers[LOSS]) || largest(n, vectors[GRADIENT]) <= c->tolerance_gradient) {
        return false;
    }
    find_direction(&it);
    memcpy(vectors[START], parameters, n * sizeof *parameters);
    snug_line line = {.at = loss_at,
                      .user = &it,
                      .value = numbers[LOSS],
                      .slope = dot(n, vectors[GRADIENT], vectors[DIRECTION]),
                      .most = c->evaluations};
    if (!(line.slope < 0.0) || !snug_line_search(&line, first_step(&it, rate), &numbers[LOSS])) {
        return false;
    }
    keep_pair(&it);
    memcpy(vectors[GRADIENT], vectors[TRIAL], n * sizeof(float));
    return line.value - numbers[LOSS] > c->tolerance_change;
}

static size_t vectors_of(const void *config) {
    return PAIRS + 2 * ((const lbfgs_config *)config)->history_size;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(lbfgs_config, learning_rate, 1.0, SNUG_ABOVE(0),
                    "the step that is tried first"),
    SNUG_SIZE_FIELD(lbfgs_config, history_size, 10, SNUG_FROM_TO(1, MOST_PAIRS),
                    "how many steps tell the inverse Hessian; each takes two vectors"),
    SNUG_SIZE_FIELD(lbfgs_config, evaluations, 25, SNUG_AT_LEAST(1),
                    "most looks at all rows in an iteration"),
    SNUG_REAL_FIELD(lbfgs_config, tolerance_gradient, 1e-6, SNUG_AT_LEAST(0),
                    "ends where no entry of the gradient is larger"),
    SNUG_REAL_FIELD(lbfgs_config, tolerance_change, 1e-9, SNUG_AT_LEAST(0),
                    "ends where an iteration lowers the loss by no more"),
    SNUG_FIELDS_END,
};

const snug_optimizer_kind snug_optimizer_lbfgs_kind = {
    .base = {.name = "lbfgs",
             .summary =
                 "limited-memory BFGS with a strong Wolfe line search, an iteration an epoch "
                 "over all rows: for small data",
             .fields = fields,
             .config_size = sizeof(lbfgs_config)},
    .moments = PAIRS + 2 * MOST_PAIRS,
    .moments_of = vectors_of,
    .learning_rate = offsetof(lbfgs_config, learning_rate),
    .iterate = iterate};

snug_optimizer *snug_lbfgs(double learning_rate) {
    return snug_optimizer_make("lbfgs", SNUG_FIELDS(snug_number("learning_rate", learning_rate)));
}
