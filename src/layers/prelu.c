/*
 * PReLU: a ReLU whose slope for x <= 0 is trained. He et al. 2015, "Delving deep into rectifiers",
 * equation 1; the tensor's name is PyTorch's.
 */
#include <math.h>
#include <stdbool.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "layers/parameter_options.h"
#include "layers/unit_sums.h"
#include "math/reduce.h"

typedef struct prelu_config {
    bool shared;
    double initial, learning_rate_factor;
} prelu_config;

/*
 * The slope of unit j is slope[j * step]: step is 1 for a slope per unit, 0 for one shared slope.
 *
 * y = x for x > 0, slope x otherwise
 */
SNUG_KERNEL(prelu_forward, (size_t n, const float *slope, size_t step, const float *x, float *y),
            (n, slope, step, x, y)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        y[j] = x[j] > 0.0F ? x[j] : slope[j * step] * x[j];
    }
}

/* dx = dy for x > 0, slope dy otherwise */
SNUG_KERNEL(prelu_backward,
            (size_t n, const float *slope, size_t step, const float *x, const float *dy, float *dx),
            (n, slope, step, x, dy, dx)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        dx[j] = x[j] > 0.0F ? dy[j] : slope[j * step] * dy[j];
    }
}

/* sums[j] += x dy where x <= 0: the gradient of a slope per unit */
SNUG_KERNEL(add_products, (size_t n, const float *x, const float *dy, float *sums),
            (n, x, dy, sums)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        sums[j] += x[j] > 0.0F ? 0.0F : x[j] * dy[j];
    }
}

/*
 * *sum += x dy where x <= 0, over a whole row: the gradient of the shared slope. In double: it adds
 * up as many numbers as the batch has, not as many as it has rows.
 */
SNUG_KERNEL(sum_products, (size_t n, const float *x, const float *dy, double *sum),
            (n, x, dy, sum)) {
    double total = *sum;
#pragma omp simd reduction(+ : total)
    for (size_t j = 0; j < n; j++) {
        total += x[j] > 0.0F ? 0.0 : (double)x[j] * (double)dy[j];
    }
    *sum = total;
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const prelu_config *c = config;
    shape->outputs = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "weight",
                                      .columns = c->shared ? 1 : shape->inputs,
                                      .initial = (float)c->initial,
                                      .bias = true,
                                      .learning_rate_factor = c->learning_rate_factor};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void forward(const void *config, const snug_layer_call *run) {
    const prelu_config *c = config;
    for (size_t i = 0; i < run->rows; i++) {
        size_t at = i * run->inputs;
        prelu_forward(run->inputs, run->tensors[0], c->shared ? 0 : 1, run->x + at, run->y + at);
    }
}

static void backward(const void *config, const snug_layer_call *run) {
    const prelu_config *c = config;
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        size_t at = i * run->inputs;
        prelu_backward(run->inputs, run->tensors[0], c->shared ? 0 : 1, run->x + at, run->dy + at,
                       run->dx + at);
    }
}

/* Adds the products of some rows and columns to sums[0]. */
static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const snug_layer_call *run = user;
    size_t at = part->row * run->inputs + part->column;
    for (size_t i = 0; i < part->rows; i++, at += run->inputs) {
        add_products(part->columns, run->x + at, run->dy + at, sums[0]);
    }
}

/* The slope's gradient: the sum of x dy over what is not above 0. */
static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const prelu_config *c = config;
    (void)tensor;
    (void)first;
    (void)count;
    if (c->shared) {
        double sum = 0.0;
        sum_products(run->rows * run->inputs, run->x, run->dy, &sum);
        gradient[0] = (run->add_gradients ? gradient[0] : 0.0F) + (float)sum;
        return;
    }
    snug_sum_parts(run->rows, run->inputs, add_part, run, run->add_gradients, 1, &gradient);
}

/*
 * A snug_layer_kind.moments: y = max(x, 0) + a min(x, 0) over all units, with the probability that
 * a Gaussian x is above 0 and its mean and mean square there.
 */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    const prelu_config *c = config;
    double square, a = snug_mean_of(c->shared ? 1 : shape->inputs, tensors[0], &square);
    const double pi = 3.14159265358979323846;
    const double deviation = sqrt(m->variance), mean = m->mean;
    const double z = deviation > 0 ? mean / deviation : copysign((double)INFINITY, mean);
    const double above = erfc(-z * sqrt(0.5)) / 2, density = exp(-z * z / 2) / sqrt(2 * pi);
    const double positive = mean * above + deviation * density;
    const double positive_square = (mean * mean + m->variance) * above + mean * deviation * density;
    m->mean = positive + a * (mean - positive);
    m->variance = fmax(positive_square + square * (mean * mean + m->variance - positive_square) -
                           m->mean * m->mean,
                       0);
    m->gradient = above + square * (1 - above);
}

static const snug_field fields[] = {
    SNUG_BOOL_FIELD(prelu_config, shared, true, "whether all units have one slope"),
    SNUG_REAL_FIELD(prelu_config, initial, 0.25, SNUG_FROM_TO(-1e6, 1e6),
                    "what the slope starts with"),
    SNUG_SPARSE_RATE_FACTOR_FIELD(prelu_config, learning_rate_factor,
                                  "times the learning rate of the slopes"),
    SNUG_FIELDS_END,
};

/* max(x, 0) + slope min(x, 0) */
static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const prelu_config *c = config;
    if (c->shared) {
        return snug_graph_leaky_relu(g, layer->x, (double)layer->tensors[0][0]);
    }
    snug_value slopes = snug_graph_constant(g, 1, layer->shape->inputs, layer->tensors[0]);
    snug_value negative = snug_graph_clip(g, layer->x, -INFINITY, 0);
    return snug_graph_binary(g, SNUG_ADD, snug_graph_leaky_relu(g, layer->x, 0),
                             snug_graph_binary(g, SNUG_MULTIPLY, slopes, negative));
}

const snug_layer_kind snug_layer_prelu_kind = {
    .base = {.name = "prelu",
             .summary = "Y = X for X > 0, a trained slope times X otherwise",
             .fields = fields,
             .config_size = sizeof(prelu_config)},
    .flags = SNUG_READS_INPUT | SNUG_ROWWISE | SNUG_COLUMNWISE,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .moments = moments,
    .init = "he_normal",
    .graph = graph};

snug_layer *snug_prelu(void) {
    return snug_layer_make("prelu", NULL);
}
