/*
 * The operations of a graph as ONNX nodes.
 *
 * A value of one row is a tensor [batch, columns], one of several rows [batch, rows, columns]. What
 * does not depend on the input has the batch 1, which ONNX repeats where it meets another batch.
 */
#ifndef SNUG_EXPORT_ONNX_OPERATIONS_H
#define SNUG_EXPORT_ONNX_OPERATIONS_H

#include "export/onnx_builder.h"
#include "graph/graph.h"

/*
 * Adds a graph, whose constants the ONNX graph then borrows, for the input of the given name,
 * [batch, columns]. Returns the name of the tensor of its output, [batch, outputs]; NULL without
 * memory.
 */
char *snug_onnx_add_graph(snug_onnx_builder *builder, const snug_graph *graph, char *input);

#endif
