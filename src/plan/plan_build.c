#include <limits.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "plan/layer_parts.h"
#include "plan/plan_build.h"
#include "plan/plan_inits.h"
#include "plan/plan_tensors.h"

/* A sequence of layers that is being planned, of the model or of a block. */
typedef struct chain {
    snug_plan_node **nodes;
    size_t *count;
    size_t *outputs;                /* of the last layer; the inputs before the first one */
    size_t *members;                /* rows for each sample at the same place */
    size_t *open;                   /* see snug_plan_building.open */
    const snug_object **activation; /* see snug_plan_building.activation */
    const char *prefix;             /* of the tensors' names */
    const char *path;               /* in the config, for error messages */
    size_t depth;
} chain;

static snug_status plan_layers(snug_plan *plan, chain *c, const snug_layer_list *layers);

/* Plans the layers inside of a node that is a block, and so finds the width of its result. */
static snug_status plan_block(snug_plan *plan, snug_plan_node *node, const char *name,
                              const char *path) {
    const snug_layer_list *block = snug_layer_block(node->object);
    if (block == NULL) {
        return SNUG_OK;
    }
    const char *last_dot = strrchr(name, '.'), *index = last_dot != NULL ? last_dot + 1 : name;
    char *prefix = snug_format("%s.%s.", name, node->kind->block);
    char *inner = snug_format("%s[%s].%s", path, index, node->kind->block);
    size_t open = 0, members = node->shape.members;
    const snug_object *activation = node->shape.activation;
    snug_status status = SNUG_ERROR_MEMORY;
    node->shape.inner = node->shape.inputs;
    if (prefix != NULL && inner != NULL) {
        chain c = {.nodes = &node->block,
                   .count = &node->block_count,
                   .outputs = &node->shape.inner,
                   .members = &members,
                   .open = &open,
                   .activation = &activation,
                   .prefix = prefix,
                   .path = inner,
                   .depth = node->depth + 1};
        status = plan_layers(plan, &c, block);
    }
    snug_release(prefix);
    snug_release(inner);
    if (status == SNUG_OK && members != 1) {
        status = snug_fail(SNUG_ERROR_CONFIG, "a block cannot have the members of an ensemble");
    }
    return status;
}

/* ---- what a kind may ask for ----------------------------------------------------------------- */

static snug_status check_shape(const snug_layer_shape *shape) {
    size_t limit = INT_MAX; /* BLAS counts rows and columns in int */
    if (shape->tensor_count > SNUG_LAYER_TENSORS_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG, "has more than %d tensors", SNUG_LAYER_TENSORS_MAX);
    }
    if (shape->outputs == 0 || shape->outputs > limit) {
        return snug_fail(SNUG_ERROR_CONFIG, "has %zu outputs; from 1 to %zu can be", shape->outputs,
                         limit);
    }
    if (shape->output_members > limit / shape->outputs) {
        return snug_fail(SNUG_ERROR_CONFIG, "has %zu members of %zu outputs; %zu in all can be",
                         shape->output_members, shape->outputs, limit);
    }
    for (size_t k = 0; k < shape->tensor_count; k++) {
        const snug_tensor *tensor = &shape->tensors[k];
        if (tensor->column_lengths && (k == 0 || tensor[-1].columns != tensor->columns)) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "its tensor \"%s\" starts with the lengths of the columns of the one "
                             "before it, and there are not as many",
                             tensor->name);
        }
    }
    return SNUG_OK;
}

/* Fails where a row-wise layer asks for what cannot be shared out by rows. */
static snug_status check_by_rows(const snug_plan_node *node) {
    if (!(node->flags & SNUG_ROWWISE)) {
        return SNUG_OK;
    }
    const snug_layer_shape *s = &node->shape;
    bool trainable = false;
    for (size_t k = 0; k < s->tensor_count; k++) {
        trainable = trainable || !s->tensors[k].state;
    }
    if (node->block != NULL || s->keep > 0 || s->scratch > 0 ||
        (trainable && node->kind->gradients == NULL)) {
        return snug_fail(
            SNUG_ERROR_CONFIG,
            "a row-wise layer must have no block and no scratch, and gradients() if it is trained");
    }
    return SNUG_OK;
}

/*
 * Fails where a layer follows the members of an ensemble and would mix them, or have weights that
 * all of them share.
 */
static snug_status check_members(const snug_plan_node *node) {
    const snug_layer_shape *s = &node->shape;
    bool keeps_apart = (node->flags & SNUG_ROWWISE) != 0;
    if (s->members == 1 || (node->flags & SNUG_TAKES_MEMBERS)) {
        return SNUG_OK;
    }
    for (size_t k = 0; k < s->tensor_count; k++) {
        keeps_apart = keeps_apart && s->tensors[k].rows <= 1;
    }
    return keeps_apart ? SNUG_OK
                       : snug_fail(SNUG_ERROR_CONFIG,
                                   "%s cannot follow the %zu members of an ensemble: take "
                                   "batch_ensemble, and layers that work value by value",
                                   node->kind->base.name, s->members);
}

/*
 * Returns whether a layer works in place, over its input: where neither its own backward, nor that
 * of the layer before, nor the gradients of its parameters, which are made of the input, read what
 * is overwritten. The first layer of a chain does not: its input belongs to somebody else.
 */
static bool runs_in_place(const snug_plan_node *node, const snug_plan_node *before) {
    bool needs_x =
        (node->flags & SNUG_READS_INPUT) || ((node->flags & SNUG_ROWWISE) && node->parameters > 0);
    return before != NULL && (node->flags & SNUG_IN_PLACE) && !needs_x &&
           !(before->flags & SNUG_READS_OUTPUT) && node->block == NULL;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* Plans a layer in a node that has its inputs and its depth already. */
static snug_status plan_node(snug_plan *plan, snug_plan_node *node, const snug_object *layer,
                             const char *name, const char *path) {
    node->object = layer;
    node->kind = (const snug_layer_kind *)(const void *)layer->kind;
    node->flags = node->kind->flags;
    if (node->kind->flags_of != NULL) {
        node->flags |= node->kind->flags_of(layer->config);
    }
    node->number = plan->building.numbers++;
    node->shape.next_init = node->shape.lecun_init = snug_plan_init(plan, "lecun_normal");
    if (node->shape.next_init == NULL) {
        return snug_error_status();
    }
    snug_status status = plan_block(plan, node, name, path);
    if (status == SNUG_OK) {
        status = node->kind->plan(layer->config, &node->shape);
    }
    if (node->shape.output_members == 0) {
        node->shape.output_members = node->shape.members;
    }
    if (status == SNUG_OK) {
        status = check_shape(&node->shape);
    }
    if (status == SNUG_OK) {
        status = check_by_rows(node);
    }
    if (status == SNUG_OK) {
        status = check_members(node);
    }
    plan->rowwise = plan->rowwise && (node->flags & SNUG_ROWWISE);
    return status == SNUG_OK ? snug_plan_place_tensors(plan, node, name) : status;
}

/* Puts the failing layer's path in front of the message, once: that of the innermost layer. */
static snug_status locate(snug_plan *plan, snug_status status, const char *path, size_t i) {
    if (status != SNUG_ERROR_MEMORY && !plan->building.located) {
        snug_fail_in("%s[%zu]", path, i);
    }
    plan->building.located = true;
    return status;
}

/* Frees the nodes inside of blocks. */
static void free_blocks(snug_plan_node *nodes, size_t count) {
    for (size_t i = 0; nodes != NULL && i < count; i++) {
        free_blocks(nodes[i].block, nodes[i].block_count);
        snug_release(nodes[i].block);
    }
}

/* Returns the activation that a node's outputs come from, or NULL: see snug_layer_shape. */
static const snug_object *activation_behind(const snug_plan_node *node) {
    const snug_object *own = snug_layer_first_activation(node->object);
    bool keeps = own == NULL && (node->flags & SNUG_KEEPS_ACTIVATION);
    return keeps ? node->shape.activation : own;
}

/* Plans the next layer of a chain, in a node that is allocated already. */
static snug_status plan_next(snug_plan *plan, chain *c, const snug_object *layer) {
    size_t i = *c->count;
    snug_plan_node *node = &(*c->nodes)[i];
    char *name = snug_format("%s%zu", c->prefix, i);
    if (name == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    *node = (snug_plan_node){.depth = c->depth,
                             .shape.inputs = *c->outputs,
                             .shape.members = *c->members,
                             .shape.activation = *c->activation};
    snug_status status = plan_node(plan, node, layer, name, c->path);
    snug_release(name);
    if (status == SNUG_OK) {
        status = snug_plan_choose_inits(plan, layer, *c->nodes, *c->count, c->open);
    }
    if (status != SNUG_OK) {
        free_blocks(node, 1);
        return locate(plan, status, c->path, i);
    }
    node->in_place = runs_in_place(node, i > 0 ? node - 1 : NULL);
    *c->activation = activation_behind(node);
    *c->outputs = node->shape.outputs;
    *c->members = node->shape.output_members;
    (*c->count)++;
    return SNUG_OK;
}

/* Plans the layers of a block, which are all known. */
static snug_status plan_layers(snug_plan *plan, chain *c, const snug_layer_list *layers) {
    *c->nodes = snug_alloc(layers->count, sizeof **c->nodes);
    if (*c->nodes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->depth = c->depth + 1 > plan->depth ? c->depth + 1 : plan->depth;
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < layers->count && status == SNUG_OK; i++) {
        status = plan_next(plan, c, layers->items[i]);
    }
    return status;
}

/* ---- plans ----------------------------------------------------------------------------------- */

snug_plan *snug_plan_new(size_t inputs) {
    if (inputs == 0 || inputs > INT_MAX) {
        snug_fail(SNUG_ERROR_CONFIG, "model.inputs: must be from 1 to %d (got %zu)", INT_MAX,
                  inputs);
        return NULL;
    }
    snug_plan *plan = snug_alloc(1, sizeof *plan);
    if (plan != NULL) {
        *plan = (snug_plan){.outputs = inputs, .members = 1, .depth = 1, .rowwise = true};
    }
    return plan;
}

/*
 * Makes the table long enough for one more node; it doubles at least. The slots point into the
 * nodes, which may have moved.
 */
static snug_status reserve_node(snug_plan *plan) {
    size_t capacity = 2 * plan->building.capacity + 8;
    if (plan->count < plan->building.capacity) {
        return SNUG_OK;
    }
    snug_plan_node *nodes = snug_resize(plan->nodes, capacity, sizeof *nodes);
    if (nodes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->nodes = nodes;
    plan->building.capacity = capacity;
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t k = 0; k < nodes[i].shape.tensor_count; k++) {
            plan->slots[nodes[i].first_tensor + k].tensor = &nodes[i].shape.tensors[k];
        }
    }
    return SNUG_OK;
}

/* Restores a plan after a layer that failed. Tables that have grown stay, and the initializers. */
static void go_back(snug_plan *plan, const snug_plan *before) {
    snug_plan now = *plan;
    for (size_t i = before->slot_count; i < now.slot_count; i++) {
        snug_release(now.slots[i].name);
    }
    *plan = *before;
    plan->slots = now.slots;
    plan->ranges = now.ranges;
    plan->building.slot_capacity = now.building.slot_capacity;
    plan->building.range_capacity = now.building.range_capacity;
    memcpy(plan->building.inits, now.building.inits, sizeof now.building.inits);
    plan->building.init_count = now.building.init_count;
}

snug_status snug_plan_append(snug_plan *plan, const snug_object *layer) {
    chain c = {.nodes = &plan->nodes,
               .count = &plan->count,
               .outputs = &plan->outputs,
               .members = &plan->members,
               .open = &plan->building.open,
               .activation = &plan->building.activation,
               .prefix = "",
               .path = "model.layers"};
    snug_status status = reserve_node(plan);
    if (status != SNUG_OK) {
        return status;
    }
    const snug_plan before = *plan;
    status = plan_next(plan, &c, layer);
    if (status != SNUG_OK) {
        go_back(plan, &before);
    }
    return status;
}

void snug_plan_free(snug_plan *plan) {
    if (plan == NULL) {
        return;
    }
    free_blocks(plan->nodes, plan->count);
    snug_release(plan->nodes);
    for (size_t i = 0; i < plan->slot_count; i++) {
        snug_release(plan->slots[i].name);
    }
    for (size_t i = 0; i < plan->building.init_count; i++) {
        snug_object_free(plan->building.inits[i]);
    }
    snug_release(plan->slots);
    snug_release(plan->ranges);
    snug_release(plan);
}
