/* The layer around an activation function. */
#ifndef SNUG_LAYERS_ACTIVATION_H
#define SNUG_LAYERS_ACTIVATION_H

#include "core/object.h"

#include <snug/layer.h>

/* An `activation` layer of a function, which it takes over; NULL passes through. */
snug_layer *snug_layer_wrap(snug_object *function);

#endif
