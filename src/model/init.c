/* Initial weights, and the warnings where a network cannot normalize itself. */
#include <math.h>

#include "math/random.h"
#include "core/status.h"
#include "model/model.h"

static const snug_init_kind *init_kind(const snug_object *init) {
    return (const snug_init_kind *)(const void *)init->kind;
}

static void fill_slot(snug_model *model, const snug_slot *slot, size_t index, uint64_t seed) {
    const snug_tensor *t = slot->tensor;
    float *values = (t->state ? model->state : model->parameters) + slot->offset;
    snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_INIT + (uint32_t)index};
    if (t->init != NULL) {
        init_kind(t->init)->fill(t->init->config, &stream, slot->rows, t->columns, t->fan_in,
                                 t->fan_out, values);
        return;
    }
    for (size_t i = 0; i < slot->size; ++i)
        values[i] = t->initial;
}

/* The first tensor of a node that an initializer fills, or NULL. */
static const snug_tensor *initialized_tensor(const snug_node *node) {
    for (size_t k = 0; k < node->shape.tensor_count; ++k)
        if (node->shape.tensors[k].init != NULL)
            return &node->shape.tensors[k];
    return NULL;
}

static bool normalizes_itself(const snug_node *node) {
    const snug_object *function = snug_layer_activation(node->object);
    return function != NULL &&
           ((const snug_activation_kind *)(const void *)function->kind)->self_normalizing;
}

/* Theorem 1 of Klambauer et al. 2017 wants weights of variance 1/fan_in before SELU. */
static void warn_of_variance(const snug_node *nodes, size_t count) {
    const snug_tensor *weight = NULL;
    for (size_t i = 0; i < count; ++i) {
        const snug_tensor *own = initialized_tensor(&nodes[i]);
        weight = own != NULL ? own : weight;
        if (normalizes_itself(&nodes[i]) && weight != NULL) {
            double variance = init_kind(weight->init)
                                  ->variance(weight->init->config, weight->fan_in, weight->fan_out);
            double wanted = 1.0 / (double)weight->fan_in;
            if (fabs(variance - wanted) > 1e-3 * wanted)
                snug_log(SNUG_LOG_WARNING,
                         "model.layers[%zu]: %s keeps mean 0 and variance 1 only after weights of "
                         "variance 1/fan_in = %.3g, but %s gives %.3g; lecun_normal suits it",
                         i, snug_layer_activation(nodes[i].object)->kind->name, wanted,
                         weight->init->kind->name, variance);
        }
        warn_of_variance(nodes[i].block, nodes[i].block_count);
    }
}

snug_status snug_model_init(snug_model *model, uint64_t seed) {
    snug_status status = snug_model_allocate(model);
    if (status != SNUG_OK)
        return status;
    for (size_t i = 0; i < model->plan->slot_count; ++i)
        fill_slot(model, &model->plan->slots[i], i, seed);
    warn_of_variance(model->plan->nodes, model->plan->count);
    return SNUG_OK;
}
