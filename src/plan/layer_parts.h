/*
 * What a layer's configuration holds: the activation that it wraps, the layers of its block. The
 * layer's kind has the name of the field that describes the member: "activation" has .wraps =
 * "function", "residual" has .block = "layers".
 */
#ifndef SNUG_PLAN_LAYER_PARTS_H
#define SNUG_PLAN_LAYER_PARTS_H

#include "kinds/object.h"

/*
 * Returns the activation function that the layer is, such as "relu", which belongs to the layer;
 * NULL where it is none.
 */
const snug_object *snug_layer_activation(const snug_object *layer);

/*
 * Returns the activation function that the layer is before it is trained: the one that it wraps, or
 * that of its kind's .activation; NULL where there is none.
 */
const snug_object *snug_layer_first_activation(const snug_object *layer);

/* Returns the layers inside of a block, to be read or changed; NULL where the layer is no block. */
snug_layer_list *snug_layer_block(const snug_object *layer);

#endif
