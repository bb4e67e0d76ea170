#include <stddef.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "optim/step_parts.h"

static const snug_optimizer_kind *kind_of(const snug_object *optimizer) {
    return (const snug_optimizer_kind *)(const void *)optimizer->kind;
}

/* Returns the weight decay in a configuration of a kind that has one. */
static double *decay_in(const snug_optimizer_kind *kind, void *config) {
    return (double *)(void *)((char *)config + kind->weight_decay);
}

void snug_step_parts_clear(snug_step_parts *parts) {
    snug_release(parts->items);
    snug_release(parts->configs);
    *parts = (snug_step_parts){0};
}

/* Adds the parameters of a range, to the last part where they do not differ from it. */
static void add_range(snug_step_parts *parts, const snug_parameter_range *range, size_t end,
                      bool decays) {
    snug_step_part *last = parts->count > 0 ? &parts->items[parts->count - 1] : NULL;
    if (last != NULL && last->rate_factor == range->rate_factor && last->decays == decays) {
        last->end = end;
        return;
    }
    parts->items[parts->count++] =
        (snug_step_part){.end = end, .rate_factor = range->rate_factor, .decays = decays};
}

/* Gives each part a copy of the configuration, aligned as any struct must be. */
static snug_status copy_configs(snug_step_parts *parts, const snug_object *optimizer) {
    const size_t alignment = _Alignof(max_align_t), size = optimizer->kind->config_size;
    size_t stride = (size + alignment - 1) / alignment * alignment;
    parts->configs = snug_alloc(parts->count, stride);
    if (parts->configs == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < parts->count; i++) {
        parts->items[i].config = (char *)parts->configs + i * stride;
        memcpy(parts->items[i].config, optimizer->config, size);
    }
    return SNUG_OK;
}

snug_status snug_step_parts_make(snug_step_parts *parts, const snug_parameter_ranges *ranges,
                                 const snug_object *optimizer, bool decay_biases) {
    const snug_parameter_range all = {.rate_factor = 1.0};
    const snug_parameter_range *items = ranges->count > 0 ? ranges->items : &all;
    size_t count = ranges->count > 0 ? ranges->count : 1;
    snug_step_parts_clear(parts);
    parts->items = snug_alloc(count, sizeof *parts->items);
    if (parts->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        size_t end = i + 1 < count ? items[i + 1].first : ranges->parameters;
        add_range(parts, &items[i], end, decay_biases || !items[i].bias);
    }
    snug_status status = copy_configs(parts, optimizer);
    if (status != SNUG_OK) {
        snug_step_parts_clear(parts);
    }
    return status;
}

void snug_step_parts_begin(const snug_step_parts *parts, const snug_object *optimizer, double rate,
                           double decay_factor) {
    const snug_optimizer_kind *kind = kind_of(optimizer);
    double decay = kind->weight_decay > 0 ? *decay_in(kind, optimizer->config) * decay_factor : 0.0;
    for (size_t i = 0; i < parts->count; i++) {
        snug_step_part *part = &parts->items[i];
        part->rate = rate * part->rate_factor;
        if (kind->weight_decay > 0) {
            double own = kind->decoupled_decay ? decay / part->rate_factor : decay;
            *decay_in(kind, part->config) = part->decays ? own : 0.0;
        }
    }
}

/* A bisection: a model of many layers can have two parts for each. */
const snug_step_part *snug_step_parts_find(const snug_step_parts *parts, size_t parameter) {
    size_t low = 0, high = parts->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (parameter < parts->items[middle].end) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return &parts->items[low];
}
