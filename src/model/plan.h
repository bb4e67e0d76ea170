/*
 * The plan: a model's layers with their shapes, and the place of every tensor in the flat vectors.
 * It depends on the layers alone; what depends on the number of rows is the session's.
 */
#ifndef SNUG_MODEL_PLAN_H
#define SNUG_MODEL_PLAN_H

#include "core/object.h"

typedef struct snug_plan_node {
    const snug_object *object;
    const snug_layer_kind *kind;
    unsigned uses; /* of the kind, completed by .uses_of */
    size_t number; /* depth first from 0: the node's streams of random numbers */
    size_t depth;  /* 0 at the top, 1 in a block ... */
    bool in_place; /* y is x */
    bool large;    /* a matrix of its weights is: OpenBLAS takes the products, see gemm.h */
    snug_layer_shape shape;
    size_t first_tensor;          /* its tensors stand in a row in the plan's table */
    size_t first_parameter;       /* in the flat vector: its own, without those of its block */
    size_t parameters;            /* with the padding */
    struct snug_plan_node *block; /* of a block, or NULL */
    size_t block_count;
} snug_plan_node;

typedef struct snug_tensor_slot {
    char *name; /* "0.weight" */
    const snug_tensor *tensor;
    size_t rows, size; /* rows is 1 for a vector; size = rows * columns */
    /* rows of its gradient made at once, to be in the cache still when they are used */
    size_t portion;
    size_t offset;           /* in the parameters or, for state, in the state */
    size_t padding;          /* floats from its end to the next tensor's offset, all 0 */
    size_t trainable_before; /* trainable slots before this one; the others before it are state */
} snug_tensor_slot;

typedef struct snug_plan {
    snug_plan_node *nodes;
    size_t count, capacity;
    /* The first node whose initializer by default depends on the layers that are still to come. */
    size_t open;
    snug_tensor_slot *slots; /* in the order of the nodes */
    size_t slot_count, slot_capacity, trainable_slots;
    size_t parameters; /* floats in the flat vector, with the padding */
    size_t trainable;  /* without it */
    size_t state;      /* floats of state, with the padding */
    size_t depth;      /* of the deepest node, + 1 */
    size_t numbers;    /* nodes in all */
    size_t outputs;
    snug_object *inits[8]; /* default initializers that the shapes point to */
    size_t init_count;
    bool penalized;   /* a tensor has .l1 or .l2 */
    bool constrained; /* a tensor has .max_norm */
    bool by_rows;     /* every layer takes the rows of a batch one by one: they can be shared out */
    bool located;     /* while planning: the error sentence says where already */
} snug_plan;

/* The plan of no layers. */
snug_plan *snug_plan_new(size_t inputs);

/*
 * Plans one more layer, which must outlive the plan: infers and checks its shape. The time does
 * not depend on the layers before it, but nodes may move. Error messages begin with
 * "model.layers[2]"; the plan is then as it was.
 */
snug_status snug_plan_append(snug_plan *plan, const snug_object *layer);
void snug_plan_free(snug_plan *plan); /* takes NULL */

/* The activation that a layer wraps, or NULL. */
const snug_object *snug_layer_activation(const snug_object *layer);

/* The layers inside a block, or NULL. */
snug_layer_list *snug_layer_block(const snug_object *layer);

#endif
