/*
 * Dropout and alpha dropout.
 *
 * Both draw a mask m of 0 (with probability rate) and 1, and compute in training
 *
 *     y = a (m x + (1 - m) dropped) + b
 *
 * Dropout (Srivastava et al. 2014, with the scaling in training, so that prediction does nothing):
 * dropped = 0, a = 1 / (1 - rate), b = 0. Alpha dropout (Klambauer et al. 2017): dropped =
 * -scale alpha, the limit of SELU for x to -infinity, and a and b that keep mean and variance.
 * In prediction y = x. The mask is number i of a random stream of (seed, layer, step), so that it
 * does not depend on how rows are divided among threads.
 */
#include <math.h>
#include <stdio.h>

#include <snug/activation.h>
#include <snug/kind.h>
#include <snug/layer.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "layers/dropout.h"
#include "schedules/schedule.h"

/* mask[i] = 0 where the uniform number mask[i] is below rate, else 1 */
SNUG_KERNEL(threshold, (size_t n, float rate, float *mask), (n, rate, mask)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        mask[i] = mask[i] < rate ? 0.0F : 1.0F;
    }
}

/* y = factor (mask x + (1 - mask) dropped) + shift */
SNUG_KERNEL(apply,
            (size_t n, const float *mask, const float *x, float dropped, float factor, float shift,
             float *y),
            (n, mask, x, dropped, factor, shift, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float value = mask[i] > 0.0F ? x[i] : dropped;
        y[i] = snug_fma(fused, factor, value, shift);
    }
}

/* dx = factor mask dy: what was dropped passes no gradient on */
SNUG_KERNEL(scale_kept, (size_t n, const float *mask, const float *dy, float factor, float *dx),
            (n, mask, dy, factor, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dx[i] = factor * mask[i] * dy[i];
    }
}

void snug_dropout_mask(const snug_random *stream, double rate, uint64_t first, size_t n,
                       float *mask) {
    snug_random_uniform(stream, first, n, mask);
    threshold(n, (float)rate, mask);
}

void snug_dropout_apply(size_t n, const float *mask, const float *x, float dropped, float factor,
                        float shift, float *y) {
    apply(n, mask, x, dropped, factor, shift, y);
}

void snug_dropout_backward(size_t n, const float *mask, const float *dy, float factor, float *dx) {
    scale_kept(n, mask, dy, factor, dx);
}

void snug_alpha_dropout_correction(double rate, double dropped, double mean, double variance,
                                   double *a, double *b) {
    double q = 1.0 - rate;
    double apart = dropped - mean;
    *a = sqrt(variance / (q * (rate * apart * apart + variance)));
    *b = mean - *a * (q * mean + rate * dropped);
}

/*
 * Returns the rate at a time: times the schedule's factor, which is 1 without a schedule and in
 * a loop that names no time. A factor above 1 does not raise the rate.
 */
static double rate_at(double rate, const snug_object *schedule, const snug_schedule_time *time) {
    static const double no_state[SNUG_SCHEDULE_STATE];
    if (schedule == NULL || time == NULL || time->steps == 0) {
        return rate;
    }
    return rate * fmin(fmax(snug_schedule_factor(schedule, time, no_state), 0.0), 1.0);
}

/*
 * Refuses a rate that float32, in which the mask compares, rounds to 1: nothing would be left; and
 * a schedule with a state, which a layer does not keep.
 */
static const char *check_rate(double rate, const snug_object *schedule) {
    if (schedule != NULL && snug_schedule_watches(schedule)) {
        return "schedule must not depend on the loss, which a layer does not know";
    }
    return (float)rate < 1.0F ? NULL : "rate must be below 1 as float32 too: nothing would be left";
}

/* The field "schedule" of both layers. */
#define SCHEDULE_FIELD(config)                                                                     \
    {SNUG_FIELD(config, schedule, OBJECT,                                                          \
                "the course of the rate over the steps; null: constant"),                          \
     .group = SNUG_GROUP_SCHEDULE, .sparse = true}

/* As many outputs as inputs, and a mask of as many numbers kept from forward to backward. */
static snug_status mask_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->cache = shape->inputs;
    return SNUG_OK;
}

/*
 * Draws the mask and applies it in training; copies x to y in prediction, unless the plan lets
 * both be the same buffer.
 */
static void forward_masked(const snug_layer_call *run, double rate, double dropped, double factor,
                           double shift) {
    size_t n = run->rows * run->inputs;
    if (run->training) {
        snug_dropout_mask(&run->random, rate, (uint64_t)run->first_row * run->inputs, n,
                          run->cache);
        apply(n, run->cache, run->x, (float)dropped, (float)factor, (float)shift, run->y);
    } else if (run->y != run->x) {
        for (size_t i = 0; i < n; i++) {
            run->y[i] = run->x[i];
        }
    }
}

/* ---- dropout --------------------------------------------------------------------------------- */

typedef struct dropout_config {
    double rate;
    snug_object *schedule;
} dropout_config;

static const char *check(const void *config) {
    const dropout_config *c = config;
    return check_rate(c->rate, c->schedule);
}

static void forward(const void *config, const snug_layer_call *run) {
    const dropout_config *c = config;
    double rate = rate_at(c->rate, c->schedule, run->time);
    forward_masked(run, rate, 0.0, 1.0 / (1.0 - rate), 0.0);
}

static void backward(const void *config, const snug_layer_call *run) {
    const dropout_config *c = config;
    double rate = rate_at(c->rate, c->schedule, run->time);
    if (run->dx != NULL) {
        scale_kept(run->rows * run->inputs, run->cache, run->dy, (float)(1.0 / (1.0 - rate)),
                   run->dx);
    }
}

/*
 * A snug_layer_kind.training_moments: of y = x d / q, where d is 1 with probability q, E y = E x
 * and E y^2 = E x^2 / q.
 */
static void moments(const void *config, snug_layer_moments *m) {
    const dropout_config *c = config;
    double kept = 1 - rate_at(c->rate, c->schedule, m->time);
    m->variance = (m->variance + m->mean * m->mean) / kept - m->mean * m->mean;
    m->gradient = 1 / kept;
}

static const snug_field dropout_fields[] = {
    SNUG_REAL_FIELD(dropout_config, rate, 0.5, SNUG_FROM_BELOW(0, 1),
                    "probability that an input becomes 0"),
    SCHEDULE_FIELD(dropout_config),
    SNUG_FIELDS_END,
};

/* The identity in prediction. */
static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    (void)config;
    (void)g;
    return layer->x;
}

const snug_layer_kind snug_layer_dropout_kind = {
    .base = {.name = "dropout",
             .summary = "in training each input is 0 with probability rate, the others grow by "
                        "1 / (1 - rate); after SELU take alpha_dropout",
             .fields = dropout_fields,
             .config_size = sizeof(dropout_config),
             .check = check},
    .flags = SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE |
             SNUG_ROWWISE | SNUG_KEEPS_ACTIVATION,
    .plan = mask_plan,
    .forward = forward,
    .backward = backward,
    .training_moments = moments,
    .graph = graph};

/* ---- alpha dropout --------------------------------------------------------------------------- */

typedef struct alpha_config {
    double rate, mean, variance, alpha, scale;
    snug_object *schedule;
} alpha_config;

static const char *alpha_check(const void *config) {
    const alpha_config *c = config;
    return check_rate(c->rate, c->schedule);
}

/*
 * Returns the rate at a time, and computes what a dropped input becomes, and the a and b that
 * keep mean and variance. They are cheap beside the loops over a batch, so that nothing is stored.
 */
static double alpha_correction(const alpha_config *c, const snug_schedule_time *time,
                               double *dropped, double *a, double *b) {
    double rate = rate_at(c->rate, c->schedule, time);
    *dropped = -c->scale * c->alpha;
    snug_alpha_dropout_correction(rate, *dropped, c->mean, c->variance, a, b);
    return rate;
}

static void alpha_forward(const void *config, const snug_layer_call *run) {
    double dropped, a, b;
    double rate = alpha_correction(config, run->time, &dropped, &a, &b);
    forward_masked(run, rate, dropped, a, b);
}

static void alpha_backward(const void *config, const snug_layer_call *run) {
    double dropped, a, b;
    (void)alpha_correction(config, run->time, &dropped, &a, &b);
    if (run->dx != NULL) {
        scale_kept(run->rows * run->inputs, run->cache, run->dy, (float)a, run->dx);
    }
}

/* A snug_layer_kind.training_moments: of y = a (x d + dropped (1 - d)) + b, d as in dropout. */
static void alpha_moments(const void *config, snug_layer_moments *m) {
    const alpha_config *c = config;
    double dropped, a, b;
    double rate = alpha_correction(c, m->time, &dropped, &a, &b);
    double kept = 1 - rate, mean = kept * m->mean + rate * dropped;
    double second = kept * (m->variance + m->mean * m->mean) + rate * dropped * dropped;
    m->mean = a * mean + b;
    m->variance = a * a * (second - mean * mean);
    m->gradient = a * a * kept;
}

/* Whether two numbers are the same to the digits that a user writes. */
static bool agrees(double a, double b) {
    return fabs(a - b) <= 0.01;
}

/*
 * What is dropped must become the limit of the activation before it, as if x was -infinity, and
 * the correction is for inputs of one mean and variance: those of that activation.
 */
static bool alpha_suits(const void *config, const snug_activation_outputs *before, char *message,
                        size_t size) {
    const alpha_config *c = config;
    double mean = fabs(before->mean) < 1e-9 ? 0.0 : before->mean; /* rounding error is no mean */
    if (!isfinite(before->limit) || before->limit > -1e-6) {
        snprintf(message, size,
                 "it has no limit below 0 for x to -infinity, which a dropped input could become: "
                 "take dropout");
        return false;
    }
    if (agrees(before->limit, -c->scale * c->alpha) && agrees(mean, c->mean) &&
        agrees(before->variance, c->variance)) {
        return true;
    }
    snprintf(
        message, size,
        "its limit for x to -infinity is %.4g, and for standard normal x it has mean %.4g and "
        "variance %.4g: take \"alpha\": %.6g, \"scale\": 1, \"mean\": %.6g, \"variance\": %.6g",
        before->limit, mean, before->variance, -before->limit, mean, before->variance);
    return false;
}

static const snug_field alpha_fields[] = {
    SNUG_REAL_FIELD(alpha_config, rate, 0.05, SNUG_FROM_BELOW(0, 1),
                    "probability that an input becomes -scale alpha; 0.05 to 0.1 suits"),
    SNUG_REAL_FIELD(alpha_config, mean, 0, SNUG_ANY_NUMBER, "mean of the inputs, which is kept"),
    SNUG_REAL_FIELD(alpha_config, variance, 1, SNUG_ABOVE_TO(0, 1e6),
                    "variance of the inputs, which is kept"),
    SNUG_REAL_FIELD(alpha_config, alpha, SNUG_SELU_ALPHA, SNUG_ABOVE_TO(0, 1e6),
                    "alpha of the SELU before it"),
    SNUG_REAL_FIELD(alpha_config, scale, SNUG_SELU_SCALE, SNUG_ABOVE_TO(0, 1e6),
                    "scale of the SELU before it"),
    SCHEDULE_FIELD(alpha_config),
    SNUG_FIELDS_END,
};

const snug_layer_kind snug_layer_alpha_dropout_kind = {
    .base = {.name = "alpha_dropout",
             .summary = "in training each input is -scale alpha with probability rate, then all "
                        "are scaled and shifted so that mean and variance stay",
             .fields = alpha_fields,
             .config_size = sizeof(alpha_config),
             .check = alpha_check},
    .flags = SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE |
             SNUG_ROWWISE | SNUG_KEEPS_ACTIVATION,
    .plan = mask_plan,
    .forward = alpha_forward,
    .backward = alpha_backward,
    .training_moments = alpha_moments,
    .suits = alpha_suits,
    .graph = graph};

snug_layer *snug_dropout(double rate) {
    return snug_layer_make("dropout", SNUG_FIELDS(snug_number("rate", rate)));
}

snug_layer *snug_alpha_dropout(double rate) {
    return snug_layer_make("alpha_dropout", SNUG_FIELDS(snug_number("rate", rate)));
}
