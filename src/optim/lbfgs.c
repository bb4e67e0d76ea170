/*
 * L-BFGS: Nocedal and Wright 2006, "Numerical optimization", algorithms 7.4 and 7.5. An iteration
 * moves along -H g, where g is the gradient over all rows and H an estimate of the inverse Hessian
 * from the last history_size pairs s (a step) and y (the change of the gradient along it). The
 * length of the step satisfies the strong Wolfe conditions (line_search.h).
 *
 * The vectors that the optimizer keeps, n numbers each:
 *
 *     START      parameters before the line search      DIRECTION  -H g
 *     GRADIENT   gradient there                         TRIAL      gradient at the last point tried
 *     PAIRS + 2 k, PAIRS + 2 k + 1                      s and y of iteration t with t % history = k
 */
#include <math.h>
#include <string.h>

#include <snug/optimizer.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "math/vector.h"
#include "optim/line_search.h"

enum { MOST_PAIRS = 100 };

enum { START, GRADIENT, DIRECTION, TRIAL, PAIRS };

/* The numbers that are kept between iterations: the loss at the parameters. */
enum { LOSS };

typedef struct lbfgs_config {
    double learning_rate, tolerance_gradient, tolerance_change;
    size_t history_size, evaluations;
} lbfgs_config;

/* y = x + a d */
SNUG_KERNEL(move, (size_t n, const float *x, float a, const float *d, float *y), (n, x, a, d, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_fma(fused, a, d[i], x[i]);
    }
}

/* What the functions of one iteration share. */
typedef struct iteration {
    const lbfgs_config *config;
    size_t n;
    uint64_t t;
    const snug_objective *objective;
    float *parameters;
    float *const *vectors;
} iteration;

/* Return s and y of the iteration `age` iterations ago, age from 1 to history_size. */
static const float *step_of(const iteration *it, size_t age) {
    return it->vectors[PAIRS + 2 * ((it->t - age) % it->config->history_size)];
}

static const float *change_of(const iteration *it, size_t age) {
    return it->vectors[PAIRS + 2 * ((it->t - age) % it->config->history_size) + 1];
}

/* Sets *product to s . y; returns whether that pair was left out, and so is zero. */
static bool is_left_out(const iteration *it, size_t age, double *product) {
    *product = snug_dot(it->n, step_of(it, age), change_of(it, age));
    return !(*product > 0.0);
}

/* Returns s . y / y . y of the newest pair, the scale of the initial H; 1 without pairs. */
static double newest_scale(const iteration *it, size_t pairs) {
    double product;
    for (size_t age = 1; age <= pairs; age++) {
        const float *change = change_of(it, age);
        if (!is_left_out(it, age, &product)) {
            return product / snug_dot(it->n, change, change);
        }
    }
    return 1.0;
}

/*
 * Computes the direction -H g by the two-loop recursion (algorithm 7.4): from the newest pair to
 * the oldest, scaling, and back.
 */
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
        weights[age - 1] = snug_dot(n, step_of(it, age), d) / product;
        move(n, d, (float)-weights[age - 1], change_of(it, age), d);
    }
    snug_scale(n, (float)newest_scale(it, pairs), d);
    for (size_t age = pairs; age > 0; age--) {
        if (is_left_out(it, age, &product)) {
            continue;
        }
        double back = snug_dot(n, change_of(it, age), d) / product;
        move(n, d, (float)(weights[age - 1] - back), step_of(it, age), d);
    }
    snug_scale(n, -1.0F, d);
}

/* The loss and its slope along the direction at a step from START; moves the parameters there. */
static double loss_at(void *user, double step, double *slope) {
    const iteration *it = user;
    move(it->n, it->vectors[START], (float)step, it->vectors[DIRECTION], it->parameters);
    double loss = it->objective->evaluate(it->objective->user, it->vectors[TRIAL]);
    *slope = snug_dot(it->n, it->vectors[TRIAL], it->vectors[DIRECTION]);
    return loss;
}

/* Keeps the step and the change of the gradient, if the curvature along it is positive. */
static void keep_pair(const iteration *it) {
    float *step = it->vectors[PAIRS + 2 * (it->t % it->config->history_size)];
    float *change = it->vectors[PAIRS + 2 * (it->t % it->config->history_size) + 1];
    move(it->n, it->parameters, -1.0F, it->vectors[START], step);
    move(it->n, it->vectors[TRIAL], -1.0F, it->vectors[GRADIENT], change);
    double product = snug_dot(it->n, step, change), square = snug_dot(it->n, change, change);
    if (!(product > 1e-10 * square)) {
        memset(step, 0, it->n * sizeof *step);
        memset(change, 0, it->n * sizeof *change);
    }
}

/*
 * Returns the first step to try. In the first iteration, where H is the identity, the length is
 * limited to 1 in the sum of absolute values, as in PyTorch.
 */
static double first_step(const iteration *it, double rate) {
    double sum = 0.0;
    for (size_t i = 0; it->t == 1 && i < it->n; i++) {
        sum += fabs((double)it->vectors[GRADIENT][i]);
    }
    return sum > 1.0 ? rate / sum : rate;
}

/*
 * One iteration. Returns false, so that training ends, where the gradient is flat, the loss is not
 * finite, the line search finds no better point, or the loss falls by no more than the tolerance.
 */
static bool iterate(const void *config, size_t n, uint64_t t, double rate,
                    const snug_objective *objective, float *parameters, float *const *vectors,
                    double *numbers) {
    const lbfgs_config *c = config;
    iteration it = {c, n, t, objective, parameters, vectors};
    if (t == 1) {
        numbers[LOSS] = objective->evaluate(objective->user, vectors[GRADIENT]);
    }
    if (!isfinite(numbers[LOSS]) ||
        snug_largest_absolute(n, vectors[GRADIENT]) <= c->tolerance_gradient) {
        return false;
    }
    find_direction(&it);
    memcpy(vectors[START], parameters, n * sizeof *parameters);
    snug_line line = {.at = loss_at,
                      .user = &it,
                      .value = numbers[LOSS],
                      .slope = snug_dot(n, vectors[GRADIENT], vectors[DIRECTION]),
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
                    "how many steps estimate the inverse Hessian; each keeps two vectors"),
    SNUG_SIZE_FIELD(lbfgs_config, evaluations, 25, SNUG_AT_LEAST(1),
                    "most evaluations of all rows in an iteration"),
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
