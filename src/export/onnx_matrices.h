/*
 * Operations of a graph that move entries or combine those of a row or a column as ONNX nodes: a
 * snug_onnx_translate_node for each such operation of graph/graph.h.
 */
#ifndef SNUG_EXPORT_ONNX_MATRICES_H
#define SNUG_EXPORT_ONNX_MATRICES_H

#include "export/onnx_translation.h"

/* Each adds the ONNX nodes of node i, and returns the name of its float32 tensor. */
char *snug_onnx_translate_columns(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_concatenate(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_reshape(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_linear(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_softmax(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_reduce_columns(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_reduce_rows(snug_onnx_translation *t, size_t i);
char *snug_onnx_translate_look_up(snug_onnx_translation *t, size_t i);

#endif
