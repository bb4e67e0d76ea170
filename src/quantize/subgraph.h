/*
 * Graphs of their own of the float ends of an int8 program:
 *
 *     front    input                  -> every value that integers or the back need, side by side
 *     back     such values in float   -> the output
 */
#ifndef SNUG_QUANTIZE_SUBGRAPH_H
#define SNUG_QUANTIZE_SUBGRAPH_H

#include "graph/graph.h"

/* The entries of a node, row by row, in the output of the front or the input of the back. */
typedef struct snug_float_slot {
    size_t node;
    size_t first; /* index of its first entry */
} snug_float_slot;

/* Returns a graph that computes the nodes of the slots, side by side; NULL without memory. */
snug_graph *snug_front_graph_new(const snug_graph *graph, size_t count,
                                 const snug_float_slot *slots);

/*
 * Returns a graph that computes the output of a graph from the nodes of the slots, which are side
 * by side in its input, `columns` numbers in all; NULL without memory.
 */
snug_graph *snug_back_graph_new(const snug_graph *graph, size_t count, const snug_float_slot *slots,
                                size_t columns);

#endif
