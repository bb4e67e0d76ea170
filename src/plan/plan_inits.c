#include <string.h>

#include "core/status.h"
#include "plan/layer_parts.h"
#include "plan/plan_inits.h"

const snug_object *snug_plan_init(snug_plan *plan, const char *name) {
    snug_plan_building *b = &plan->building;
    for (size_t i = 0; i < b->init_count; i++) {
        if (strcmp(b->inits[i]->kind->name, name) == 0) {
            return b->inits[i];
        }
    }
    size_t limit = sizeof b->inits / sizeof b->inits[0];
    if (b->init_count == limit) {
        snug_fail(SNUG_ERROR_CONFIG, "has activations with more than %zu default initializers",
                  limit);
        return NULL;
    }
    snug_object *init = snug_object_parse(SNUG_GROUP_INIT, name);
    if (init != NULL) {
        b->inits[b->init_count++] = init;
    }
    return init;
}

static bool same_tensors(const snug_layer_shape *a, const snug_layer_shape *b) {
    bool same = a->tensor_count == b->tensor_count && a->outputs == b->outputs &&
                a->output_members == b->output_members;
    for (size_t k = 0; same && k < a->tensor_count; k++) {
        same = a->tensors[k].rows == b->tensors[k].rows &&
               a->tensors[k].columns == b->tensors[k].columns &&
               a->tensors[k].state == b->tensors[k].state;
    }
    return same;
}

/* Plans a layer again with another default initializer; its tensors must stay what they are. */
static snug_status change_init(snug_plan_node *node, const snug_object *init) {
    snug_layer_shape shape = {.inputs = node->shape.inputs,
                              .inner = node->shape.inner,
                              .next_init = init,
                              .lecun_init = node->shape.lecun_init,
                              .members = node->shape.members,
                              .activation = node->shape.activation};
    if (node->shape.next_init == init) {
        return SNUG_OK;
    }
    snug_status status = node->kind->plan(node->object->config, &shape);
    if (shape.output_members == 0) {
        shape.output_members = shape.members;
    }
    if (status == SNUG_OK && !same_tensors(&shape, &node->shape)) {
        status = snug_fail(SNUG_ERROR_CONFIG,
                           "%s: must have the same tensors with any initializer that suits the "
                           "activation after it",
                           node->kind->base.name);
    }
    if (status == SNUG_OK) {
        node->shape = shape;
    }
    return status;
}

snug_status snug_plan_choose_inits(snug_plan *plan, const snug_object *layer, snug_plan_node *nodes,
                                   size_t count, size_t *open) {
    const snug_layer_kind *kind = (const snug_layer_kind *)(const void *)layer->kind;
    const snug_object *function = snug_layer_first_activation(layer);
    const char *name = function != NULL
                           ? ((const snug_activation_kind *)(const void *)function->kind)->init
                           : kind->init;
    if (name == NULL && function == NULL && (kind->flags & SNUG_COLUMNWISE)) {
        return SNUG_OK; /* the nodes go on waiting, for the layer after this one */
    }
    const snug_object *init = snug_plan_init(plan, name != NULL ? name : "lecun_normal");
    if (init == NULL) {
        return snug_error_status();
    }
    snug_status status = SNUG_OK;
    for (; *open < count && status == SNUG_OK; (*open)++) {
        status = change_init(&nodes[*open], init);
    }
    return status;
}
