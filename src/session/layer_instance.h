/*
 * The layers of a session: each with the call that runs it and the buffers that it works on.
 *
 * The layer itself, a kind and its configuration, belongs to the model and is shared by all of its
 * sessions. An instance is the session's side of it.
 */
#ifndef SNUG_SESSION_LAYER_INSTANCE_H
#define SNUG_SESSION_LAYER_INSTANCE_H

#include "model/model.h"

typedef struct snug_layer_instance {
    const snug_plan_node *node;
    snug_layer_call call; /* what is the same in each call is set once, by snug_layers_bind() */
    /* where the layer's tensors and their gradients are in the flat vectors */
    const float *tensors[SNUG_LAYER_TENSORS_MAX];
    float *gradients[SNUG_LAYER_TENSORS_MAX];
    float *state[SNUG_LAYER_TENSORS_MAX];
    /* buffers for a whole batch: see session/arena.h */
    float *y, *cache, *matrices[SNUG_LAYER_MATRICES_MAX];
    size_t y_stride; /* the thread whose first row is row r writes from y + r * y_stride on */
    float *dy;       /* only where threads share out the rows; otherwise NULL */
    struct snug_layer_instance *block; /* the layers inside of a block, or NULL */
} snug_layer_instance;

/*
 * Makes the instances of `count` nodes and of the blocks in them, without buffers. NULL without
 * memory.
 */
snug_layer_instance *snug_layers_new(const snug_plan_node *nodes, size_t count);
void snug_layers_free(snug_layer_instance *layers, size_t count); /* takes NULL */

/* What all instances of a session have in common. */
typedef struct snug_layer_binding {
    const snug_model *model;
    float *gradients; /* flat; NULL in a session that predicts */
    uint64_t seed;    /* of the masks of random layers */
    const snug_schedule_time *time;
    bool training;
} snug_layer_binding;

/* Sets what does not depend on a batch: shapes, random numbers, pointers to the tensors. */
void snug_layers_bind(const snug_layer_binding *binding, snug_layer_instance *layers, size_t count);

#endif
