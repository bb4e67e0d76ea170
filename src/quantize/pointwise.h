/*
 * Functions of one number, which are chains of nodes, in double: entries of tables. A chain may
 * divide and read its own values several times, as in x * sigmoid(x):
 *
 *     x --sigmoid--> s        root: x
 *     x, s --multiply--> y    root: x; y(x) is one table
 */
#ifndef SNUG_QUANTIZE_POINTWISE_H
#define SNUG_QUANTIZE_POINTWISE_H

#include "quantize/partition.h"

/*
 * Returns f(x) for a node that is a function f of its root. `memory` is an array of graph->count
 * numbers, whose content is overwritten, so that a node that several others read is computed once.
 */
double snug_pointwise(const snug_graph *graph, const snug_node_part *parts, size_t node, double x,
                      double *memory);

#endif
