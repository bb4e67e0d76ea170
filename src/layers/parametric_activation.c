/*
 * An activation function f with a trained strength for each unit,
 *
 *     y_j = (1 - a_j) x_j + a_j f(x)_j,
 *
 * where all a_j start at 1, so that the layer starts as f itself; a_j = 0 is the identity. From
 * Holzmueller, Grinsztajn and Steinwart 2024, "Better by default: strong pre-tuned MLPs and boosted
 * trees on tabular data". The cache keeps f(x) from forward to backward.
 */
#include <math.h>

#include <snug/layer.h>

#include "activations/activation_graph.h"
#include "activations/scalar_function.h"
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "kinds/object.h"
#include "layers/parameter_options.h"
#include "layers/unit_sums.h"
#include "math/reduce.h"
#include "math/vector.h"
#include "theory/mapping.h"

typedef struct parametric_config {
    snug_object *function;
    double learning_rate_factor;
} parametric_config;

static const snug_activation_kind *function_kind(const parametric_config *config) {
    return (const snug_activation_kind *)(const void *)config->function->kind;
}

/* y = (1 - a) x + a f for each row. With a = 1 it is f to the bit. */
SNUG_KERNEL(mix,
            (size_t rows, size_t columns, const float *a, const float *x, const float *f, float *y),
            (rows, columns, a, x, f, y)) {
    for (size_t i = 0; i < rows; i++) {
        const size_t at = i * columns;
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            y[at + j] = snug_fma(fused, a[j], f[at + j], (1.0F - a[j]) * x[at + j]);
        }
    }
}

/* dx += (1 - a) dy */
SNUG_KERNEL(add_rest, (size_t rows, size_t columns, const float *a, const float *dy, float *dx),
            (rows, columns, a, dy, dx)) {
    for (size_t i = 0; i < rows; i++) {
        const size_t at = i * columns;
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            dx[at + j] = snug_fma(fused, 1.0F - a[j], dy[at + j], dx[at + j]);
        }
    }
}

/* sums[j] += (f - x) dy, row after row; the rows are `stride` apart. */
SNUG_KERNEL(add_differences,
            (size_t rows, size_t columns, size_t stride, const float *f, const float *x,
             const float *dy, float *sums),
            (rows, columns, stride, f, x, dy, sums)) {
    for (size_t i = 0; i < rows; i++) {
        const size_t at = i * stride;
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            sums[j] = snug_fma(fused, f[at + j] - x[at + j], dy[at + j], sums[j]);
        }
    }
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const parametric_config *c = config;
    shape->outputs = shape->cache = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "weight",
                                      .columns = shape->inputs,
                                      .initial = 1.0F,
                                      .learning_rate_factor = c->learning_rate_factor};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void forward(const void *config, const snug_layer_call *run) {
    const parametric_config *c = config;
    function_kind(c)->forward(c->function->config, run->rows, run->inputs, run->x, run->cache);
    mix(run->rows, run->inputs, run->tensors[0], run->x, run->cache, run->y);
}

/*
 * dx = (1 - a) dy + f'(x) (a dy): the function's own backward, of a dy, and the identity's. a is
 * applied before f', as a softmax mixes the columns.
 */
static void backward(const void *config, const snug_layer_call *run) {
    const parametric_config *c = config;
    const snug_activation_kind *kind = function_kind(c);
    if (run->dx == NULL) {
        return;
    }
    snug_scale_columns(run->rows, run->inputs, run->tensors[0], run->dy, run->dx);
    kind->backward(c->function->config, run->rows, run->inputs,
                   kind->flags & SNUG_READS_INPUT ? run->x : NULL,
                   kind->flags & SNUG_READS_OUTPUT ? run->cache : NULL, run->dx, run->dx);
    add_rest(run->rows, run->inputs, run->tensors[0], run->dy, run->dx);
}

/* Adds the products of some rows and columns to sums[0]. */
static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const snug_layer_call *run = user;
    size_t at = part->row * run->inputs + part->column;
    add_differences(part->rows, part->columns, run->inputs, run->cache + at, run->x + at,
                    run->dy + at, sums[0]);
}

/* da_j is the sum over the rows of (f(x)_j - x_j) dy_j. */
static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    (void)config;
    (void)tensor;
    (void)first;
    (void)count;
    snug_sum_parts(run->rows, run->inputs, add_part, run, run->add_gradients, 1, &gradient);
}

/*
 * A snug_layer_kind.moments: of the mixture of each unit, over all units. With strengths of mean A
 * and mean square S, and E f, Var f and the slope E x f = mean E f + variance slope of Gaussian x:
 *
 *     mean      (1 - A) mean + A E f
 *     variance  E(1 - a)^2 variance + 2 E a(1 - a) variance slope + S Var f of a unit, and between
 *               units (S - A^2) (E f - mean)^2
 */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    const parametric_config *c = config;
    double square, a = snug_mean_of(shape->inputs, tensors[0], &square);
    double rest = 1 - 2 * a + square, both = a - square, mean = m->mean;
    snug_activation_function f;
    snug_mapped y;
    if (!snug_activation_is_elementwise(function_kind(c))) {
        m->mean = m->variance = m->gradient = (double)NAN;
        return;
    }
    snug_activation_function_init(&f, function_kind(c), c->function->config);
    snug_map_by_quadrature(&f.function, mean, m->variance, &y);
    m->mean = (1 - a) * mean + a * y.moments.mean;
    m->variance = rest * m->variance + 2 * both * m->variance * y.mean_by_mean +
                  square * y.moments.variance +
                  fmax(square - a * a, 0) * (y.moments.mean - mean) * (y.moments.mean - mean);
    m->gradient = rest + 2 * both * y.moments.slope + square * y.moments.squared_slope;
}

static const snug_field fields[] = {
    {SNUG_FIELD(parametric_config, function, OBJECT, "the activation function"),
     .group = SNUG_GROUP_ACTIVATION, .required = true},
    SNUG_RATE_FACTOR_FIELD(parametric_config, learning_rate_factor,
                           "times the learning rate of the strengths"),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const parametric_config *c = config;
    const float one = 1;
    snug_value f = snug_graph_activation(g, function_kind(c), c->function->config, layer->x);
    snug_value a = snug_graph_constant(g, 1, layer->shape->inputs, layer->tensors[0]);
    snug_value rest = snug_graph_binary(g, SNUG_SUBTRACT, snug_graph_constant(g, 1, 1, &one), a);
    return snug_graph_binary(g, SNUG_ADD, snug_graph_binary(g, SNUG_MULTIPLY, rest, layer->x),
                             snug_graph_binary(g, SNUG_MULTIPLY, a, f));
}

const snug_layer_kind snug_layer_parametric_activation_kind = {
    .base = {.name = "parametric_activation",
             .summary = "Y = (1 - a) X + a f(X) with a trained strength for each unit, 1 at first",
             .fields = fields,
             .config_size = sizeof(parametric_config)},
    .flags = SNUG_READS_INPUT | SNUG_ROWWISE | SNUG_COLUMNWISE,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .activation = "function",
    .moments = moments,
    .graph = graph};

snug_layer *snug_parametric_activation(const char *function) {
    return snug_layer_make("parametric_activation", SNUG_FIELDS(snug_string("function", function)));
}
