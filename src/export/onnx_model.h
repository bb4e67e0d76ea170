/*
 * The graph of a model as the file of an ONNX model:
 *
 *     features [batch, columns]  ->  label [batch], probabilities or scores [batch, classes]
 *                                    values [batch, outputs]
 *
 * It borrows the constants of the graph until it is written.
 */
#ifndef SNUG_EXPORT_ONNX_MODEL_H
#define SNUG_EXPORT_ONNX_MODEL_H

#include "export/model_graph.h"

/*
 * Writes a graph for the operators of version `opset`, 13 to 17, with inputs, outputs and metadata
 * as <snug/export.h> has them. Fails without memory, where the file would be larger than 2 GiB, and
 * where it cannot be written.
 */
snug_status snug_onnx_write(const snug_model_graph *graph, size_t opset, const char *path);

#endif
