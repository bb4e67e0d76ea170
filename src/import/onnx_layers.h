/*
 * The layer that a node of an ONNX graph is, alone or with those before it: GELU, for one, is five
 * nodes, because ONNX has no operator for it. The tables in onnx_layers.c list what is known; a row
 * there adds an operator.
 */
#ifndef SNUG_IMPORT_ONNX_LAYERS_H
#define SNUG_IMPORT_ONNX_LAYERS_H

#include "import/onnx_graph.h"
#include "import/onnx_step.h"

/*
 * Finds the layer that gives a value, which is neither the input of the graph nor a constant. Fails
 * with the name of the node where it is none of Snug's. The caller frees step->layer.
 */
snug_status snug_onnx_step_to(const snug_onnx_graph *graph, const char *value,
                              snug_onnx_step *step);

/* Puts 'node "/0/Gemm" (Gemm)' in front of the error message. Returns its status. */
snug_status snug_onnx_fail_in(const Onnx__NodeProto *node);

#endif
