/* Adding nodes to a graph: what the functions of <snug/graph.h> are made of. */
#ifndef SNUG_GRAPH_ADD_H
#define SNUG_GRAPH_ADD_H

#include <stdbool.h>

#include "graph/graph.h"

/*
 * Returns whether the values, of which there are `count`, can be read by a new node. Otherwise the
 * graph has failed: before, or now, because a value is none of this graph.
 */
bool snug_graph_accepts(snug_graph *graph, size_t count, const snug_value *values);

/*
 * Appends a node that reads `count` values; the arrays of `node` are the graph's from now on, also
 * on failure, but for .inputs, which this function makes. Returns its value.
 */
snug_value snug_graph_append(snug_graph *graph, const snug_graph_node *node, size_t count,
                             const snug_value *values);

/* Makes the graph fail with a message that is printed as by printf(); keeps its first error. */
snug_value snug_graph_fail_with(snug_graph *graph, const char *format, ...) SNUG_PRINTF(2, 3);

/* Makes the graph fail with the thread's error message, of this status. */
snug_value snug_graph_fail_as(snug_graph *graph, snug_status status);

/* Puts a location and ": " in front of the graph's error message, except that of no memory. */
void snug_graph_locate(snug_graph *graph, const char *location);

/* Returns a copy of a x b x c numbers; NULL, and the graph has failed, without memory. */
float *snug_graph_copy_floats(snug_graph *graph, size_t a, size_t b, size_t c, const float *values);

#endif
