/*
 * What the operations of a graph share when they become ONNX nodes: the graph that is being
 * translated, and its nodes' tensors. See onnx_operations.h for their shapes.
 */
#ifndef SNUG_EXPORT_ONNX_TRANSLATION_H
#define SNUG_EXPORT_ONNX_TRANSLATION_H

#include "export/onnx_builder.h"
#include "graph/graph.h"

/* A graph that is being translated. The arrays have an entry for each node of it. */
typedef struct snug_onnx_translation {
    snug_onnx_builder *builder;
    const snug_graph *graph;
    char *input;
    char **numbers;    /* names of tensors of float32; NULL: not made yet */
    char **conditions; /* names of tensors of bool, of nodes that have one */
    bool *constant;    /* the node depends on constants alone: its batch is 1 */
    char *batch;       /* int64 [1], the size of the batch; NULL: not made yet */
} snug_onnx_translation;

/* Adds the ONNX nodes of graph node `i`. Returns the name of its float32 tensor. */
typedef char *snug_onnx_translate_node(snug_onnx_translation *t, size_t i);

/* ---- the inputs of a node -------------------------------------------------------------------- */

const snug_graph_node *snug_onnx_node_at(const snug_onnx_translation *t, size_t i);

/* Returns the number of the node that is input k of node i. */
size_t snug_onnx_input_number(const snug_onnx_translation *t, size_t i, size_t k);

/* Adds a conversion of all entries to another type. */
char *snug_onnx_cast(snug_onnx_translation *t, char *x, Onnx__TensorProto__DataType type);

/* Returns the tensor of bool of a node: whether its entries are not 0. */
char *snug_onnx_condition_of(snug_onnx_translation *t, size_t node);

/* Returns the tensor of float32 of input k of node i. */
char *snug_onnx_input_of(snug_onnx_translation *t, size_t i, size_t k);

/*
 * Returns the tensor x of node `node` as one that ONNX can combine with a result of `rows` rows: it
 * lines dimensions up from the last one, so that [batch, columns] has to become
 * [batch, 1, columns].
 */
char *snug_onnx_line_up(snug_onnx_translation *t, char *x, size_t node, size_t rows);

/* As snug_onnx_input_of(), lined up with the result of node i. */
char *snug_onnx_lined_up(snug_onnx_translation *t, size_t i, size_t k);

/*
 * Returns a tensor of node `node` that has the whole batch, also where it is a constant. Most
 * operators repeat the batch 1 of a constant themselves; Concat and the outputs of a model do not.
 */
char *snug_onnx_whole_batch(snug_onnx_translation *t, size_t node);

#endif
