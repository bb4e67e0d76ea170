#include "export/onnx_operations.h"
#include "export/onnx_translation.h"

/* ---- the inputs of a node -------------------------------------------------------------------- */

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

/* ---- the graph ------------------------------------------------------------------------------- */

static snug_onnx_translate_node *const translations[] = {
    [SNUG_OPERATION_INPUT] = snug_onnx_translate_input,
    [SNUG_OPERATION_CONSTANT] = snug_onnx_translate_constant,
    [SNUG_OPERATION_UNARY] = snug_onnx_translate_unary,
    [SNUG_OPERATION_ELU] = snug_onnx_translate_elu,
    [SNUG_OPERATION_LEAKY_RELU] = snug_onnx_translate_leaky_relu,
    [SNUG_OPERATION_CLIP] = snug_onnx_translate_clip,
    [SNUG_OPERATION_BINARY] = snug_onnx_translate_binary,
    [SNUG_OPERATION_SELECT] = snug_onnx_translate_select,
    [SNUG_OPERATION_COLUMNS] = snug_onnx_translate_columns,
    [SNUG_OPERATION_CONCATENATE] = snug_onnx_translate_concatenate,
    [SNUG_OPERATION_RESHAPE] = snug_onnx_translate_reshape,
    [SNUG_OPERATION_LINEAR] = snug_onnx_translate_linear,
    [SNUG_OPERATION_SOFTMAX] = snug_onnx_translate_softmax,
    [SNUG_OPERATION_LOG_SOFTMAX] = snug_onnx_translate_softmax,
    [SNUG_OPERATION_REDUCE_COLUMNS] = snug_onnx_translate_reduce_columns,
    [SNUG_OPERATION_REDUCE_ROWS] = snug_onnx_translate_reduce_rows,
    [SNUG_OPERATION_LOOK_UP] = snug_onnx_translate_look_up,
};

/* Returns whether a node depends on constants alone. */
static bool is_constant(const snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    bool constant = node->operation != SNUG_OPERATION_INPUT;
    for (size_t k = 0; k < node->input_count; k++) {
        constant = constant && t->constant[node->inputs[k]];
    }
    return constant;
}

char *snug_onnx_add_graph(snug_onnx_builder *builder, const snug_graph *graph, char *input) {
    snug_onnx_translation t = {
        .builder = builder,
        .graph = graph,
        .input = input,
        .numbers = snug_onnx_alloc(builder, graph->count, sizeof *t.numbers),
        .conditions = snug_onnx_alloc(builder, graph->count, sizeof *t.conditions),
        .constant = snug_onnx_alloc(builder, graph->count, sizeof *t.constant),
    };
    for (size_t i = 0; i < graph->count && !builder->failed; i++) {
        const snug_graph_node *node = snug_onnx_node_at(&t, i);
        builder->section =
            node->section < graph->section_count ? graph->sections[node->section] : "";
        t.constant[i] = is_constant(&t, i);
        t.numbers[i] = translations[node->operation](&t, i);
    }
    return builder->failed ? NULL : snug_onnx_whole_batch(&t, graph->output.node);
}
