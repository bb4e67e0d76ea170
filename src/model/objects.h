/* The public handles of layers, losses, optimizers and schedules over the one snug_object. */
#ifndef SNUG_MODEL_OBJECTS_H
#define SNUG_MODEL_OBJECTS_H

#include <snug/layer.h>

#include "core/object.h"
#include "optim/optimizer.h"

/* A snug_layer, snug_loss or snug_schedule handle is its object; an optimizer has state beside it. */
static inline snug_object *snug_layer_object(const snug_layer *layer) {
    return (snug_object *)layer;
}
static inline snug_object *snug_loss_object(const snug_loss *loss) {
    return (snug_object *)loss;
}
static inline snug_object *snug_schedule_object(const snug_schedule *s) {
    return (snug_object *)s;
}

#endif
