/*
 * Highway block: Y = T block(X) + (1 - T) X, element by element, with the gate
 * T = sigmoid(X W + b) (Srivastava et al. 2015, "Highway networks"). All of X, T, block(X) and Y
 * are rows x n; W is n x n. A negative initial bias keeps the gate mostly closed at first, so that
 * a deep network starts near the identity.
 */
#include <math.h>

#include <snug/layer.h>

#include "activations/scalar_function.h"
#include "core/status.h"
#include "kinds/builtin_kinds.h"
#include "kinds/field_macros.h"
#include "kinds/object.h"
#include "layers/parameter_options.h"
#include "layers/penalty.h"
#include "layers/unit_sums.h"
#include "math/linear.h"
#include "math/reduce.h"

typedef struct highway_config {
    snug_layer_list layers;
    double gate_bias;
    snug_penalties penalties;
    snug_rate_factors factors;
} highway_config;

enum { WEIGHT, BIAS };

/*
 * Declares the gate's tensors; the width must stay, for X is added to the block's result. Kept from
 * forward to backward: the gate and the gradient of its inputs, n numbers per row each.
 */
static snug_status plan(const void *config, snug_layer_shape *shape) {
    const highway_config *c = config;
    size_t n = shape->inputs;
    if (shape->inner != n) {
        return snug_fail(
            SNUG_ERROR_CONFIG,
            "its layers have %zu outputs where %zu inputs pass by: a highway keeps the "
            "width",
            shape->inner, n);
    }
    shape->outputs = n;
    shape->cache = 2 * n; /* the gate and its gradient */
    shape->tensors[WEIGHT] = (snug_tensor){.name = "gate.weight",
                                           .rows = n,
                                           .columns = n,
                                           .transposed = true,
                                           .init = shape->next_init,
                                           .fan_in = n,
                                           .fan_out = n,
                                           .learning_rate_factor = c->factors.learning_rate_factor};
    snug_penalize(&shape->tensors[WEIGHT], &c->penalties);
    shape->tensors[BIAS] =
        (snug_tensor){.name = "gate.bias",
                      .columns = n,
                      .initial = (float)c->gate_bias,
                      .bias = true,
                      .learning_rate_factor = c->factors.bias_learning_rate_factor};
    shape->tensor_count = 2;
    return SNUG_OK;
}

/* Computes the gate into the cache, then y = x + T (block(x) - x). */
static void forward(const void *config, const snug_layer_call *run) {
    size_t width = run->inputs, n = run->rows * width;
    const snug_linear map = {run->rows, width, width, run->large};
    float *gate = run->cache;
    (void)config;
    snug_linear_forward(&map, run->x, run->tensors[WEIGHT], run->tensors[BIAS], gate);
    snug_activation_sigmoid_kind.forward(NULL, run->rows, width, gate, gate);
    for (size_t i = 0; i < n; i++) {
        run->y[i] = run->x[i] + gate[i] * (run->inner[i] - run->x[i]);
    }
}

/*
 * Divides dy: the block gets T dy, x gets (1 - T) dy, and the gate dT = dy (block(x) - x). Through
 * the sigmoid, whose derivative is T (1 - T), dT becomes the gradient of X W + b, and from there
 * that of W, b and, once more, x.
 */
static void backward(const void *config, const snug_layer_call *run) {
    size_t width = run->inputs, n = run->rows * width;
    const snug_linear map = {run->rows, width, width, run->large};
    const float *gate = run->cache;
    float *dgate = run->cache + n;
    (void)config;
    for (size_t i = 0; i < n; i++) {
        float t = gate[i];
        dgate[i] = run->dy[i] * (run->inner[i] - run->x[i]) * t * (1.0F - t);
        run->dinner[i] = run->dy[i] * t;
        if (run->dx != NULL) {
            run->dx[i] = run->dy[i] * (1.0F - t);
        }
    }
    snug_linear_backward_weight(&map, run->x, dgate, true, 0, width, run->gradients[WEIGHT]);
    snug_sum_rows(run->rows, width, dgate, true, run->gradients[BIAS]);
    if (run->dx != NULL) {
        snug_linear_backward_input(&map, dgate, run->tensors[WEIGHT], true, run->dx);
    }
}

/*
 * A snug_layer_kind.moments: x, the block's result h and the gate T are independent of each other,
 * and the gate's inputs are Gaussian. With t = E T and t2 = E T^2
 *
 *     E y      (1 - t) E x + t E h
 *     E y^2    (1 - 2 t + t2) E x^2 + 2 (t - t2) E x E h + t2 E h^2
 *
 * and gradients go to x past the gate, through the block, and through the gate.
 */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    snug_layer_moments gate = *m;
    snug_activation_function sigmoid;
    (void)config;
    if (m->inner == NULL || !isfinite(m->inner->mean) || !(m->inner->variance >= 0)) {
        m->mean = m->variance = m->gradient = (double)NAN;
        return;
    }
    snug_linear_moments(shape->inputs, shape->inputs, tensors[WEIGHT], tensors[BIAS], &gate);
    snug_activation_function_init(&sigmoid, &snug_activation_sigmoid_kind, NULL);
    snug_gaussian_moments T = snug_theory_moments(&sigmoid.function, gate.mean, gate.variance);
    double h = m->inner->mean, h_square = m->inner->variance + h * h;
    double x = m->mean, x_square = m->variance + x * x;
    double t = T.mean, t2 = T.variance + t * t, past = 1 - 2 * t + t2;
    m->mean = (1 - t) * x + t * h;
    m->variance = past * x_square + 2 * (t - t2) * x * h + t2 * h_square - m->mean * m->mean;
    m->gradient = past + t2 * m->inner->gradient +
                  (x_square - 2 * x * h + h_square) * T.squared_slope * gate.gradient;
}

static const snug_field highway_fields[] = {
    {SNUG_FIELD(highway_config, layers, LAYERS,
                "the layers that the gate lets through; as many outputs as inputs"),
     .required = true},
    SNUG_REAL_FIELD(highway_config, gate_bias, -2, SNUG_ANY_NUMBER,
                    "initial bias of the gate: below 0 it starts mostly closed"),
    SNUG_PENALTY_FIELDS(highway_config, penalties),
    SNUG_RATE_FACTOR_FIELDS(highway_config, factors),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    (void)config;
    const size_t n = layer->shape->inputs;
    const snug_linear_weights map = {1, n, n, layer->tensors[WEIGHT], layer->tensors[BIAS]};
    snug_value gate = snug_graph_unary(g, SNUG_SIGMOID, snug_graph_linear(g, layer->x, &map));
    snug_value change = snug_graph_binary(g, SNUG_SUBTRACT, layer->inner, layer->x);
    return snug_graph_binary(g, SNUG_ADD, layer->x,
                             snug_graph_binary(g, SNUG_MULTIPLY, gate, change));
}

const snug_layer_kind snug_layer_highway_kind = {
    .base = {.name = "highway",
             .summary = "Y = T block(X) + (1 - T) X with a trained gate T = sigmoid(X W + b)",
             .fields = highway_fields,
             .config_size = sizeof(highway_config)},
    .flags = SNUG_READS_INPUT,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .block = "layers",
    .moments = moments,
    .graph = graph};

snug_layer *snug_highway(snug_layer *const *layers) {
    return snug_layer_make("highway", SNUG_FIELDS(snug_nested_layers("layers", layers)));
}
