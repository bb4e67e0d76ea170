/*
 * Operations of a graph that move entries or combine those of a row or a column as ONNX nodes: a
 * function for each operation of graph/graph.h.
 */
#ifndef SNUG_EXPORT_ONNX_MATRICES_H
#define SNUG_EXPORT_ONNX_MATRICES_H

#include "export/onnx_translation.h"

snug_onnx_translate_node snug_onnx_translate_columns;
snug_onnx_translate_node snug_onnx_translate_concatenate;
snug_onnx_translate_node snug_onnx_translate_reshape;
snug_onnx_translate_node snug_onnx_translate_linear;
snug_onnx_translate_node snug_onnx_translate_softmax;
snug_onnx_translate_node snug_onnx_translate_reduce_columns;
snug_onnx_translate_node snug_onnx_translate_reduce_rows;
snug_onnx_translate_node snug_onnx_translate_look_up;

#endif
