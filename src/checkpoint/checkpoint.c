#include <stdarg.h>
#include <stdio.h>

#include "checkpoint/checkpoint.h"
#include "core/memory.h"

enum { FIRST_CAPACITY = 64 };

static const size_t sizes[SNUG_SAVED_TYPES] = {
    [SNUG_SAVED_FLOAT] = sizeof(float),   [SNUG_SAVED_DOUBLE] = sizeof(double),
    [SNUG_SAVED_INT32] = sizeof(int32_t), [SNUG_SAVED_UINT64] = sizeof(uint64_t),
    [SNUG_SAVED_SIZE] = sizeof(size_t),   [SNUG_SAVED_BOOL] = sizeof(bool)};

/* Gives the list a free item. */
static snug_status grow(snug_saved_values *values) {
    if (values->count < values->capacity) {
        return SNUG_OK;
    }
    size_t capacity = values->capacity > 0 ? 2 * values->capacity : FIRST_CAPACITY;
    snug_saved_value *longer = snug_resize(values->items, capacity, sizeof *longer);
    if (longer == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    values->items = longer;
    values->capacity = capacity;
    return SNUG_OK;
}

void snug_saved_add(snug_saved_values *values, snug_saved_type type, void *first, size_t count,
                    size_t stride, const char *name, ...) {
    if (values->status == SNUG_OK && count > 0) {
        values->status = grow(values);
    }
    if (values->status != SNUG_OK || count == 0) {
        return;
    }
    snug_saved_value *value = &values->items[values->count++];
    *value = (snug_saved_value){.type = type, .first = first, .count = count, .stride = stride};
    va_list list;
    va_start(list, name);
    vsnprintf(value->name, sizeof value->name, name, list);
    va_end(list);
}

void snug_saved_add_one(snug_saved_values *values, snug_saved_type type, void *value,
                        const char *name) {
    snug_saved_add(values, type, value, 1, sizes[type], "%s", name);
}

void snug_saved_add_floats(snug_saved_values *values, float *first, size_t n, const char *name) {
    snug_saved_add(values, SNUG_SAVED_FLOAT, first, n, sizeof *first, "%s", name);
}

void snug_saved_add_flat(snug_saved_values *values, snug_saved_type type, void *vector,
                         const snug_plan *plan, bool state, const char *name) {
    for (size_t i = 0; i < plan->slot_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[i];
        if (slot->tensor->state == state) {
            snug_saved_add(values, type, (char *)vector + slot->offset * sizes[type], slot->size,
                           sizes[type], "%s.%s", name, slot->name);
        }
    }
}

void snug_saved_clear(snug_saved_values *values) {
    snug_release(values->items);
    *values = (snug_saved_values){0};
}
