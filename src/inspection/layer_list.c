#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "inspection/layer_list.h"

static size_t count_nodes(const snug_plan_node *nodes, size_t count) {
    size_t all = count;
    for (size_t i = 0; i < count; i++) {
        all += count_nodes(nodes[i].block, nodes[i].block_count);
    }
    return all;
}

/* Appends nodes, each with those of its block; `units` is work space. */
static void append(snug_layer_listing *list, const snug_plan_node *nodes, size_t count,
                   size_t parent, snug_unit_sums *units) {
    for (size_t i = 0; i < count; i++) {
        size_t at = list->count++;
        list->layers[at] =
            (snug_listed_layer){.node = &nodes[i],
                                .parent = parent,
                                .number = i,
                                .units = snug_unit_moments_of(list->model, &nodes[i], units)};
        append(list, nodes[i].block, nodes[i].block_count, at, units);
    }
}

snug_status snug_layer_listing_make(snug_layer_listing *list, const snug_model *model) {
    const snug_plan *plan = model->plan;
    snug_unit_sums *units = snug_alloc(snug_most_units(model), sizeof *units);
    *list = (snug_layer_listing){.model = model};
    list->layers = snug_alloc(count_nodes(plan->nodes, plan->count), sizeof *list->layers);
    if (units != NULL && list->layers != NULL) {
        append(list, plan->nodes, plan->count, SNUG_NO_LAYER, units);
    }
    snug_status status = units != NULL && list->layers != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    snug_release(units);
    return status;
}

void snug_layer_listing_clear(snug_layer_listing *list) {
    snug_release(list->layers);
    *list = (snug_layer_listing){0};
}

size_t snug_layer_listing_next(const snug_layer_listing *list, size_t i) {
    for (size_t k = i + 1; k < list->count; k++) {
        if (list->layers[k].parent == list->layers[i].parent) {
            return k;
        }
    }
    return SNUG_NO_LAYER;
}

void snug_layer_listing_path(const snug_layer_listing *list, size_t i, char *path, size_t size) {
    const snug_listed_layer *layer = &list->layers[i];
    if (layer->parent == SNUG_NO_LAYER) {
        snprintf(path, size, "model.layers[%zu]", layer->number);
        return;
    }
    snug_layer_listing_path(list, layer->parent, path, size);
    size_t used = strlen(path);
    snprintf(path + used, size - used, ".%s[%zu]", list->layers[layer->parent].node->kind->block,
             layer->number);
}
