/*
 * Layer normalization: each row of X, rows x n, gets mean 0 and variance 1 over its n numbers, then
 * y = weight x + bias with one weight and bias per column (Ba et al. 2016). Rows are independent of
 * each other, in training as in prediction.
 *
 * The cache holds n + 1 numbers per row: the normalized row, and 1 / its deviation.
 */
#include <math.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "layers/parameter_options.h"
#include "layers/unit_sums.h"
#include "math/reduce.h"
#include "math/vector.h"

typedef struct layer_norm_config {
    double epsilon;
    bool affine;
    snug_rate_factors factors;
} layer_norm_config;

enum { WEIGHT, BIAS };

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const layer_norm_config *c = config;
    shape->outputs = shape->inputs;
    shape->cache = shape->inputs + 1; /* the normalized row, and 1 / its deviation */
    snug_plan_scale_and_shift(&c->factors, shape->inputs, &shape->tensors[WEIGHT]);
    shape->tensor_count = c->affine ? 2 : 0;
    return SNUG_OK;
}

/*
 * normal = (x - mean) / sqrt(variance + epsilon); *inverse = 1 / sqrt(variance + epsilon). Sums of
 * numbers far from 0 lose digits: so the first number is subtracted from each, and the sum of the
 * deviations, which is 0 but for rounding, corrects both moments (Chan, Golub and LeVeque 1983,
 * "Algorithms for computing the sample variance").
 */
SNUG_KERNEL(normalize, (size_t n, float epsilon, const float *x, float *normal, float *inverse),
            (n, epsilon, x, normal, inverse)) {
    float sum = 0.0F, rest = 0.0F, square = 0.0F;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < n; j++) {
        sum += x[j] - x[0];
    }
    float mean = x[0] + sum / (float)n;
#pragma omp simd reduction(+ : rest, square)
    for (size_t j = 0; j < n; j++) {
        float apart = x[j] - mean;
        rest += apart;
        square = snug_fma(fused, apart, apart, square);
    }
    rest /= (float)n;
    mean += rest;
    float variance = square / (float)n - rest * rest;
    variance = variance < 0.0F ? 0.0F : variance; /* NaN stays: squares that are no floats */
    float factor = 1.0F / sqrtf(variance + epsilon);
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        normal[j] = (x[j] - mean) * factor;
    }
    *inverse = factor;
}

/* y[j] = normal[j] weight[j] + bias[j] */
static void forward(const void *config, const snug_layer_call *run) {
    const layer_norm_config *c = config;
    size_t n = run->inputs;
    for (size_t i = 0; i < run->rows; i++) {
        float *normal = run->cache + i * (n + 1), *y = run->y + i * n;
        normalize(n, (float)c->epsilon, run->x + i * n, normal, normal + n);
        if (c->affine) {
            snug_affine(n, normal, run->tensors[WEIGHT], run->tensors[BIAS], y);
            continue;
        }
        for (size_t j = 0; j < n; j++) {
            y[j] = normal[j];
        }
    }
}

/* dx = inverse (g - mean(g) - normal mean(g normal)) for g = dy weight */
SNUG_KERNEL(backward_row,
            (size_t n, const float *normal, float inverse, const float *weight, const float *dy,
             float *dx),
            (n, normal, inverse, weight, dy, dx)) {
    float sum = 0.0F, product = 0.0F;
#pragma omp simd reduction(+ : sum, product)
    for (size_t j = 0; j < n; j++) {
        float g = weight != NULL ? dy[j] * weight[j] : dy[j];
        sum += g;
        product = snug_fma(fused, g, normal[j], product);
    }
    sum /= (float)n;
    product /= (float)n;
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        float g = weight != NULL ? dy[j] * weight[j] : dy[j];
        dx[j] = inverse * snug_fma(fused, -normal[j], product, g - sum);
    }
}

/* sums[j] += dy[j] normal[j] */
static void backward(const void *config, const snug_layer_call *run) {
    const layer_norm_config *c = config;
    size_t n = run->inputs;
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        const float *normal = run->cache + i * (n + 1);
        backward_row(n, normal, normal[n], c->affine ? run->tensors[WEIGHT] : NULL, run->dy + i * n,
                     run->dx + i * n);
    }
}

/* Adds dy normal over some rows and columns: the gradient of the weight is the sum over all. */
static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const snug_layer_call *run = user;
    size_t n = run->inputs;
    const float *normal = run->cache + part->row * (n + 1) + part->column;
    const float *dy = run->dy + part->row * n + part->column;
    for (size_t i = 0; i < part->rows; i++, normal += n + 1, dy += n) {
        snug_add_products(part->columns, dy, normal, sums[0]);
    }
}

/*
 * Computes the gradient of the weight, the sums over the rows of dy normal, or of the bias, those
 * of dy; both are vectors, so that first and count always cover all.
 */
static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    size_t n = run->inputs;
    (void)config;
    (void)first;
    (void)count;
    if (tensor == BIAS) {
        snug_sum_rows(run->rows, n, run->dy, run->add_gradients, gradient);
        return;
    }
    snug_sum_parts(run->rows, n, add_part, run, run->add_gradients, 1, &gradient);
}

/*
 * A snug_layer_kind.moments: rows of mean 0 and variance 1, then weight and bias. What comes of
 * gradients depends on the variance of each row.
 */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    const layer_norm_config *c = config;
    m->mean = 0;
    m->variance /= m->variance + c->epsilon;
    m->gradient = (double)NAN;
    if (c->affine) {
        snug_normalized_moments(shape->inputs, tensors[WEIGHT], tensors[BIAS], m);
    }
}

static const snug_field layer_norm_fields[] = {
    SNUG_REAL_FIELD(layer_norm_config, epsilon, 1e-5, SNUG_ABOVE_TO(0, 1), "added to the variance"),
    SNUG_BOOL_FIELD(layer_norm_config, affine, true,
                    "whether a trained scale and shift a column follow"),
    SNUG_RATE_FACTOR_FIELDS(layer_norm_config, factors),
    SNUG_FIELDS_END,
};

/* Adds x minus its mean; once more, it takes away what rounding left of the mean. */
static snug_value centre(snug_graph *g, snug_value x) {
    return snug_graph_binary(g, SNUG_SUBTRACT, x, snug_graph_reduce_columns(g, SNUG_MEAN, x));
}

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const layer_norm_config *c = config;
    snug_value d = centre(g, centre(g, layer->x));
    snug_value square = snug_graph_binary(g, SNUG_MULTIPLY, d, d);
    snug_value variance = snug_graph_reduce_columns(g, SNUG_MEAN, square);
    variance = snug_graph_add_number(g, variance, c->epsilon);
    snug_value y = snug_graph_binary(g, SNUG_DIVIDE, d, snug_graph_unary(g, SNUG_SQRT, variance));
    if (!c->affine) {
        return y;
    }
    const size_t n = layer->shape->inputs;
    y = snug_graph_binary(g, SNUG_MULTIPLY, y,
                          snug_graph_constant(g, 1, n, layer->tensors[WEIGHT]));
    return snug_graph_binary(g, SNUG_ADD, y, snug_graph_constant(g, 1, n, layer->tensors[BIAS]));
}

const snug_layer_kind snug_layer_layer_norm_kind = {
    .base = {.name = "layer_norm",
             .summary = "each row scaled to mean 0 and variance 1, then weight x + bias",
             .fields = layer_norm_fields,
             .config_size = sizeof(layer_norm_config)},
    .flags = SNUG_ROWWISE,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .moments = moments,
    .graph = graph};

snug_layer *snug_layer_norm(void) {
    return snug_layer_make("layer_norm", NULL);
}
