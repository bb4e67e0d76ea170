/*
 * Where a generated program keeps each value of a graph, and which operations share a loop.
 *
 * Operations entry by entry whose result only such operations of one loop read are computed there,
 * as local variables. Other results are in memory: in a buffer of the scratch memory, of which
 * buffers with lives that do not overlap share the same floats. A result that is a part of
 * another, or its only reader's, needs no memory of its own:
 * - reshaped values and columns side by side are where the value is that they are taken from;
 * - what is concatenated is computed where the concatenation has it;
 * - a loop entry by entry overwrites an input that nothing reads afterwards.
 */
#ifndef SNUG_C_CODE_PLAN_H
#define SNUG_C_CODE_PLAN_H

#include <stdbool.h>

#include "graph/graph.h"

typedef enum snug_c_storage {
    SNUG_C_INPUT,    /* the caller's input */
    SNUG_C_OUTPUT,   /* the caller's output */
    SNUG_C_SCRATCH,  /* the scratch memory */
    SNUG_C_CONSTANT, /* the array of a constant node */
    SNUG_C_LOCAL     /* a variable in the loop of .root */
} snug_c_storage;

/* Where one node's result is. */
typedef struct snug_c_place {
    snug_c_storage storage;
    size_t constant; /* SNUG_C_CONSTANT: the node */
    size_t offset;   /* in floats from the beginning of the storage */
    size_t root;     /* the last operation of its loop, which may be itself */
    size_t first;    /* of a root: the first node of its loop */
    bool computed;   /* an operation computes it: it is no part of another value, and no constant */
} snug_c_place;

typedef struct snug_c_plan {
    snug_c_place *places; /* of each node, owned */
    size_t scratch;       /* floats of scratch memory */
} snug_c_plan;

/* Plans a graph. On failure, without memory, the plan is empty. */
snug_status snug_c_plan_make(snug_c_plan *plan, const snug_graph *graph);

/* Frees the plan and leaves it empty. */
void snug_c_plan_clear(snug_c_plan *plan);

/* Whether an operation computes entry by entry, of inputs of the same shape or repeated ones. */
bool snug_c_is_entrywise(const snug_graph_node *node);

/*
 * Whether every entry of a constant is the same number, to the bit, which is then written where it
 * is used.
 */
bool snug_c_is_number(const snug_graph_node *node);

/* Whether the loops of two nodes have the same shape. */
bool snug_c_same_shape(const snug_graph_node *a, const snug_graph_node *b);

#endif
