/* The interpreter of graphs, which has what each operation computes. */
#ifndef SNUG_GRAPH_COMPUTE_H
#define SNUG_GRAPH_COMPUTE_H

#include "graph/graph.h"

/*
 * Called with the result of a node for one sample, a matrix of the node's rows and columns that is
 * valid during the call. `user` is the caller's own.
 */
typedef void snug_graph_observer(void *user, size_t node, const float *result);

/*
 * Computes the graph's output for x[samples][columns of the input] in float32, as the exported
 * programs do: output[samples][rows of the output][its columns]. `observe`, unless NULL, is called
 * with each node's result of each sample. Fails where the graph has failed, and without memory.
 */
snug_status snug_graph_compute(const snug_graph *graph, size_t samples, const float *x,
                               float *output, snug_graph_observer *observe, void *user);

#endif
