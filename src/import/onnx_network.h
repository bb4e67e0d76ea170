/*
 * The model that the graph of an ONNX file computes. The graph is that of a sequence of layers:
 * each value is computed of one other value and of constants. A graph in which values branch and
 * come together again is refused, unless the branches are those of one layer, as in x sigmoid(x).
 * Nodes that the output does not depend on are not looked at.
 */
#ifndef SNUG_IMPORT_ONNX_NETWORK_H
#define SNUG_IMPORT_ONNX_NETWORK_H

#include "import/onnx_file.h"
#include "model/model.h"

/*
 * Returns a new model, with weights, of an open file, which it needs no more afterwards; `path` is
 * its name in warnings. The caller owns the model, which has neither a loss nor preprocessing. NULL
 * on failure, with an error message that names the node where there is one.
 */
snug_model *snug_onnx_network(const snug_onnx_file *file, const char *path);

#endif
