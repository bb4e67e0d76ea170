/*
 * The plan of a model: its layers with their shapes, and the place of every tensor in the flat
 * vectors. It depends on the layers alone; what depends on the number of rows is the session's
 * (session/arena.h). plan/plan_build.h makes it.
 *
 * All trainable tensors are in one flat vector of parameters, in the order of the layers, and all
 * others, such as running means, in one of state. Each tensor starts at a multiple of 64 bytes, a
 * line of the cache. The padding behind a tensor is always 0, so that passes over the whole vector
 * need not know the tensors:
 *
 *     parameters  | 0.weight          |pad| 0.bias |pad| 2.weight      |pad| 2.bias |pad|
 *                 ^ slots[0].offset       ^ slots[1].offset
 *
 * Gradients, an optimizer's moments and copies of the parameters have the same offsets.
 */
#ifndef SNUG_PLAN_PLAN_H
#define SNUG_PLAN_PLAN_H

#include "kinds/object.h"
#include "optim/parameter_ranges.h"

/* A layer of the model or of a block. */
typedef struct snug_plan_node {
    const snug_object *object; /* kind and configuration, which belong to the model */
    const snug_layer_kind *kind;
    unsigned flags; /* the flags of the kind, with those of .flags_of */
    size_t number;  /* from 0, a block before its layers: selects streams of random numbers */
    size_t depth;   /* 0: a layer of the model, 1: of a block, 2: of a block in a block ... */
    bool in_place;  /* writes y over x */
    bool large;     /* one of its tensors is: OpenBLAS computes the products, see math/gemm.h */
    snug_layer_shape shape;
    size_t first_tensor;          /* its tensors are slots[first_tensor] and those that follow */
    size_t first_parameter;       /* offset of its own parameters, without those of its block */
    size_t parameters;            /* their number, with the padding */
    struct snug_plan_node *block; /* the nodes of its block, or NULL */
    size_t block_count;
} snug_plan_node;

/* A tensor of a layer, in one of the flat vectors. */
typedef struct snug_tensor_slot {
    char *name; /* "0.weight": the layer's path and the tensor's name; owned */
    const snug_tensor *tensor;
    const void *config;            /* of the layer, which belongs to the model */
    const snug_object *activation; /* that the layer's inputs come from, or NULL */
    size_t rows, size;             /* rows is 1 for a vector; size = rows * columns */
    size_t offset;                 /* in the parameters or, for state, in the state */
    size_t padding;                /* floats from its end to the next tensor's offset */
    size_t portion;                /* rows of its gradient to be made at once: session/backward.c */
    size_t trainable_before;       /* number of trainable slots before this one */
} snug_tensor_slot;

/* What only plan/plan_build.c needs, from one layer to the next. */
typedef struct snug_plan_building {
    size_t capacity, slot_capacity, range_capacity; /* of .nodes, .slots and .ranges */
    size_t numbers;                                 /* nodes so far, those of blocks too */
    size_t open; /* the first node that waits for its default initializer: plan/plan_inits.h */
    const snug_object *activation; /* that the last layer's outputs come from, or NULL */
    snug_object *inits[8];         /* default initializers that the shapes point to; owned */
    size_t init_count;
    bool located; /* the error message has the failing layer's location already */
} snug_plan_building;

typedef struct snug_plan {
    snug_plan_node *nodes;
    size_t count;
    snug_tensor_slot *slots; /* in the order of the nodes, those of blocks before their node */
    size_t slot_count, trainable_slots;
    size_t parameters;            /* floats in the flat vector, with the padding */
    size_t trainable;             /* without it */
    size_t state;                 /* floats of state, with the padding */
    size_t depth;                 /* of the deepest node, + 1 */
    size_t outputs;               /* of the last layer, for one member */
    size_t members;               /* rows of its outputs for each sample; 1: no ensemble */
    snug_parameter_range *ranges; /* of the parameters: with which rates and decay; owned */
    size_t range_count;
    bool rate_factors; /* a trainable tensor has a factor of the learning rate other than 1 */
    bool penalized;    /* a tensor has .l1 or .l2 */
    bool constrained;  /* a tensor has .max_norm */
    bool rowwise;      /* every layer takes rows one by one, so that threads can share them out */
    snug_plan_building building;
} snug_plan;

/* Returns what an optimizer needs to know of the parameters. */
static inline snug_parameter_ranges snug_plan_ranges(const snug_plan *plan) {
    return (snug_parameter_ranges){plan->parameters, plan->ranges, plan->range_count};
}

#endif
