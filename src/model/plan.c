/* Inferring shapes, and laying out the flat vectors. */
#include <limits.h>
#include <string.h>

#include "core/fields.h"
#include "core/guard.h"
#include "core/memory.h"
#include "core/status.h"
#include "math/gemm.h"
#include "model/plan.h"

#define FLOATS_A_LINE (SNUG_ALIGNMENT / sizeof(float))

static const snug_layer_kind *layer_kind(const snug_object *layer) {
    return (const snug_layer_kind *)(const void *)layer->kind;
}

/* The member that the field of that name describes. */
static void *member(const snug_object *object, const char *field) {
    return (char *)object->config + snug_fields_find(object->kind->fields, field)->offset;
}

const snug_object *snug_layer_activation(const snug_object *layer) {
    const snug_layer_kind *kind = layer_kind(layer);
    const snug_object *wrapped =
        kind->wraps != NULL ? *(snug_object *const *)member(layer, kind->wraps) : NULL;
    return wrapped != NULL && wrapped->group == SNUG_GROUP_ACTIVATION ? wrapped : NULL;
}

snug_layer_list *snug_layer_block(const snug_object *layer) {
    const snug_layer_kind *kind = layer_kind(layer);
    return kind->block != NULL ? member(layer, kind->block) : NULL;
}

/* The default initializer of a name, made once a plan. */
static const snug_object *default_init(snug_plan *plan, const char *name) {
    size_t i;
    for (i = 0; i < plan->init_count; i++) {
        if (strcmp(plan->inits[i]->kind->name, name) == 0) {
            return plan->inits[i];
        }
    }
    if (i == sizeof plan->inits / sizeof plan->inits[0]) {
        snug_fail(SNUG_ERROR_CONFIG, "has activations with more than %zu default initializers", i);
        return NULL;
    }
    plan->inits[i] = snug_object_make(SNUG_GROUP_INIT, name, NULL);
    if (plan->inits[i] != NULL) {
        plan->init_count++;
    }
    return plan->inits[i];
}

/* The function that a layer is, or NULL. */
static const snug_activation_kind *function_of(const snug_object *layer) {
    const snug_object *function = snug_layer_activation(layer);
    return function != NULL ? (const snug_activation_kind *)(const void *)function->kind : NULL;
}

/* ---- chains ---------------------------------------------------------------------------------- */

/* A sequence of layers that is being planned, of the model or of a block: where its nodes are. */
typedef struct chain {
    snug_plan_node **nodes;
    size_t *count, *outputs; /* outputs of the last layer; the inputs before the first one */
    size_t *open;            /* see snug_plan.open */
    const char *prefix;      /* of the tensors' names */
    const char *path;        /* in the config */
    size_t depth;
} chain;

static snug_status plan_layers(snug_plan *plan, chain *c, const snug_layer_list *layers);

static snug_status plan_block(snug_plan *plan, snug_plan_node *node, const char *name,
                              const char *path) {
    const snug_layer_list *block = snug_layer_block(node->object);
    char *prefix, *inner;
    size_t open = 0;
    snug_status status = SNUG_ERROR_MEMORY;
    if (block == NULL) {
        return SNUG_OK;
    }
    node->shape.inner = node->shape.inputs;
    prefix = snug_format("%s.%s.", name, node->kind->block);
    inner =
        snug_format("%s[%s].%s", path, strrchr(name, '.') != NULL ? strrchr(name, '.') + 1 : name,
                    node->kind->block);
    if (prefix != NULL && inner != NULL) {
        status = plan_layers(plan,
                             &(chain){.nodes = &node->block,
                                      .count = &node->block_count,
                                      .outputs = &node->shape.inner,
                                      .open = &open,
                                      .prefix = prefix,
                                      .path = inner,
                                      .depth = node->depth + 1},
                             block);
    }
    snug_release(prefix);
    snug_release(inner);
    return status;
}

static snug_status check_shape(const snug_layer_shape *shape) {
    size_t limit = INT_MAX; /* BLAS counts rows and columns in int */
    if (shape->tensor_count > SNUG_LAYER_TENSORS_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG, "has more than %d tensors", SNUG_LAYER_TENSORS_MAX);
    }
    if (shape->outputs == 0 || shape->outputs > limit) {
        return snug_fail(SNUG_ERROR_CONFIG, "has %zu outputs; from 1 to %zu can be", shape->outputs,
                         limit);
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

/* Whether what a layer says of its rows fits what it has. */
static snug_status check_by_rows(const snug_plan_node *node) {
    const snug_layer_shape *s = &node->shape;
    bool trainable = false;
    if (!(node->uses & SNUG_ROWWISE)) {
        return SNUG_OK;
    }
    for (size_t k = 0; k < s->tensor_count; k++) {
        trainable = trainable || !s->tensors[k].state;
    }
    if (node->block != NULL || s->keep > 0 || s->scratch > 0 ||
        (trainable && node->kind->gradients == NULL)) {
        return snug_fail(
            SNUG_ERROR_CONFIG,
            "a layer by rows has no block and no scratch, and gradients() if it is trained");
    }
    return SNUG_OK;
}

/* 128 KiB, beside as much of each operand; all of a tensor that outgrows the caches in any case. */
static size_t portion_of(const snug_plan_node *node, const snug_tensor_slot *slot) {
    const size_t floats = 1 << 15;
    size_t columns = slot->tensor->columns;
    if (slot->size <= floats || node->large) {
        return slot->rows;
    }
    return floats / columns < 24 ? 24 : floats / columns / 12 * 12;
}

/* Makes room for `more` slots, at least twice as much as there was: layers come one by one. */
static snug_status reserve_slots(snug_plan *plan, size_t more) {
    size_t capacity = 2 * plan->slot_capacity + SNUG_LAYER_TENSORS_MAX;
    snug_tensor_slot *slots;
    if (plan->slot_capacity - plan->slot_count >= more) {
        return SNUG_OK;
    }
    slots = snug_resize(plan->slots, capacity, sizeof *slots);
    if (slots == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->slots = slots;
    plan->slot_capacity = capacity;
    return SNUG_OK;
}

/* Gives each tensor of a node its name and its place. */
static snug_status place_tensors(snug_plan *plan, snug_plan_node *node, const char *name) {
    if (reserve_slots(plan, node->shape.tensor_count) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    snug_tensor_slot *slots = plan->slots;
    node->first_tensor = plan->slot_count;
    node->first_parameter = plan->parameters;
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor *tensor = &node->shape.tensors[k];
        snug_tensor_slot *slot = &slots[plan->slot_count];
        size_t *total = tensor->state ? &plan->state : &plan->parameters;
        size_t padded;
        *slot = (snug_tensor_slot){.tensor = tensor,
                                   .rows = tensor->rows > 0 ? tensor->rows : 1,
                                   .trainable_before = plan->trainable_slots};
        if (!snug_multiply(slot->rows, tensor->columns, &slot->size) ||
            !snug_add(slot->size, FLOATS_A_LINE - 1 + SNUG_GUARD_FLOATS, &padded)) {
            return snug_fail_memory(SIZE_MAX);
        }
        padded -= padded % FLOATS_A_LINE;
        slot->padding = padded - slot->size;
        node->large = node->large || snug_gemm_is_large(slot->size);
        slot->portion = portion_of(node, slot);
        slot->offset = *total;
        if (!snug_add(*total, padded, total) || *total > SIZE_MAX / sizeof(float)) {
            return snug_fail_memory(SIZE_MAX);
        }
        plan->trainable += tensor->state ? 0 : slot->size;
        plan->penalized = plan->penalized || tensor->l1 > 0 || tensor->l2 > 0;
        plan->constrained = plan->constrained || tensor->max_norm > 0;
        slot->name = snug_format("%s.%s", name, tensor->name);
        if (slot->name == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        plan->slot_count++;
        plan->trainable_slots += !tensor->state;
    }
    node->parameters = plan->parameters - node->first_parameter;
    return SNUG_OK;
}

/*
 * A layer works in place over its input where neither its own backward nor that of the layer before
 * reads what is overwritten, nor the gradients of its parameters, which are made of the input. The
 * first of a chain does not: its input belongs to somebody else.
 */
static bool runs_in_place(const snug_plan_node *node, const snug_plan_node *before) {
    bool needs_x =
        (node->uses & SNUG_USES_INPUT) || ((node->uses & SNUG_ROWWISE) && node->parameters > 0);
    return before != NULL && (node->uses & SNUG_IN_PLACE) && !needs_x &&
           !(before->uses & SNUG_USES_OUTPUT) && node->block == NULL;
}

/* `node` has its inputs and its depth already. */
static snug_status plan_node(snug_plan *plan, snug_plan_node *node, const snug_object *layer,
                             const char *name, const char *path) {
    snug_status status;
    node->object = layer;
    node->kind = layer_kind(layer);
    node->uses = node->kind->uses;
    if (node->kind->uses_of != NULL) {
        node->uses |= node->kind->uses_of(layer->config);
    }
    node->number = plan->numbers++;
    node->shape.next_init = default_init(plan, "lecun_normal");
    if (node->shape.next_init == NULL) {
        return snug_error_status();
    }
    status = plan_block(plan, node, name, path);
    if (status == SNUG_OK) {
        status = node->kind->plan(layer->config, &node->shape);
    }
    if (status == SNUG_OK) {
        status = check_shape(&node->shape);
    }
    if (status == SNUG_OK) {
        status = check_by_rows(node);
    }
    plan->by_rows = plan->by_rows && (node->uses & SNUG_ROWWISE);
    return status == SNUG_OK ? place_tensors(plan, node, name) : status;
}

static bool same_tensors(const snug_layer_shape *a, const snug_layer_shape *b) {
    bool same = a->tensor_count == b->tensor_count && a->outputs == b->outputs;
    for (size_t k = 0; same && k < a->tensor_count; k++) {
        same = a->tensors[k].rows == b->tensors[k].rows &&
               a->tensors[k].columns == b->tensors[k].columns &&
               a->tensors[k].state == b->tensors[k].state;
    }
    return same;
}

/* Plans a layer again that has been given another initializer by default; its tensors stay. */
static snug_status change_init(snug_plan_node *node, const snug_object *init) {
    snug_layer_shape shape = {
        .inputs = node->shape.inputs, .inner = node->shape.inner, .next_init = init};
    snug_status status;
    if (node->shape.next_init == init) {
        return SNUG_OK;
    }
    status = node->kind->plan(node->object->config, &shape);
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

/*
 * What suits the activation, or another layer that asks for one, that a layer feeds, through layers
 * that keep columns apart: chosen for the layers before `layer` that still wait for it. LeCun
 * normal before another layer or none, as the recipe of Klambauer et al. 2017 has it. A layer waits
 * once, so that a chain takes time in its length.
 */
static snug_status choose_inits(snug_plan *plan, chain *c, const snug_object *layer) {
    const snug_activation_kind *function = function_of(layer);
    const snug_layer_kind *kind = layer_kind(layer);
    const char *name = function != NULL ? function->init : kind->init;
    const snug_object *init;
    snug_status status = SNUG_OK;
    if (name == NULL && function == NULL && (kind->uses & SNUG_COLUMNWISE)) {
        return SNUG_OK;
    }
    init = default_init(plan, name != NULL ? name : "lecun_normal");
    if (init == NULL) {
        return snug_error_status();
    }
    for (; *c->open < *c->count && status == SNUG_OK; (*c->open)++) {
        status = change_init(&(*c->nodes)[*c->open], init);
    }
    return status;
}

/* Says where a layer failed, once: the innermost place. */
static snug_status locate(snug_plan *plan, snug_status status, const char *path, size_t i) {
    if (status != SNUG_ERROR_MEMORY && !plan->located) {
        snug_fail_in("%s[%zu]", path, i);
    }
    plan->located = true;
    return status;
}

/* Frees the blocks of nodes, which belong to their owner. */
static void free_blocks(snug_plan_node *nodes, size_t count) {
    for (size_t i = 0; nodes != NULL && i < count; i++) {
        free_blocks(nodes[i].block, nodes[i].block_count);
        snug_release(nodes[i].block);
    }
}

/* Plans the next layer of a chain in a node for which there is room. */
static snug_status plan_next(snug_plan *plan, chain *c, const snug_object *layer) {
    size_t i = *c->count;
    snug_plan_node *node = &(*c->nodes)[i];
    char *name = snug_format("%s%zu", c->prefix, i);
    snug_status status;
    if (name == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    *node = (snug_plan_node){.depth = c->depth, .shape.inputs = *c->outputs};
    status = plan_node(plan, node, layer, name, c->path);
    snug_release(name);
    if (status == SNUG_OK) {
        status = choose_inits(plan, c, layer);
    }
    if (status != SNUG_OK) {
        free_blocks(node, 1);
        return locate(plan, status, c->path, i);
    }
    node->in_place = runs_in_place(node, i > 0 ? node - 1 : NULL);
    *c->outputs = node->shape.outputs;
    (*c->count)++;
    return SNUG_OK;
}

/* The layers of a block, which are all known. */
static snug_status plan_layers(snug_plan *plan, chain *c, const snug_layer_list *layers) {
    snug_status status = SNUG_OK;
    *c->nodes = snug_alloc(layers->count, sizeof **c->nodes);
    if (*c->nodes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->depth = c->depth + 1 > plan->depth ? c->depth + 1 : plan->depth;
    for (size_t i = 0; i < layers->count && status == SNUG_OK; i++) {
        status = plan_next(plan, c, layers->items[i]);
    }
    return status;
}

snug_plan *snug_plan_new(size_t inputs) {
    snug_plan *plan;
    if (inputs == 0 || inputs > INT_MAX) {
        snug_fail(SNUG_ERROR_CONFIG, "model.inputs: must be from 1 to %d (got %zu)", INT_MAX,
                  inputs);
        return NULL;
    }
    plan = snug_alloc(1, sizeof *plan);
    if (plan != NULL) {
        *plan = (snug_plan){.outputs = inputs, .depth = 1, .by_rows = true};
    }
    return plan;
}

/* Room for one more node, at least twice as much as there was; the slots follow their nodes. */
static snug_status reserve_node(snug_plan *plan) {
    size_t capacity = 2 * plan->capacity + 8;
    snug_plan_node *nodes;
    if (plan->count < plan->capacity) {
        return SNUG_OK;
    }
    nodes = snug_resize(plan->nodes, capacity, sizeof *nodes);
    if (nodes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->nodes = nodes;
    plan->capacity = capacity;
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t k = 0; k < nodes[i].shape.tensor_count; k++) {
            plan->slots[nodes[i].first_tensor + k].tensor = &nodes[i].shape.tensors[k];
        }
    }
    return SNUG_OK;
}

/* What a plan was before a layer that failed. Memory that has grown stays, and the initializers. */
static void go_back(snug_plan *plan, const snug_plan *before) {
    snug_plan now = *plan;
    for (size_t i = before->slot_count; i < now.slot_count; i++) {
        snug_release(now.slots[i].name);
    }
    *plan = *before;
    plan->slots = now.slots;
    plan->slot_capacity = now.slot_capacity;
    memcpy(plan->inits, now.inits, sizeof now.inits);
    plan->init_count = now.init_count;
}

snug_status snug_plan_append(snug_plan *plan, const snug_object *layer) {
    chain c = {.nodes = &plan->nodes,
               .count = &plan->count,
               .outputs = &plan->outputs,
               .open = &plan->open,
               .prefix = "",
               .path = "model.layers"};
    snug_status status = reserve_node(plan);
    snug_plan before = *plan;
    if (status != SNUG_OK) {
        return status;
    }
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
    for (size_t i = 0; i < plan->init_count; i++) {
        snug_object_free(plan->inits[i]);
    }
    snug_release(plan->slots);
    snug_release(plan);
}
