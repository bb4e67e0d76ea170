/* The model that the graph of an ONNX file computes. */
#ifndef SNUG_IMPORT_ONNX_NETWORK_H
#define SNUG_IMPORT_ONNX_NETWORK_H

#include "import/onnx_file.h"
#include "model/model.h"

/*
 * Returns a new model, with weights, of an open file; `path` is its name in warnings. NULL on
 * failure.
 */
snug_model *snug_onnx_network(const snug_onnx_file *file, const char *path);

#endif
