#include "export/onnx_entries.h"
#include "export/onnx_matrices.h"
#include "export/onnx_operations.h"

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
