/*
 * A trained factor for each column: y_j = s_j x_j, where all s_j start at 1. In front of the first
 * dense layer, with a large learning rate, it lets training choose among the features: the scaling
 * layer of Holzmueller, Grinsztajn and Steinwart 2024, "Better by default: strong pre-tuned MLPs
 * and boosted trees on tabular data".
 */
#include <math.h>

#include <snug/layer.h>

#include "kinds/field_macros.h"
#include "layers/parameter_options.h"
#include "layers/unit_sums.h"
#include "math/reduce.h"
#include "math/vector.h"

typedef struct feature_scale_config {
    double learning_rate_factor;
} feature_scale_config;

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const feature_scale_config *c = config;
    shape->outputs = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "weight",
                                      .columns = shape->inputs,
                                      .initial = 1.0F,
                                      .learning_rate_factor = c->learning_rate_factor};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void forward(const void *config, const snug_layer_call *run) {
    (void)config;
    snug_scale_columns(run->rows, run->inputs, run->tensors[0], run->x, run->y);
}

static void backward(const void *config, const snug_layer_call *run) {
    (void)config;
    if (run->dx != NULL) {
        snug_scale_columns(run->rows, run->inputs, run->tensors[0], run->dy, run->dx);
    }
}

/* Adds the products of some rows and columns to sums[0]. */
static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const snug_layer_call *run = user;
    size_t at = part->row * run->inputs + part->column;
    for (size_t i = 0; i < part->rows; i++, at += run->inputs) {
        snug_add_products(part->columns, run->x + at, run->dy + at, sums[0]);
    }
}

/* ds_j is the sum over the rows of x_j dy_j. */
static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    (void)config;
    (void)tensor;
    (void)first;
    (void)count;
    snug_sum_parts(run->rows, run->inputs, add_part, run, run->add_gradients, 1, &gradient);
}

/* A snug_layer_kind.moments: over all columns. */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    double square, mean = snug_mean_of(shape->inputs, tensors[0], &square);
    (void)config;
    m->variance = square * m->variance + fmax(square - mean * mean, 0) * m->mean * m->mean;
    m->mean *= mean;
    m->gradient = square;
}

static const snug_field fields[] = {
    SNUG_RATE_FACTOR_FIELD(feature_scale_config, learning_rate_factor,
                           "times the learning rate of the factors"),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    (void)config;
    snug_value factors = snug_graph_constant(g, 1, layer->shape->inputs, layer->tensors[0]);
    return snug_graph_binary(g, SNUG_MULTIPLY, layer->x, factors);
}

const snug_layer_kind snug_layer_feature_scale_kind = {
    .base = {.name = "feature_scale",
             .summary = "Y = s X with a trained factor for each column, which starts at 1",
             .fields = fields,
             .config_size = sizeof(feature_scale_config)},
    .flags = SNUG_READS_INPUT | SNUG_ROWWISE | SNUG_COLUMNWISE | SNUG_KEEPS_ACTIVATION,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .moments = moments,
    .graph = graph};

snug_layer *snug_feature_scale(void) {
    return snug_layer_make("feature_scale", NULL);
}
