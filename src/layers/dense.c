/*
 * Fully connected layer: Y = X W + b.
 *
 *     X  rows x inputs      W  inputs x units      b  units      Y  rows x units
 *
 * Forward is one matrix product, backward two: dW = X' dY and dX = dY W'; db sums the rows of dY.
 * With weight normalization (Salimans and Kingma 2016) the trained tensors are a direction V, as
 * large as W, and a length g per unit; W is computed from them in each forward pass.
 */
#include <math.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/graph.h"
#include "init/linear_fit.h"
#include "kinds/field_macros.h"
#include "kinds/field_units.h"
#include "kinds/fields.h"
#include "layers/parameter_options.h"
#include "layers/penalty.h"
#include "layers/unit_sums.h"
#include "layers/weight_norm.h"
#include "math/linear.h"
#include "math/reduce.h"

typedef struct dense_config {
    size_t units;
    bool bias, weight_norm;
    snug_object *init;
    snug_penalties penalties;
    snug_parameter_options options;
} dense_config;

/* Indices of the tensors: the weight and, with weight normalization, the lengths; then the bias. */
enum { WEIGHT, LENGTH };

/* Returns the index of the bias, which comes after the lengths where there are any. */
static size_t bias_at(const dense_config *c) {
    return c->weight_norm ? LENGTH + 1 : WEIGHT + 1;
}

/*
 * Makes the weight a direction per column and adds the tensor of the lengths, 1 x units, which
 * starts with the lengths of the initial directions, so that W starts as without normalization.
 * Kept from forward to backward: W and dW (inputs x units each), and two numbers per unit.
 */
static void plan_weight_norm(snug_layer_shape *shape) {
    snug_tensor *weight = &shape->tensors[WEIGHT];
    weight->name = "weight_v";
    shape->tensors[LENGTH] = (snug_tensor){.name = "weight_g",
                                           .rows = 1,
                                           .columns = weight->columns,
                                           .transposed = true,
                                           .column_lengths = true,
                                           .learning_rate_factor = weight->learning_rate_factor};
    shape->keep = 2 * weight->rows * weight->columns + 2 * weight->columns;
}

/*
 * Declares the tensors. The initializer is the configured one or the default that suits the next
 * layer. Named units have become a number before this if the data is known.
 */
static snug_status plan(const void *config, snug_layer_shape *shape) {
    const dense_config *c = config;
    if (snug_units_check(c->units) != SNUG_OK) {
        return snug_error_status();
    }
    shape->outputs = c->units;
    shape->tensors[WEIGHT] = (snug_tensor){
        .name = "weight",
        .rows = shape->inputs,
        .columns = c->units,
        .transposed = true,
        .init = c->init != NULL ? c->init : snug_default_init(&c->options, shape),
        .fan_in = shape->inputs,
        .fan_out = c->units,
        .learning_rate_factor = snug_weight_rate_factor(&c->options, shape->inputs),
    };
    snug_penalize(&shape->tensors[WEIGHT], &c->penalties);
    if (c->weight_norm) {
        plan_weight_norm(shape);
    }
    shape->tensors[bias_at(c)] = snug_bias_tensor(&c->options, shape->inputs, c->units);
    shape->tensor_count = bias_at(c) + (c->bias ? 1 : 0);
    shape->fitted = snug_init_needs_data(shape->tensors[WEIGHT].init) ||
                    (c->bias && snug_init_needs_data(shape->tensors[bias_at(c)].init));
    return SNUG_OK;
}

/*
 * Fits the initial weights and biases to training rows. With weight normalization W is V at first,
 * so that the lengths are those of its columns.
 */
static snug_status fit(const void *config, const snug_layer_fit *f) {
    const dense_config *c = config;
    const snug_tensor *tensors = f->shape->tensors;
    const snug_linear_data data = {f->rows, f->shape->inputs, f->shape->outputs, f->x, f->random};
    size_t bias = bias_at(c);
    snug_status status =
        snug_fit_linear(&data, tensors[WEIGHT].init, f->tensors[WEIGHT],
                        c->bias ? tensors[bias].init : NULL, c->bias ? f->tensors[bias] : NULL);
    if (status == SNUG_OK && c->weight_norm) {
        snug_column_lengths(data.inputs, data.outputs, f->tensors[WEIGHT], f->tensors[LENGTH]);
    }
    return status;
}

/*
 * The parts of run->keep under weight normalization: W and dW, inputs x units each, and per unit
 * 1 / |v| and a work space of backward.
 */
typedef struct kept {
    float *weight, *gradient, *inverse, *products;
} kept;

static kept kept_of(const snug_layer_call *run) {
    size_t n = run->inputs * run->outputs;
    return (kept){run->keep, run->keep + n, run->keep + 2 * n, run->keep + 2 * n + run->outputs};
}

/*
 * Without weight normalization a share of the rows can be computed by one thread alone. With it the
 * lengths and their gradients need all rows at once.
 */
static unsigned flags_of(const void *config) {
    const dense_config *c = config;
    return c->weight_norm ? 0 : SNUG_ROWWISE;
}

/* Returns the shape of the products of this call. */
static snug_linear map_of(const snug_layer_call *run) {
    return (snug_linear){run->rows, run->inputs, run->outputs, run->large};
}

/* Computes y = x W + b; with weight normalization first W = g V / |V|. */
static void forward(const void *config, const snug_layer_call *run) {
    const dense_config *c = config;
    const snug_linear map = map_of(run);
    const float *weight = run->tensors[WEIGHT];
    if (c->weight_norm) {
        kept k = kept_of(run);
        snug_weight_norm(run->inputs, run->outputs, weight, run->tensors[LENGTH], k.weight,
                         k.inverse);
        weight = k.weight;
    }
    snug_linear_forward(&map, run->x, weight, c->bias ? run->tensors[bias_at(c)] : NULL, run->y);
}

/*
 * Computes rows first .. first + count - 1 of dW = x' dy, or db, the sum of the rows of dy; sets
 * them or, if run->add_gradients, adds to them. The session asks for a large dW in portions that
 * are still in the cache when the optimizer uses them.
 */
static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const snug_linear map = map_of(run);
    (void)config;
    if (tensor == WEIGHT) {
        snug_linear_backward_weight(&map, run->x, run->dy, run->add_gradients, first, count,
                                    gradient);
    } else {
        snug_sum_rows(run->rows, run->outputs, run->dy, run->add_gradients, gradient);
    }
}

/* Adds the gradients of V, g and b, and returns the W of the forward pass for dx. */
static const float *backward_normalized(const dense_config *c, const snug_layer_call *run) {
    const snug_linear map = map_of(run);
    kept k = kept_of(run);
    if (c->bias) {
        snug_sum_rows(run->rows, run->outputs, run->dy, true, run->gradients[bias_at(c)]);
    }
    snug_linear_backward_weight(&map, run->x, run->dy, false, 0, run->inputs, k.gradient);
    snug_weight_norm_backward(run->inputs, run->outputs, run->tensors[WEIGHT], run->tensors[LENGTH],
                              k.inverse, k.gradient, k.products, run->gradients[WEIGHT],
                              run->gradients[LENGTH]);
    return k.weight;
}

/* Computes dx = dy W'. Without weight normalization gradients() computes the others. */
static void backward(const void *config, const snug_layer_call *run) {
    const dense_config *c = config;
    const snug_linear map = map_of(run);
    const float *weight = c->weight_norm ? backward_normalized(c, run) : run->tensors[WEIGHT];
    if (run->dx != NULL) {
        snug_linear_backward_input(&map, run->dy, weight, false, run->dx);
    }
}

/* A snug_layer_kind.unit_sums: of W as it is, or of W = g V / |V|. */
static void unit_sums(const void *config, const snug_layer_shape *shape,
                      const float *const *tensors, snug_unit_sums *units) {
    const dense_config *c = config;
    snug_sum_units(shape->inputs, shape->outputs, tensors[WEIGHT], NULL,
                   c->bias ? tensors[bias_at(c)] : NULL, units);
    for (size_t j = 0; c->weight_norm && j < shape->outputs; j++) {
        double length = sqrt(units[j].square);
        snug_scale_unit(&units[j], length > 0 ? (double)tensors[LENGTH][j] / length : 0);
    }
}

static const snug_field dense_fields[] = {
    {SNUG_FIELD(dense_config, units, UNITS,
                "number of outputs; \"classes\" or \"targets\": as many as the data needs"),
     .required = true, .min = 1, .max = 1 << 24},
    SNUG_BOOL_FIELD(dense_config, bias, true, "whether b is there"),
    SNUG_BOOL_FIELD(dense_config, weight_norm, false,
                    "whether W's columns are trained as a direction and a length"),
    {SNUG_FIELD(dense_config, init, OBJECT,
                "initial weights; null: what suits the next activation or layer, or lecun_normal"),
     .group = SNUG_GROUP_INIT},
    SNUG_PENALTY_FIELDS(dense_config, penalties),
    SNUG_PARAMETER_FIELDS(dense_config, options),
    SNUG_FIELDS_END,
};

/* Refuses penalties of V: its length means nothing, since W does not depend on it. */
static const char *check(const void *config) {
    const dense_config *c = config;
    return c->weight_norm && snug_penalizes(&c->penalties)
               ? "l1, l2 and max_norm are for weights as they are, without weight_norm"
               : NULL;
}

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const dense_config *c = config;
    const size_t inputs = layer->shape->inputs, units = layer->shape->outputs;
    const float *bias = c->bias ? layer->tensors[bias_at(c)] : NULL;
    snug_linear_weights map = {1, inputs, units, layer->tensors[WEIGHT], bias};
    if (!c->weight_norm) {
        return snug_graph_linear(g, layer->x, &map);
    }
    /* As large as a tensor of the model, and a row more: the product does not overflow. */
    float *weight = snug_alloc((inputs + 1) * units, sizeof *weight);
    if (weight == NULL) {
        return snug_graph_fail_as(g, SNUG_ERROR_MEMORY);
    }
    snug_weight_norm(inputs, units, layer->tensors[WEIGHT], layer->tensors[LENGTH], weight,
                     weight + inputs * units);
    map.weights = weight;
    snug_value y = snug_graph_linear(g, layer->x, &map);
    snug_release(weight);
    return y;
}

const snug_layer_kind snug_layer_dense_kind = {
    .base = {.name = "dense",
             .summary = "Y = X W + b, every output from every input",
             .fields = dense_fields,
             .config_size = sizeof(dense_config),
             .check = check},
    .flags = SNUG_READS_INPUT,
    .flags_of = flags_of,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .fit = fit,
    .unit_sums = unit_sums,
    .graph = graph};

snug_layer *snug_dense(size_t units) {
    const char *name = snug_units_name(units);
    return snug_layer_make("dense",
                           SNUG_FIELDS(name != NULL ? snug_string("units", name)
                                                    : snug_number("units", (double)units)));
}
