/* Inferring shapes, and laying out the flat vectors. */
#include "model/plan.h"

#include <limits.h>
#include <string.h>

#include "core/guard.h"
#include "core/memory.h"
#include "core/status.h"
#include "math/gemm.h"

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
    for (i = 0; i < plan->init_count; ++i)
        if (strcmp(plan->inits[i]->kind->name, name) == 0)
            return plan->inits[i];
    if (i == sizeof plan->inits / sizeof plan->inits[0]) {
        snug_fail(SNUG_ERROR_CONFIG, "has activations with more than %zu default initializers", i);
        return NULL;
    }
    plan->inits[i] = snug_object_make(SNUG_GROUP_INIT, name, NULL);
    if (plan->inits[i] != NULL)
        ++plan->init_count;
    return plan->inits[i];
}

/*
 * What suits the activation, or another layer that asks for one, that layer i feeds, through layers that keep
 * columns apart; LeCun normal before another layer or none, as the recipe of Klambauer et al. 2017 has it.
 */
static const snug_object *next_init(snug_plan *plan, const snug_layer_list *layers, size_t i) {
    const char *name = NULL;
    for (++i; i < layers->count && name == NULL; ++i) {
        const snug_layer_kind *kind = layer_kind(layers->items[i]);
        const snug_object *function = snug_layer_activation(layers->items[i]);
        name = function != NULL ? ((const snug_activation_kind *)(const void *)function->kind)->init
                                : kind->init;
        if (function != NULL || !(kind->uses & SNUG_KEEPS_ROWS))
            break;
    }
    return default_init(plan, name != NULL ? name : "lecun_normal");
}

static snug_status plan_chain(snug_plan *plan, size_t inputs, const snug_layer_list *layers,
                              size_t depth, const char *prefix, const char *path, snug_node **nodes,
                              size_t *outputs);

static snug_status plan_block(snug_plan *plan, snug_node *node, const char *name,
                              const char *path) {
    const snug_layer_list *block = snug_layer_block(node->object);
    char *prefix, *inner;
    snug_status status = SNUG_ERROR_MEMORY;
    if (block == NULL)
        return SNUG_OK;
    prefix = snug_format("%s.%s.", name, node->kind->block);
    inner =
        snug_format("%s[%s].%s", path, strrchr(name, '.') != NULL ? strrchr(name, '.') + 1 : name,
                    node->kind->block);
    if (prefix != NULL && inner != NULL)
        status = plan_chain(plan, node->shape.inputs, block, node->depth + 1, prefix, inner,
                            &node->block, &node->shape.inner);
    node->block_count = node->block != NULL ? block->count : 0;
    snug_release(prefix);
    snug_release(inner);
    return status;
}

static snug_status check_shape(const snug_layer_shape *shape) {
    size_t limit = INT_MAX; /* BLAS counts rows and columns in int */
    if (shape->tensor_count > SNUG_LAYER_TENSORS)
        return snug_fail(SNUG_ERROR_CONFIG, "has more than %d tensors", SNUG_LAYER_TENSORS);
    if (shape->outputs == 0 || shape->outputs > limit)
        return snug_fail(SNUG_ERROR_CONFIG, "has %zu outputs; from 1 to %zu can be", shape->outputs,
                         limit);
    for (size_t k = 0; k < shape->tensor_count; ++k) {
        const snug_tensor *tensor = &shape->tensors[k];
        if (tensor->column_lengths && (k == 0 || tensor[-1].columns != tensor->columns))
            return snug_fail(SNUG_ERROR_CONFIG,
                             "its tensor \"%s\" starts with the lengths of the columns of the one "
                             "before it, and there are not as many",
                             tensor->name);
    }
    return SNUG_OK;
}

/* Whether what a layer says of its rows fits what it has. */
static snug_status check_by_rows(const snug_node *node) {
    const snug_layer_shape *s = &node->shape;
    bool trainable = false;
    if (!(node->uses & SNUG_BY_ROWS))
        return SNUG_OK;
    for (size_t k = 0; k < s->tensor_count; ++k)
        trainable = trainable || !s->tensors[k].state;
    if (node->block != NULL || s->keep > 0 || s->scratch > 0 ||
        (trainable && node->kind->gradients == NULL))
        return snug_fail(
            SNUG_ERROR_CONFIG,
            "a layer by rows has no block and no scratch, and gradients() if it is trained");
    return SNUG_OK;
}

/* 128 KiB, beside as much of each operand; all of a tensor that outgrows the caches in any case. */
static size_t portion_of(const snug_node *node, const snug_slot *slot) {
    const size_t floats = 1 << 15;
    size_t columns = slot->tensor->columns;
    if (slot->size <= floats || node->large)
        return slot->rows;
    return floats / columns < 24 ? 24 : floats / columns / 12 * 12;
}

/* Gives each tensor of a node its name and its place. */
static snug_status place_tensors(snug_plan *plan, snug_node *node, const char *name) {
    size_t count = plan->slot_count + node->shape.tensor_count;
    snug_slot *slots = snug_resize(plan->slots, count, sizeof *slots);
    if (slots == NULL)
        return SNUG_ERROR_MEMORY;
    plan->slots = slots;
    node->first_tensor = plan->slot_count;
    node->first_parameter = plan->parameters;
    for (size_t k = 0; k < node->shape.tensor_count; ++k) {
        const snug_tensor *tensor = &node->shape.tensors[k];
        snug_slot *slot = &slots[plan->slot_count];
        size_t *total = tensor->state ? &plan->state : &plan->parameters;
        size_t padded;
        *slot = (snug_slot){.tensor = tensor, .rows = tensor->rows > 0 ? tensor->rows : 1};
        if (!snug_multiply(slot->rows, tensor->columns, &slot->size) ||
            !snug_add(slot->size, FLOATS_A_LINE - 1 + SNUG_GUARD_FLOATS, &padded))
            return snug_fail_memory(SIZE_MAX);
        padded -= padded % FLOATS_A_LINE;
        slot->padding = padded - slot->size;
        node->large = node->large || snug_gemm_is_large(slot->size);
        slot->portion = portion_of(node, slot);
        slot->offset = *total;
        if (!snug_add(*total, padded, total) || *total > SIZE_MAX / sizeof(float))
            return snug_fail_memory(SIZE_MAX);
        plan->trainable += tensor->state ? 0 : slot->size;
        plan->penalized = plan->penalized || tensor->l1 > 0 || tensor->l2 > 0;
        plan->constrained = plan->constrained || tensor->max_norm > 0;
        slot->name = snug_format("%s.%s", name, tensor->name);
        if (slot->name == NULL)
            return SNUG_ERROR_MEMORY;
        ++plan->slot_count;
    }
    node->parameters = plan->parameters - node->first_parameter;
    return SNUG_OK;
}

/*
 * A layer works in place over its input where neither its own backward nor that of the layer before
 * reads what is overwritten. The first of a chain does not: its input belongs to somebody else.
 */
static bool runs_in_place(const snug_node *node, const snug_node *before) {
    return before != NULL && (node->uses & SNUG_IN_PLACE) && !(node->uses & SNUG_USES_INPUT) &&
           !(before->uses & SNUG_USES_OUTPUT) && node->block == NULL;
}

static snug_status plan_node(snug_plan *plan, snug_node *node, const snug_layer_list *layers,
                             size_t i, const char *name, const char *path) {
    snug_status status;
    node->object = layers->items[i];
    node->kind = layer_kind(node->object);
    node->uses = node->kind->uses;
    if (node->kind->uses_of != NULL)
        node->uses |= node->kind->uses_of(node->object->config);
    node->number = plan->numbers++;
    node->shape.next_init = next_init(plan, layers, i);
    if (node->shape.next_init == NULL)
        return snug_error_status();
    status = plan_block(plan, node, name, path);
    if (status == SNUG_OK)
        status = node->kind->plan(node->object->config, &node->shape);
    if (status == SNUG_OK)
        status = check_shape(&node->shape);
    if (status == SNUG_OK)
        status = check_by_rows(node);
    plan->by_rows = plan->by_rows && (node->uses & SNUG_BY_ROWS);
    return status == SNUG_OK ? place_tensors(plan, node, name) : status;
}

/* Says where a layer failed, once: the innermost place. */
static snug_status locate(snug_plan *plan, snug_status status, const char *path, size_t i) {
    if (status != SNUG_ERROR_MEMORY && !plan->located)
        snug_fail_in("%s[%zu]", path, i);
    plan->located = true;
    return status;
}

static snug_status plan_chain(snug_plan *plan, size_t inputs, const snug_layer_list *layers,
                              size_t depth, const char *prefix, const char *path, snug_node **nodes,
                              size_t *outputs) {
    *nodes = snug_alloc(layers->count, sizeof **nodes);
    if (*nodes == NULL)
        return SNUG_ERROR_MEMORY;
    plan->depth = depth + 1 > plan->depth ? depth + 1 : plan->depth;
    for (size_t i = 0; i < layers->count; ++i) {
        snug_node *node = &(*nodes)[i];
        char *name = snug_format("%s%zu", prefix, i);
        snug_status status;
        if (name == NULL)
            return SNUG_ERROR_MEMORY;
        node->depth = depth;
        node->shape.inputs = inputs;
        status = plan_node(plan, node, layers, i, name, path);
        node->in_place = runs_in_place(node, i > 0 ? node - 1 : NULL);
        snug_release(name);
        if (status != SNUG_OK)
            return locate(plan, status, path, i);
        inputs = node->shape.outputs;
    }
    *outputs = inputs;
    return SNUG_OK;
}

snug_plan *snug_plan_new(size_t inputs, const snug_layer_list *layers) {
    snug_plan *plan = snug_alloc(1, sizeof *plan);
    if (plan == NULL)
        return NULL;
    if (inputs == 0 || inputs > INT_MAX) {
        snug_fail(SNUG_ERROR_CONFIG, "model.inputs: must be from 1 to %d (got %zu)", INT_MAX,
                  inputs);
        snug_plan_free(plan);
        return NULL;
    }
    plan->count = layers->count;
    plan->by_rows = true;
    if (plan_chain(plan, inputs, layers, 0, "", "model.layers", &plan->nodes, &plan->outputs) !=
        SNUG_OK) {
        snug_plan_free(plan);
        return NULL;
    }
    return plan;
}

static void free_nodes(snug_node *nodes, size_t count) {
    for (size_t i = 0; nodes != NULL && i < count; ++i)
        free_nodes(nodes[i].block, nodes[i].block_count);
    snug_release(nodes);
}

void snug_plan_free(snug_plan *plan) {
    if (plan == NULL)
        return;
    free_nodes(plan->nodes, plan->count);
    for (size_t i = 0; i < plan->slot_count; ++i)
        snug_release(plan->slots[i].name);
    for (size_t i = 0; i < plan->init_count; ++i)
        snug_object_free(plan->inits[i]);
    snug_release(plan->slots);
    snug_release(plan);
}
