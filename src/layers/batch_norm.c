/*
 * Batch normalization: each column of X, rows x n, gets mean 0 and variance 1 over the batch, then
 * y = weight x + bias (Ioffe and Szegedy 2015; details as in PyTorch: population variance in the
 * batch, sample variance in the running statistics).
 *
 * Memory between forward and backward:
 *     cache  rows x n   the normalized batch
 *     keep   3 n        1 / deviation | mean, then the sums of dy | variance, then those of dy
 *     normal
 */
#include <math.h>
#include <string.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "core/memory.h"
#include "cpu/simd.h"
#include "graph/graph.h"
#include "kinds/field_macros.h"
#include "layers/parameter_options.h"
#include "layers/unit_sums.h"
#include "math/reduce.h"
#include "math/vector.h"

typedef struct batch_norm_config {
    double momentum, epsilon;
    bool affine;
    snug_rate_factors factors;
} batch_norm_config;

enum { RUNNING_MEAN, RUNNING_VARIANCE, WEIGHT, BIAS };

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const batch_norm_config *c = config;
    size_t n = shape->inputs;
    shape->outputs = shape->cache = n; /* the normalized batch */
    shape->keep = 3 * n;               /* 1 / deviation, and two sums of backward */
    shape->scratch = n;
    shape->tensors[RUNNING_MEAN] =
        (snug_tensor){.name = "running_mean", .columns = n, .state = true};
    shape->tensors[RUNNING_VARIANCE] =
        (snug_tensor){.name = "running_var", .columns = n, .state = true, .initial = 1.0F};
    snug_plan_scale_and_shift(&c->factors, n, &shape->tensors[WEIGHT]);
    shape->tensor_count = c->affine ? 4 : 2;
    return SNUG_OK;
}

/* sums[j] += x[j] - first[j] */
SNUG_KERNEL(add_row, (size_t n, const float *x, const float *first, float *sums),
            (n, x, first, sums)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        sums[j] += x[j] - first[j];
    }
}

/* With d = x[j] - mean[j]: rests[j] += d and sums[j] += d^2. */
SNUG_KERNEL(add_squares, (size_t n, const float *x, const float *mean, float *rests, float *sums),
            (n, x, mean, rests, sums)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        float apart = x[j] - mean[j];
        rests[j] += apart;
        sums[j] = snug_fma(fused, apart, apart, sums[j]);
    }
}

/* normal[j] = (x[j] - mean[j]) inverse[j] */
SNUG_KERNEL(scale_shift,
            (size_t n, const float *x, const float *mean, const float *inverse, float *normal),
            (n, x, mean, inverse, normal)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        normal[j] = (x[j] - mean[j]) * inverse[j];
    }
}

/* A matrix and the row that is subtracted from each of its rows: the first row, or the mean. */
typedef struct deviations {
    size_t columns;
    const float *x, *from;
} deviations;

/* Adds the deviations of a part of the matrix from d->from to sums[0]. */
static void add_values(const void *user, const snug_matrix_part *part, float *const *sums) {
    const deviations *d = user;
    const float *x = d->x + part->row * d->columns + part->column;
    for (size_t i = 0; i < part->rows; i++, x += d->columns) {
        add_row(part->columns, x, d->from + part->column, sums[0]);
    }
}

/* Adds the deviations of a part from the mean to sums[0], their squares to sums[1]. */
static void add_spreads(const void *user, const snug_matrix_part *part, float *const *sums) {
    const deviations *d = user;
    const float *x = d->x + part->row * d->columns + part->column;
    for (size_t i = 0; i < part->rows; i++, x += d->columns) {
        add_squares(part->columns, x, d->from + part->column, sums[0], sums[1]);
    }
}

/*
 * Computes mean and population variance of each column, n numbers each. Sums of numbers far from 0
 * lose digits: so the first row is subtracted from each row before they are added, and in the
 * second pass the sums of the deviations, which are 0 but for rounding, correct both moments (Chan,
 * Golub and LeVeque 1983, "Algorithms for computing the sample variance").
 */
static void batch_moments(const snug_layer_call *run, float *mean, float *variance) {
    size_t n = run->inputs;
    float rows = (float)run->rows, *rest = run->scratch;
    snug_sum_parts(run->rows, n, add_values, &(deviations){n, run->x, run->x}, false, 1, &mean);
    for (size_t j = 0; j < n; j++) {
        mean[j] = run->x[j] + mean[j] / rows;
    }
    snug_sum_parts(run->rows, n, add_spreads, &(deviations){n, run->x, mean}, false, 2,
                   (float *const[]){rest, variance});
    for (size_t j = 0; j < n; j++) {
        rest[j] /= rows;
        mean[j] += rest[j];
        variance[j] = variance[j] / rows - rest[j] * rest[j];
        variance[j] = variance[j] < 0.0F ? 0.0F : variance[j]; /* NaN stays */
    }
}

/*
 * Whether the batch's own moments are used. A single row has no variance: it is normalized by the
 * running statistics, as in prediction.
 */
static bool has_moments(const snug_layer_call *run) {
    return run->training && run->rows > 1;
}

/*
 * Moves the running statistics towards the batch's by the share `momentum`; the variance as that of
 * a sample, n / (n - 1) times the population's.
 */
static void move_statistics(const batch_norm_config *c, const snug_layer_call *run,
                            const float *mean, const float *variance) {
    float m = (float)c->momentum;
    float unbiased = (float)run->rows / (float)(run->rows - 1);
    for (size_t j = 0; j < run->inputs; j++) {
        float *running_mean = &run->state[RUNNING_MEAN][j];
        float *running_variance = &run->state[RUNNING_VARIANCE][j];
        *running_mean += m * (mean[j] - *running_mean);
        *running_variance += m * (unbiased * variance[j] - *running_variance);
    }
}

/*
 * Normalizes the batch into the cache, by its moments or by the running ones; y = weight x + bias.
 */
static void forward(const void *config, const snug_layer_call *run) {
    const batch_norm_config *c = config;
    size_t n = run->inputs;
    float *inverse = run->keep, *mean = run->keep + n, *variance = run->keep + 2 * n;
    const float *center = has_moments(run) ? mean : run->tensors[RUNNING_MEAN];
    const float *spread = has_moments(run) ? variance : run->tensors[RUNNING_VARIANCE];
    if (has_moments(run)) {
        batch_moments(run, mean, variance);
        move_statistics(c, run, mean, variance);
    }
    for (size_t j = 0; j < n; j++) {
        inverse[j] = 1.0F / sqrtf(spread[j] + (float)c->epsilon);
    }
    for (size_t i = 0; i < run->rows; i++) {
        float *normal = run->cache + i * n;
        scale_shift(n, run->x + i * n, center, inverse, normal);
        if (c->affine) {
            snug_affine(n, normal, run->tensors[WEIGHT], run->tensors[BIAS], run->y + i * n);
        } else {
            memcpy(run->y + i * n, normal, n * sizeof *normal);
        }
    }
}

/* sums[j] += dy[j] and products[j] += dy[j] normal[j] */
SNUG_KERNEL(add_sums,
            (size_t n, const float *normal, const float *dy, float *sums, float *products),
            (n, normal, dy, sums, products)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        sums[j] += dy[j];
        products[j] = snug_fma(fused, dy[j], normal[j], products[j]);
    }
}

/* Adds both sums over a part of the batch, some rows and columns of it. */
static void add_gradients(const void *user, const snug_matrix_part *part, float *const *sums) {
    const snug_layer_call *run = user;
    size_t n = run->inputs, at = part->row * n + part->column;
    for (size_t i = 0; i < part->rows; i++, at += n) {
        add_sums(part->columns, run->cache + at, run->dy + at, sums[0], sums[1]);
    }
}

/* dx = factor (dy - sum / rows - normal product / rows), factor = weight / deviation */
SNUG_KERNEL(backward_row,
            (size_t n, float rows, const float *normal, const float *dy, const float *sums,
             const float *products, const float *inverse, float *dx),
            (n, rows, normal, dy, sums, products, inverse, dx)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        float both = snug_fma(fused, normal[j], products[j], sums[j]);
        dx[j] = inverse[j] * (dy[j] - both / rows);
    }
}

/*
 * The gradients of weight and bias are the two sums; dx depends on them too, since the batch's
 * moments depend on every row.
 */
static void backward(const void *config, const snug_layer_call *run) {
    const batch_norm_config *c = config;
    size_t n = run->inputs;
    float *inverse = run->keep, *sums = run->keep + n, *products = run->keep + 2 * n;
    snug_sum_parts(run->rows, n, add_gradients, run, false, 2, (float *const[]){sums, products});
    for (size_t j = 0; c->affine && j < n; j++) {
        run->gradients[WEIGHT][j] += products[j];
        run->gradients[BIAS][j] += sums[j];
        inverse[j] *= run->tensors[WEIGHT][j];
    }
    if (!has_moments(run)) { /* the running statistics do not depend on x */
        memset(sums, 0, 2 * n * sizeof *sums);
    }
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        backward_row(n, (float)run->rows, run->cache + i * n, run->dy + i * n, sums, products,
                     inverse, run->dx + i * n);
    }
}

/* Returns whether the running statistics are the initial ones: prediction then changes nothing. */
static bool is_new(const snug_layer_shape *shape, const float *const *tensors) {
    for (size_t j = 0; j < shape->inputs; j++) {
        if (fabsf(tensors[RUNNING_MEAN][j]) > 0.0F ||
            fabsf(tensors[RUNNING_VARIANCE][j] - 1.0F) > 0.0F) {
            return false;
        }
    }
    return true;
}

/*
 * A snug_layer_kind.moments: columns of mean 0 and variance 1, then weight and bias. What comes of
 * gradients depends on the variance of each column.
 */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    const batch_norm_config *c = config;
    m->gradient = (double)NAN;
    if (!m->training && is_new(shape, tensors)) {
        m->mean /= sqrt(1 + c->epsilon);
        m->variance /= 1 + c->epsilon;
        return;
    }
    m->mean = 0;
    m->variance /= m->variance + c->epsilon;
    if (c->affine) {
        snug_normalized_moments(shape->inputs, tensors[WEIGHT], tensors[BIAS], m);
    }
}

static const snug_field batch_norm_fields[] = {
    SNUG_REAL_FIELD(batch_norm_config, momentum, 0.1, SNUG_FROM_TO(0, 1),
                    "share of a batch's statistics in the running ones"),
    SNUG_REAL_FIELD(batch_norm_config, epsilon, 1e-5, SNUG_ABOVE_TO(0, 1), "added to the variance"),
    SNUG_BOOL_FIELD(batch_norm_config, affine, true,
                    "whether a trained scale and shift a column follow"),
    SNUG_RATE_FACTOR_FIELDS(batch_norm_config, factors),
    SNUG_FIELDS_END,
};

/* (x - mean) factor + bias, by the running statistics. */
static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const batch_norm_config *c = config;
    const size_t n = layer->shape->inputs;
    float *factors = snug_alloc(n, sizeof *factors);
    if (factors == NULL) {
        return snug_graph_fail_as(g, SNUG_ERROR_MEMORY);
    }
    for (size_t j = 0; j < n; j++) {
        float inverse = 1.0F / sqrtf(layer->tensors[RUNNING_VARIANCE][j] + (float)c->epsilon);
        factors[j] = c->affine ? inverse * layer->tensors[WEIGHT][j] : inverse;
    }
    snug_value mean = snug_graph_constant(g, 1, n, layer->tensors[RUNNING_MEAN]);
    snug_value y = snug_graph_binary(g, SNUG_SUBTRACT, layer->x, mean);
    y = snug_graph_binary(g, SNUG_MULTIPLY, y, snug_graph_constant(g, 1, n, factors));
    snug_release(factors);
    if (!c->affine) {
        return y;
    }
    return snug_graph_binary(g, SNUG_ADD, y, snug_graph_constant(g, 1, n, layer->tensors[BIAS]));
}

const snug_layer_kind snug_layer_batch_norm_kind = {
    .base = {.name = "batch_norm",
             .summary = "each column scaled to mean 0 and variance 1, of the batch in training and "
                        "of the running statistics in prediction, then weight x + bias; batches "
                        "have at least 2 rows",
             .fields = batch_norm_fields,
             .config_size = sizeof(batch_norm_config)},
    .flags = SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE | SNUG_MIXES_ROWS,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .moments = moments,
    .graph = graph};

snug_layer *snug_batch_norm(void) {
    return snug_layer_make("batch_norm", NULL);
}
