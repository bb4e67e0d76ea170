#include "export/onnx_translation.h"

char *snug_onnx_cast(snug_onnx_translation *t, char *x, Onnx__TensorProto__DataType type) {
    char *name = snug_onnx_unary(t->builder, "Cast", x);
    snug_onnx_set_int(t->builder, "to", type);
    return name;
}

/* Returns the tensor of float32 of a node; one of bool becomes 0 and 1 when it is first read. */
static char *number_of(snug_onnx_translation *t, size_t node) {
    if (t->numbers[node] == NULL && t->conditions[node] != NULL) {
        t->numbers[node] =
            snug_onnx_cast(t, t->conditions[node], ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
    }
    return t->numbers[node];
}

char *snug_onnx_condition_of(snug_onnx_translation *t, size_t node) {
    if (t->conditions[node] == NULL) {
        t->conditions[node] =
            snug_onnx_cast(t, t->numbers[node], ONNX__TENSOR_PROTO__DATA_TYPE__BOOL);
    }
    return t->conditions[node];
}

const snug_graph_node *snug_onnx_node_at(const snug_onnx_translation *t, size_t i) {
    return &t->graph->nodes[i];
}

size_t snug_onnx_input_number(const snug_onnx_translation *t, size_t i, size_t k) {
    return snug_onnx_node_at(t, i)->inputs[k];
}

char *snug_onnx_input_of(snug_onnx_translation *t, size_t i, size_t k) {
    return number_of(t, snug_onnx_input_number(t, i, k));
}

char *snug_onnx_line_up(snug_onnx_translation *t, char *x, size_t node, size_t rows) {
    if (rows == 1 || snug_onnx_node_at(t, node)->rows > 1 || t->constant[node]) {
        return x;
    }
    const int64_t axis = 1;
    char *axes = snug_onnx_ints(t->builder, "axes", 1, &axis);
    return snug_onnx_binary(t->builder, "Unsqueeze", x, axes);
}

char *snug_onnx_lined_up(snug_onnx_translation *t, size_t i, size_t k) {
    return snug_onnx_line_up(t, snug_onnx_input_of(t, i, k), snug_onnx_input_number(t, i, k),
                             snug_onnx_node_at(t, i)->rows);
}

/*
 * Returns the size of the batch, int64 [1]: it is known when the model runs, and read off the shape
 * of the features.
 */
static char *batch_size(snug_onnx_translation *t) {
    if (t->batch == NULL) {
        const int64_t first = 0;
        char *shape = snug_onnx_unary(t->builder, "Shape", t->input);
        char *index = snug_onnx_ints(t->builder, "index", 1, &first);
        t->batch = snug_onnx_binary(t->builder, "Gather", shape, index);
    }
    return t->batch;
}

char *snug_onnx_whole_batch(snug_onnx_translation *t, size_t node) {
    char *x = number_of(t, node);
    if (!t->constant[node]) {
        return x;
    }
    const int64_t ones[] = {1, 1};
    const size_t dimensions = snug_onnx_node_at(t, node)->rows > 1 ? 2 : 1;
    char *parts[] = {batch_size(t), snug_onnx_ints(t->builder, "shape", dimensions, ones)};
    char *shape = snug_onnx_node(t->builder, "Concat", parts, 2);
    snug_onnx_set_int(t->builder, "axis", 0);
    return snug_onnx_binary(t->builder, "Expand", x, shape);
}
