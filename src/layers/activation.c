/*
 * Any activation function as a layer: Y = f(X), rows x n each. The function's own descriptor does
 * the work; in JSON the layer is written as the function ("selu", {"type": "elu", "alpha": 1.5}).
 */
#include <snug/activation.h>
#include <snug/layer.h>

#include "activations/activation_graph.h"
#include "kinds/field_macros.h"
#include "kinds/object.h"

typedef struct activation_config {
    snug_object *function;
} activation_config;

static const snug_activation_kind *function_kind(const activation_config *config) {
    return (const snug_activation_kind *)(const void *)config->function->kind;
}

/* Returns which of x and y backward reads: what the function reads. */
static unsigned flags_of(const void *config) {
    return function_kind(config)->flags;
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    return SNUG_OK;
}

static void forward(const void *config, const snug_layer_call *run) {
    const activation_config *c = config;
    function_kind(c)->forward(c->function->config, run->rows, run->inputs, run->x, run->y);
}

/* Passes on only what the function reads: the plan may have reused the other buffer. */
static void backward(const void *config, const snug_layer_call *run) {
    const activation_config *c = config;
    const snug_activation_kind *kind = function_kind(c);
    if (run->dx == NULL) {
        return;
    }
    kind->backward(c->function->config, run->rows, run->inputs,
                   kind->flags & SNUG_READS_INPUT ? run->x : NULL,
                   kind->flags & SNUG_READS_OUTPUT ? run->y : NULL, run->dy, run->dx);
}

static const snug_field activation_fields[] = {
    {SNUG_FIELD(activation_config, function, OBJECT, "the activation function"),
     .group = SNUG_GROUP_ACTIVATION, .required = true},
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const activation_config *c = config;
    return snug_graph_activation(g, function_kind(c), c->function->config, layer->x);
}

const snug_layer_kind snug_layer_activation_kind = {
    .base = {.name = "activation",
             .summary =
                 "Y = f(X) for an activation function f; \"selu\" is short for it around selu",
             .fields = activation_fields,
             .config_size = sizeof(activation_config)},
    .flags = SNUG_IN_PLACE | SNUG_COLUMNWISE | SNUG_ROWWISE,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .wraps = "function",
    .flags_of = flags_of,
    .graph = graph};

/* ---- constructors ---------------------------------------------------------------------------- */

/* Defines the constructor of an activation's layer, with all fields at their defaults. */
#define ACTIVATION(name)                                                                           \
    /* NOLINTNEXTLINE(bugprone-macro-parentheses) */                                               \
    snug_layer *snug_##name(void) {                                                                \
        return snug_layer_make(#name, NULL);                                                       \
    }
ACTIVATION(selu)
ACTIVATION(serlu)
ACTIVATION(relu)
ACTIVATION(tanh)
ACTIVATION(sigmoid)
ACTIVATION(exp)
ACTIVATION(identity)
ACTIVATION(softmax)
ACTIVATION(relu6)
ACTIVATION(hard_tanh)
ACTIVATION(hard_sigmoid)
ACTIVATION(hard_swish)
ACTIVATION(softplus)
ACTIVATION(softsign)
ACTIVATION(silu)
ACTIVATION(mish)
ACTIVATION(gelu)
ACTIVATION(log_sigmoid)
ACTIVATION(log_softmax)

snug_layer *snug_elu(double alpha) {
    return snug_layer_make("elu", SNUG_FIELDS(snug_number("alpha", alpha)));
}

snug_layer *snug_celu(double alpha) {
    return snug_layer_make("celu", SNUG_FIELDS(snug_number("alpha", alpha)));
}

snug_layer *snug_leaky_relu(double slope) {
    return snug_layer_make("leaky_relu", SNUG_FIELDS(snug_number("slope", slope)));
}

snug_layer *snug_thresholded_relu(double theta) {
    return snug_layer_make("thresholded_relu", SNUG_FIELDS(snug_number("theta", theta)));
}

snug_layer *snug_standardized(const char *of) {
    return snug_layer_make("standardized", SNUG_FIELDS(snug_string("of", of)));
}

snug_layer *snug_gaussian_poincare(const char *of) {
    return snug_layer_make("gaussian_poincare", SNUG_FIELDS(snug_string("of", of)));
}
