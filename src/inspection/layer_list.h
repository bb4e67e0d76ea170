/*
 * All layers of a model in one list, those inside of blocks directly behind their block: the order
 * in which numbers come to them, where a block is its own first step.
 */
#ifndef SNUG_INSPECTION_LAYER_LIST_H
#define SNUG_INSPECTION_LAYER_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "inspection/unit_moments.h"
#include "model/model.h"

/* No layer: of .parent below, the layer is one of the model itself. */
#define SNUG_NO_LAYER SIZE_MAX

typedef struct snug_listed_layer {
    const snug_plan_node *node;
    size_t parent; /* index in the list of the block that it is in, or SNUG_NO_LAYER */
    size_t number; /* in the model or in its block, from 0 */
    snug_unit_moments units;
} snug_listed_layer;

typedef struct snug_layer_listing {
    const snug_model *model;
    snug_listed_layer *layers; /* owned */
    size_t count;
} snug_layer_listing;

/* Makes the list. To be freed with snug_layer_listing_clear(), also when it fails. */
snug_status snug_layer_listing_make(snug_layer_listing *list, const snug_model *model);
void snug_layer_listing_clear(snug_layer_listing *list);

/* Returns the index of the layer behind layer i in the same model or block, or SNUG_NO_LAYER. */
size_t snug_layer_listing_next(const snug_layer_listing *list, size_t i);

/* Writes the path of layer i, such as "model.layers[2].layers[0]", cut off where it is too long. */
void snug_layer_listing_path(const snug_layer_listing *list, size_t i, char *path, size_t size);

#endif
