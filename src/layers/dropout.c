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

#include <snug/activation.h>
#include <snug/kind.h>
#include <snug/layer.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "layers/dropout.h"

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

/* Refuses a rate that float32, in which the mask compares, rounds to 1: nothing would be left. */
static const char *check_rate(double rate) {
    return (float)rate < 1.0F ? NULL : "rate must be below 1 as float32 too: nothing would be left";
}

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
} dropout_config;

static const char *check(const void *config) {
    return check_rate(((const dropout_config *)config)->rate);
}

static void forward(const void *config, const snug_layer_call *run) {
    const dropout_config *c = config;
    forward_masked(run, c->rate, 0.0, 1.0 / (1.0 - c->rate), 0.0);
}

static void backward(const void *config, const snug_layer_call *run) {
    const dropout_config *c = config;
    if (run->dx != NULL) {
        scale_kept(run->rows * run->inputs, run->cache, run->dy, (float)(1.0 / (1.0 - c->rate)),
                   run->dx);
    }
}

static const snug_field dropout_fields[] = {
    SNUG_REAL_FIELD(dropout_config, rate, 0.5, SNUG_FROM_BELOW(0, 1),
                    "probability that an input becomes 0"),
    SNUG_FIELDS_END,
};

const snug_layer_kind snug_layer_dropout_kind = {
    .base = {.name = "dropout",
             .summary = "in training each input is 0 with probability rate, the others grow by "
                        "1 / (1 - rate); after SELU take alpha_dropout",
             .fields = dropout_fields,
             .config_size = sizeof(dropout_config),
             .check = check},
    .flags =
        SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE | SNUG_ROWWISE,
    .plan = mask_plan,
    .forward = forward,
    .backward = backward};

/* ---- alpha dropout --------------------------------------------------------------------------- */

typedef struct alpha_config {
    double rate, mean, variance, alpha, scale;
} alpha_config;

static const char *alpha_check(const void *config) {
    return check_rate(((const alpha_config *)config)->rate);
}

/*
 * Computes what a dropped input becomes, and the a and b that keep mean and variance. They are
 * cheap beside the loops over a batch, so that nothing is stored.
 */
static void alpha_correction(const alpha_config *c, double *dropped, double *a, double *b) {
    *dropped = -c->scale * c->alpha;
    snug_alpha_dropout_correction(c->rate, *dropped, c->mean, c->variance, a, b);
}

static void alpha_forward(const void *config, const snug_layer_call *run) {
    const alpha_config *c = config;
    double dropped, a, b;
    alpha_correction(c, &dropped, &a, &b);
    forward_masked(run, c->rate, dropped, a, b);
}

static void alpha_backward(const void *config, const snug_layer_call *run) {
    double dropped, a, b;
    alpha_correction(config, &dropped, &a, &b);
    if (run->dx != NULL) {
        scale_kept(run->rows * run->inputs, run->cache, run->dy, (float)a, run->dx);
    }
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
    SNUG_FIELDS_END,
};

const snug_layer_kind snug_layer_alpha_dropout_kind = {
    .base = {.name = "alpha_dropout",
             .summary = "in training each input is -scale alpha with probability rate, then all "
                        "are scaled and shifted so that mean and variance stay",
             .fields = alpha_fields,
             .config_size = sizeof(alpha_config),
             .check = alpha_check},
    .flags =
        SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE | SNUG_ROWWISE,
    .plan = mask_plan,
    .forward = alpha_forward,
    .backward = alpha_backward};

snug_layer *snug_dropout(double rate) {
    return snug_layer_make("dropout", SNUG_FIELDS(snug_number("rate", rate)));
}

snug_layer *snug_alpha_dropout(double rate) {
    return snug_layer_make("alpha_dropout", SNUG_FIELDS(snug_number("rate", rate)));
}
