#include "core/memory.h"
#include "math/random.h"
#include "session/layer_instance.h"

snug_layer_instance *snug_layers_new(const snug_plan_node *nodes, size_t count) {
    snug_layer_instance *layers = snug_alloc(count, sizeof *layers);
    if (layers == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        layers[i].node = &nodes[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].block == NULL) {
            continue;
        }
        layers[i].block = snug_layers_new(nodes[i].block, nodes[i].block_count);
        if (layers[i].block == NULL) {
            snug_layers_free(layers, count);
            return NULL;
        }
    }
    return layers;
}

void snug_layers_free(snug_layer_instance *layers, size_t count) {
    for (size_t i = 0; layers != NULL && i < count; i++) {
        snug_layers_free(layers[i].block, layers[i].node->block_count);
    }
    snug_release(layers);
}

/* Points an instance to its tensors and gradients in the flat vectors. */
static void bind_tensors(const snug_layer_binding *binding, snug_layer_instance *layer) {
    const snug_model *model = binding->model;
    for (size_t k = 0; k < layer->node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = &model->plan->slots[layer->node->first_tensor + k];
        if (slot->tensor->state) {
            layer->tensors[k] = layer->state[k] = model->state + slot->offset;
        } else {
            layer->tensors[k] = model->parameters + slot->offset;
            layer->gradients[k] = binding->training ? binding->gradients + slot->offset : NULL;
        }
    }
}

void snug_layers_bind(const snug_layer_binding *binding, snug_layer_instance *layers,
                      size_t count) {
    for (size_t i = 0; i < count; i++) {
        snug_layer_instance *layer = &layers[i];
        const snug_plan_node *node = layer->node;
        snug_layer_call *call = &layer->call;
        call->inputs = node->shape.inputs;
        call->outputs = node->shape.outputs;
        call->members = node->shape.members;
        call->inner_width = node->shape.inner;
        call->large = node->large;
        call->training = binding->training;
        call->time = binding->time;
        call->random.seed = binding->seed;
        call->random.purpose = SNUG_PURPOSE_LAYER + (uint32_t)node->number;
        call->tensors = layer->tensors;
        call->gradients = layer->gradients;
        call->state = binding->training ? layer->state : NULL;
        bind_tensors(binding, layer);
        snug_layers_bind(binding, layer->block, node->block_count);
    }
}
