/* Y = f(X): any activation function as a layer. */
#include <snug/activation.h>

#include "core/field_macros.h"
#include "core/handles.h"

typedef struct activation_config {
    snug_object *function;
} activation_config;

static const snug_activation_kind *function_kind(const activation_config *config) {
    return (const snug_activation_kind *)(const void *)config->function->kind;
}

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
};

/* The layer of a function, which it takes over; a failed handle where the function is NULL. */
static snug_layer *wrap(snug_object *function) {
    snug_object *layer = NULL;
    if (function != NULL) {
        layer = snug_object_new(SNUG_GROUP_LAYER, &snug_layer_activation_kind.base);
    }
    if (layer != NULL) {
        ((activation_config *)layer->config)->function = function;
    } else {
        snug_object_free(function);
    }
    return snug_layer_handle(layer);
}

static snug_layer *wrap_default(const char *name) {
    return wrap(snug_object_make(SNUG_GROUP_ACTIVATION, name, NULL));
}

snug_layer *snug_elu(double alpha) {
    return wrap(snug_object_make(SNUG_GROUP_ACTIVATION, "elu", "alpha", alpha, NULL));
}

snug_layer *snug_leaky_relu(double slope) {
    return wrap(snug_object_make(SNUG_GROUP_ACTIVATION, "leaky_relu", "slope", slope, NULL));
}

snug_layer *snug_selu(void) {
    return wrap_default("selu");
}

snug_layer *snug_relu(void) {
    return wrap_default("relu");
}

snug_layer *snug_tanh(void) {
    return wrap_default("tanh");
}

snug_layer *snug_sigmoid(void) {
    return wrap_default("sigmoid");
}

snug_layer *snug_identity(void) {
    return wrap_default("identity");
}
