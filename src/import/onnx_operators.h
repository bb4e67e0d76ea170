/*
 * Operators of an ONNX graph that need more than a row of a table to become a layer, and what
 * making a layer needs: its tensors and its object.
 */
#ifndef SNUG_IMPORT_ONNX_OPERATORS_H
#define SNUG_IMPORT_ONNX_OPERATORS_H

#include "import/onnx_graph.h"
#include "import/onnx_step.h"
#include "kinds/field_value.h"

/* The error message about a node that an exporter wrote for training. */
extern const char snug_onnx_in_training[];

/* Fails with a message about the node, without its name. */
snug_status snug_onnx_fail(const char *message);

/* Makes the layer of a step: that of a kind, or of an activation, with values of its fields. */
snug_status snug_onnx_make(snug_onnx_step *step, const char *kind, const snug_field_value *fields);

/*
 * Gives the layer of a step the tensor `name` from a constant. Fails where `value` is NULL, an
 * input that is missing, or no constant.
 */
snug_status snug_onnx_add_weight(const snug_onnx_graph *graph, snug_onnx_step *step,
                                 const char *name, const char *value);

/*
 * Makes a dense layer of a constant matrix, inputs x units or, where `swapped`, units x inputs, and
 * of a bias, or NULL.
 */
snug_status snug_onnx_make_dense(const snug_onnx_graph *graph, snug_onnx_step *step,
                                 const char *matrix, bool swapped, const char *bias);

/*
 * Whether the node is one of these operators; if so, *status is whether its attributes and inputs
 * are those of a layer, which the step then has.
 */
bool snug_onnx_operator(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step, snug_status *status);

#endif
