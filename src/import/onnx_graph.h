/*
 * The graph of an ONNX model by names: which node computes a value, which values are constants. A
 * value is a name that nodes take and give. Constants are the initializers, and what Constant nodes
 * give, also behind Identity.
 */
#ifndef SNUG_IMPORT_ONNX_GRAPH_H
#define SNUG_IMPORT_ONNX_GRAPH_H

#include <onnx.pb-c.h>
#include <stdbool.h>

#include <snug/status.h>

/* A name, with what gives it its value: one of the two is NULL. */
typedef struct snug_onnx_source {
    const char *name;
    const Onnx__NodeProto *node;
    const Onnx__TensorProto *tensor;
} snug_onnx_source;

typedef struct snug_onnx_graph {
    const Onnx__GraphProto *proto; /* borrowed */
    size_t opset;
    snug_onnx_source *sources; /* owned, sorted by name */
    size_t count;
} snug_onnx_graph;

/*
 * Lists what gives values. Fails where a name gets its value twice. To be cleared also after a
 * failure.
 */
snug_status snug_onnx_graph_open(snug_onnx_graph *graph, const Onnx__GraphProto *proto,
                                 size_t opset);
void snug_onnx_graph_clear(snug_onnx_graph *graph);

/* Returns the node whose first output is the value, unless it is a constant; or NULL. */
const Onnx__NodeProto *snug_onnx_producer(const snug_onnx_graph *graph, const char *value);

/* Returns the tensor of a constant, or NULL. */
const Onnx__TensorProto *snug_onnx_constant(const snug_onnx_graph *graph, const char *value);

/* Returns the value whose matrix, a constant, is transposed to that of another value; or NULL. */
const char *snug_onnx_transposed(const snug_onnx_graph *graph, const char *value);

/* Returns a node's name for messages: its own, or that of its first output. */
const char *snug_onnx_node_name(const Onnx__NodeProto *node);

/* Returns input i of a node, or NULL where it is left out. */
const char *snug_onnx_input(const Onnx__NodeProto *node, size_t i);

/* ---- attributes ------------------------------------------------------------------------------ */

/* Returns the attribute of that name, or NULL. */
const Onnx__AttributeProto *snug_onnx_attribute(const Onnx__NodeProto *node, const char *name);

/* Return an attribute, or another value where it is not there. */
double snug_onnx_real(const Onnx__NodeProto *node, const char *name, double otherwise);
int64_t snug_onnx_whole(const Onnx__NodeProto *node, const char *name, int64_t otherwise);

#endif
