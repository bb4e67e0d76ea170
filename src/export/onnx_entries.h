/*
 * Operations of a graph that compute each entry by itself, the input and constants as ONNX nodes:
 * a snug_onnx_translate_node for each such operation of graph/graph.h.
 */
#ifndef SNUG_EXPORT_ONNX_ENTRIES_H
#define SNUG_EXPORT_ONNX_ENTRIES_H

#include "export/onnx_translation.h"

/* Each adds the ONNX nodes of node i, and returns the name of its float32 tensor. */
char *snug_onnx_translate_input(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_constant(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_unary(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_elu(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_leaky_relu(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_clip(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_binary(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_select(snug_onnx_translation *t, size_t i);

#endif
