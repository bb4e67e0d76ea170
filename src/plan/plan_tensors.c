#include "core/guard.h"
#include "core/memory.h"
#include "core/status.h"
#include "math/gemm.h"
#include "plan/plan_tensors.h"

#define FLOATS_PER_LINE (SNUG_ALIGNMENT / sizeof(float))

/* Makes the table long enough for `more` slots. It doubles at least: layers come one by one. */
static snug_status reserve_slots(snug_plan *plan, size_t more) {
    size_t *capacity = &plan->building.slot_capacity;
    size_t larger = 2 * *capacity + SNUG_LAYER_TENSORS_MAX;
    if (*capacity - plan->slot_count >= more) {
        return SNUG_OK;
    }
    snug_tensor_slot *slots = snug_resize(plan->slots, larger, sizeof *slots);
    if (slots == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->slots = slots;
    *capacity = larger;
    return SNUG_OK;
}

/* Gives a slot its size and the next free offset of the parameters or of the state. */
static snug_status place_slot(snug_plan *plan, snug_tensor_slot *slot) {
    size_t *total = slot->tensor->state ? &plan->state : &plan->parameters;
    size_t padded;
    if (!snug_multiply(slot->rows, slot->tensor->columns, &slot->size) ||
        !snug_add(slot->size, FLOATS_PER_LINE - 1 + SNUG_GUARD_FLOATS, &padded)) {
        return snug_fail_memory(SIZE_MAX);
    }
    padded -= padded % FLOATS_PER_LINE;
    slot->padding = padded - slot->size;
    slot->offset = *total;
    if (!snug_add(*total, padded, total) || *total > SIZE_MAX / sizeof(float)) {
        return snug_fail_memory(SIZE_MAX);
    }
    return SNUG_OK;
}

/*
 * Returns how many rows of a tensor's gradient are made at once: 128 KiB of them, which leaves the
 * second cache enough space for as much of each operand and of the parameters. A multiple of 12
 * rows, which most tiles have (math/gemm_microkernels.c). A tensor that outgrows the caches in any
 * case is made as a whole.
 */
static size_t portion_of(const snug_plan_node *node, const snug_tensor_slot *slot) {
    const size_t floats = 1 << 15;
    size_t columns = slot->tensor->columns;
    if (slot->size <= floats || node->large) {
        return slot->rows;
    }
    return floats / columns < 24 ? 24 : floats / columns / 12 * 12;
}

/* Makes the table long enough for one more range. */
static snug_status reserve_range(snug_plan *plan) {
    size_t *capacity = &plan->building.range_capacity;
    if (plan->range_count < *capacity) {
        return SNUG_OK;
    }
    snug_parameter_range *ranges =
        snug_resize(plan->ranges, 2 * *capacity + SNUG_LAYER_TENSORS_MAX, sizeof *ranges);
    if (ranges == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    plan->ranges = ranges;
    *capacity = 2 * *capacity + SNUG_LAYER_TENSORS_MAX;
    return SNUG_OK;
}

/* Returns whether the last range has this factor of the rate, and biases alone or none. */
static bool continues_range(const snug_plan *plan, const snug_tensor *tensor, double factor) {
    if (plan->range_count == 0) {
        return false;
    }
    const snug_parameter_range *last = &plan->ranges[plan->range_count - 1];
    return last->rate_factor == factor && last->bias == tensor->bias;
}

/* Begins a range at the slot's parameters, unless they continue the last one. */
static snug_status add_to_ranges(snug_plan *plan, const snug_tensor_slot *slot) {
    const snug_tensor *tensor = slot->tensor;
    double factor = tensor->learning_rate_factor > 0 ? tensor->learning_rate_factor : 1.0;
    if (tensor->state || continues_range(plan, tensor, factor)) {
        return SNUG_OK;
    }
    if (reserve_range(plan) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    plan->rate_factors = plan->rate_factors || factor != 1.0;
    plan->ranges[plan->range_count++] =
        (snug_parameter_range){.first = slot->offset, .rate_factor = factor, .bias = tensor->bias};
    return SNUG_OK;
}

/* Notes in the node and the plan what a tensor asks for, so that each step need not search. */
static void note_properties(snug_plan *plan, snug_plan_node *node, const snug_tensor_slot *slot) {
    const snug_tensor *tensor = slot->tensor;
    node->large = node->large || snug_gemm_is_large(slot->size);
    plan->penalized = plan->penalized || tensor->l1 > 0 || tensor->l2 > 0;
    plan->constrained = plan->constrained || tensor->max_norm > 0;
    plan->trainable += tensor->state ? 0 : slot->size;
}

snug_status snug_plan_place_tensors(snug_plan *plan, snug_plan_node *node, const char *name) {
    if (reserve_slots(plan, node->shape.tensor_count) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    node->first_tensor = plan->slot_count;
    node->first_parameter = plan->parameters;
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor *tensor = &node->shape.tensors[k];
        snug_tensor_slot *slot = &plan->slots[plan->slot_count];
        *slot = (snug_tensor_slot){.tensor = tensor,
                                   .config = node->object->config,
                                   .activation = node->shape.activation,
                                   .rows = tensor->rows > 0 ? tensor->rows : 1,
                                   .trainable_before = plan->trainable_slots};
        if (place_slot(plan, slot) != SNUG_OK || add_to_ranges(plan, slot) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
        note_properties(plan, node, slot);
        slot->portion = portion_of(node, slot);
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
