/*
 * Residual block: Y = block(X) + X, or block(X) + X P where the widths differ (He et al. 2015,
 * "Deep residual learning for image recognition"; P is their projection shortcut). X is
 * rows x inputs, block(X) and Y rows x outputs, P inputs x outputs.
 *
 * The session runs the block; this layer adds the shortcut.
 */
#include <math.h>
#include <string.h>

#include <snug/layer.h>

#include "kinds/field_macros.h"
#include "kinds/object.h"
#include "layers/parameter_options.h"
#include "layers/unit_sums.h"
#include "math/linear.h"
#include "math/reduce.h"

typedef struct residual_config {
    snug_layer_list layers;
    double learning_rate_factor;
} residual_config;

enum { PROJECTION };

/* The width is the width of the block; P exists only where it differs from the inputs. */
static snug_status plan(const void *config, snug_layer_shape *shape) {
    const residual_config *c = config;
    shape->outputs = shape->inner;
    if (shape->inner == shape->inputs) {
        return SNUG_OK;
    }
    shape->tensors[PROJECTION] = (snug_tensor){.name = "projection.weight",
                                               .rows = shape->inputs,
                                               .columns = shape->inner,
                                               .transposed = true,
                                               .init = shape->next_init,
                                               .fan_in = shape->inputs,
                                               .fan_out = shape->inner,
                                               .learning_rate_factor = c->learning_rate_factor};
    shape->tensor_count = 1;
    return SNUG_OK;
}

/* Returns the shape of the products with P. */
static snug_linear projection_of(const snug_layer_call *run) {
    return (snug_linear){run->rows, run->inputs, run->outputs, run->large};
}

/* Computes y = x, or x P, and adds the result of the block, run->inner. */
static void forward(const void *config, const snug_layer_call *run) {
    const snug_linear map = projection_of(run);
    size_t n = run->rows * run->outputs;
    (void)config;
    if (run->inputs == run->outputs) {
        memcpy(run->y, run->x, n * sizeof *run->y);
    } else {
        snug_linear_forward(&map, run->x, run->tensors[PROJECTION], NULL, run->y);
    }
    snug_vector_add(n, run->inner, run->y);
}

/*
 * Gives dy to the block and to the shortcut alike; the session adds the gradient that comes back
 * through the block to dx afterwards.
 */
static void backward(const void *config, const snug_layer_call *run) {
    const snug_linear map = projection_of(run);
    size_t bytes = run->rows * run->outputs * sizeof *run->dy;
    (void)config;
    memcpy(run->dinner, run->dy, bytes);
    if (run->inputs == run->outputs) {
        if (run->dx != NULL) {
            memcpy(run->dx, run->dy, bytes);
        }
        return;
    }
    snug_linear_backward_weight(&map, run->x, run->dy, true, 0, run->inputs,
                                run->gradients[PROJECTION]);
    if (run->dx != NULL) {
        snug_linear_backward_input(&map, run->dy, run->tensors[PROJECTION], false, run->dx);
    }
}

/* A snug_layer_kind.moments: the block's result and the shortcut are independent, and add up. */
static void moments(const void *config, const snug_layer_shape *shape, const float *const *tensors,
                    snug_layer_moments *m) {
    (void)config;
    if (m->inner == NULL) {
        m->mean = m->variance = m->gradient = (double)NAN;
        return;
    }
    m->gradient = 1;
    if (shape->inputs != shape->outputs) {
        snug_linear_moments(shape->inputs, shape->outputs, tensors[PROJECTION], NULL, m);
    }
    m->mean += m->inner->mean;
    m->variance += m->inner->variance;
    m->gradient += m->inner->gradient;
}

static const snug_field residual_fields[] = {
    {SNUG_FIELD(residual_config, layers, LAYERS, "the layers that the skip passes by"),
     .required = true},
    SNUG_SPARSE_RATE_FACTOR_FIELD(residual_config, learning_rate_factor,
                                  "times the learning rate of the projection"),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const size_t inputs = layer->shape->inputs, outputs = layer->shape->outputs;
    snug_value shortcut = layer->x;
    (void)config;
    if (inputs != outputs) {
        const snug_linear_weights projection = {1, inputs, outputs, layer->tensors[PROJECTION],
                                                NULL};
        shortcut = snug_graph_linear(g, layer->x, &projection);
    }
    return snug_graph_binary(g, SNUG_ADD, shortcut, layer->inner);
}

const snug_layer_kind snug_layer_residual_kind = {
    .base = {.name = "residual",
             .summary = "Y = block(X) + X; a trained projection of X where the widths differ",
             .fields = residual_fields,
             .config_size = sizeof(residual_config)},
    .flags = SNUG_READS_INPUT,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .block = "layers",
    .moments = moments,
    .graph = graph};

snug_layer *snug_residual(snug_layer *const *layers) {
    return snug_layer_make("residual", SNUG_FIELDS(snug_nested_layers("layers", layers)));
}
