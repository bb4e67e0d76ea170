#include <math.h>

#include "core/memory.h"
#include "export/onnx_operations.h"

/* A graph that is being translated. The arrays have an entry for each node of it. */
typedef struct translation {
    snug_onnx_builder *builder;
    const snug_graph *graph;
    char *input;
    char **numbers;    /* names of tensors of float32; NULL: not made yet */
    char **conditions; /* names of tensors of bool, of nodes that have one */
    bool *constant;    /* the node depends on constants alone: its batch is 1 */
    char *batch;       /* int64 [1], the size of the batch; NULL: not made yet */
} translation;

/* Adds the ONNX nodes of graph node `i`. Returns the name of its float32 tensor. */
typedef char *translate_node(translation *t, size_t i);

/* ---- the inputs of a node -------------------------------------------------------------------- */

static char *cast(translation *t, char *x, Onnx__TensorProto__DataType type) {
    char *name = snug_onnx_unary(t->builder, "Cast", x);
    snug_onnx_set_int(t->builder, "to", type);
    return name;
}

/* Returns the tensor of float32 of a node; one of bool becomes 0 and 1 when it is first read. */
static char *number_of(translation *t, size_t node) {
    if (t->numbers[node] == NULL && t->conditions[node] != NULL) {
        t->numbers[node] = cast(t, t->conditions[node], ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT);
    }
    return t->numbers[node];
}

/* Returns the tensor of bool of a node: whether its entries are not 0. */
static char *condition_of(translation *t, size_t node) {
    if (t->conditions[node] == NULL) {
        t->conditions[node] = cast(t, t->numbers[node], ONNX__TENSOR_PROTO__DATA_TYPE__BOOL);
    }
    return t->conditions[node];
}

static const snug_graph_node *node_at(const translation *t, size_t i) {
    return &t->graph->nodes[i];
}

static size_t input_number(const translation *t, size_t i, size_t k) {
    return node_at(t, i)->inputs[k];
}

/* Returns the tensor of input k of node i. */
static char *input_of(translation *t, size_t i, size_t k) {
    return number_of(t, input_number(t, i, k));
}

/*
 * Returns the tensor x of node `node` as one that ONNX can combine with a result of `rows` rows: it
 * lines dimensions up from the last one, so that [batch, columns] has to become
 * [batch, 1, columns].
 */
static char *line_up(translation *t, char *x, size_t node, size_t rows) {
    if (rows == 1 || node_at(t, node)->rows > 1 || t->constant[node]) {
        return x;
    }
    const int64_t axis = 1;
    char *axes = snug_onnx_ints(t->builder, "axes", 1, &axis);
    return snug_onnx_binary(t->builder, "Unsqueeze", x, axes);
}

/* As input_of(), lined up with the result of node i. */
static char *lined_up_input(translation *t, size_t i, size_t k) {
    return line_up(t, input_of(t, i, k), input_number(t, i, k), node_at(t, i)->rows);
}

/* Returns the size of the batch, int64 [1]. */
static char *batch_size(translation *t) {
    if (t->batch == NULL) {
        const int64_t first = 0;
        char *shape = snug_onnx_unary(t->builder, "Shape", t->input);
        char *index = snug_onnx_ints(t->builder, "index", 1, &first);
        t->batch = snug_onnx_binary(t->builder, "Gather", shape, index);
    }
    return t->batch;
}

/* Returns a tensor of node `node` that has the whole batch, also where it is a constant. */
static char *whole_batch(translation *t, size_t node) {
    char *x = number_of(t, node);
    if (!t->constant[node]) {
        return x;
    }
    const int64_t ones[] = {1, 1};
    const size_t dimensions = node_at(t, node)->rows > 1 ? 2 : 1;
    char *parts[] = {batch_size(t), snug_onnx_ints(t->builder, "shape", dimensions, ones)};
    char *shape = snug_onnx_node(t->builder, "Concat", parts, 2);
    snug_onnx_set_int(t->builder, "axis", 0);
    return snug_onnx_binary(t->builder, "Expand", x, shape);
}

/* ---- entry by entry -------------------------------------------------------------------------- */

static char *translate_input(translation *t, size_t i) {
    (void)i;
    return t->input;
}

static char *translate_constant(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    const int64_t shape[] = {1, (int64_t)node->rows, (int64_t)node->columns};
    const int64_t row[] = {1, (int64_t)node->columns};
    return node->rows > 1 ? snug_onnx_floats(t->builder, "constant", shape, 3, node->values)
                          : snug_onnx_floats(t->builder, "constant", row, 2, node->values);
}

static char *translate_unary(translation *t, size_t i) {
    static const char *const names[] = {
        [SNUG_NEGATE] = "Neg",       [SNUG_ABS] = "Abs",         [SNUG_SQRT] = "Sqrt",
        [SNUG_ROUND_DOWN] = "Floor", [SNUG_EXP] = "Exp",         [SNUG_LOG] = "Log",
        [SNUG_SIN] = "Sin",          [SNUG_COS] = "Cos",         [SNUG_TANH] = "Tanh",
        [SNUG_ERF] = "Erf",          [SNUG_SIGMOID] = "Sigmoid", [SNUG_SOFTPLUS] = "Softplus",
        [SNUG_IS_NAN] = "IsNaN",
    };
    const snug_unary function = (snug_unary)node_at(t, i)->function;
    char *y = snug_onnx_unary(t->builder, names[function], input_of(t, i, 0));
    if (function == SNUG_IS_NAN) {
        t->conditions[i] = y;
        return NULL;
    }
    return y;
}

static char *translate_binary(translation *t, size_t i) {
    static const char *const names[] = {
        [SNUG_ADD] = "Add",         [SNUG_SUBTRACT] = "Sub", [SNUG_MULTIPLY] = "Mul",
        [SNUG_DIVIDE] = "Div",      [SNUG_MAXIMUM] = "Max",  [SNUG_MINIMUM] = "Min",
        [SNUG_GREATER] = "Greater", [SNUG_EQUAL] = "Equal",
    };
    const snug_binary function = (snug_binary)node_at(t, i)->function;
    char *a = lined_up_input(t, i, 0), *b = lined_up_input(t, i, 1);
    char *y = snug_onnx_binary(t->builder, names[function], a, b);
    if (function == SNUG_GREATER || function == SNUG_EQUAL) {
        t->conditions[i] = y;
        return NULL;
    }
    return y;
}

static char *translate_elu(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    if (node->second == 1) {
        char *y = snug_onnx_unary(t->builder, "Elu", input_of(t, i, 0));
        snug_onnx_set_float(t->builder, "alpha", node->first);
        return y;
    }
    char *y = snug_onnx_unary(t->builder, "Selu", input_of(t, i, 0));
    snug_onnx_set_float(t->builder, "alpha", node->first);
    snug_onnx_set_float(t->builder, "gamma", node->second);
    return y;
}

static char *translate_leaky_relu(translation *t, size_t i) {
    const double slope = node_at(t, i)->first;
    if (slope == 0) {
        return snug_onnx_unary(t->builder, "Relu", input_of(t, i, 0));
    }
    char *y = snug_onnx_unary(t->builder, "LeakyRelu", input_of(t, i, 0));
    snug_onnx_set_float(t->builder, "alpha", slope);
    return y;
}

static char *translate_clip(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    char *inputs[] = {input_of(t, i, 0), NULL, NULL};
    size_t count = 1;
    if (isfinite(node->first)) {
        inputs[1] = snug_onnx_number(t->builder, "min", node->first);
        count = 2;
    }
    if (isfinite(node->second)) {
        inputs[2] = snug_onnx_number(t->builder, "max", node->second);
        count = 3;
    }
    return snug_onnx_node(t->builder, "Clip", inputs, count);
}

static char *translate_select(translation *t, size_t i) {
    const size_t condition = input_number(t, i, 0);
    char *inputs[] = {
        line_up(t, condition_of(t, condition), condition, node_at(t, i)->rows),
        lined_up_input(t, i, 1),
        lined_up_input(t, i, 2),
    };
    return snug_onnx_node(t->builder, "Where", inputs, 3);
}

/* ---- shapes ---------------------------------------------------------------------------------- */

static char *translate_columns(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    int64_t *numbers = snug_onnx_alloc(t->builder, node->columns, sizeof *numbers);
    for (size_t j = 0; numbers != NULL && j < node->columns; j++) {
        numbers[j] = (int64_t)node->numbers[j];
    }
    char *columns =
        numbers != NULL ? snug_onnx_ints(t->builder, "columns", node->columns, numbers) : NULL;
    char *y = snug_onnx_binary(t->builder, "Gather", input_of(t, i, 0), columns);
    snug_onnx_set_int(t->builder, "axis", -1);
    return y;
}

static char *translate_concatenate(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    char **parts = snug_onnx_alloc(t->builder, node->input_count, sizeof *parts);
    if (parts == NULL) {
        return NULL;
    }
    for (size_t k = 0; k < node->input_count; k++) {
        parts[k] = t->constant[i] ? input_of(t, i, k) : whole_batch(t, input_number(t, i, k));
    }
    char *y = snug_onnx_node(t->builder, "Concat", parts, node->input_count);
    snug_onnx_set_int(t->builder, "axis", -1);
    return y;
}

static char *translate_reshape(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    const int64_t matrix[] = {-1, (int64_t)node->rows, (int64_t)node->columns};
    const int64_t row[] = {-1, (int64_t)node->columns};
    char *shape = node->rows > 1 ? snug_onnx_ints(t->builder, "shape", 3, matrix)
                                 : snug_onnx_ints(t->builder, "shape", 2, row);
    return snug_onnx_binary(t->builder, "Reshape", input_of(t, i, 0), shape);
}

/* ---- over rows and columns ------------------------------------------------------------------- */

/* x [batch, inputs] or [batch, rows, inputs] by one matrix. */
static char *translate_linear_shared(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    const snug_graph_node *x = node_at(t, node->inputs[0]);
    const int64_t shape[] = {(int64_t)x->columns, (int64_t)node->columns};
    char *inputs[] = {input_of(t, i, 0),
                      snug_onnx_floats(t->builder, "weight", shape, 2, node->values), NULL};
    if (node->biases != NULL) {
        inputs[2] = snug_onnx_floats(t->builder, "bias", shape + 1, 1, node->biases);
    }
    if (node->rows == 1) {
        return snug_onnx_node(t->builder, "Gemm", inputs, node->biases != NULL ? 3 : 2);
    }
    char *y = snug_onnx_node(t->builder, "MatMul", inputs, 2);
    return node->biases != NULL ? snug_onnx_binary(t->builder, "Add", y, inputs[2]) : y;
}

static char *transpose(translation *t, char *x) {
    static const int64_t order[] = {1, 0, 2};
    char *y = snug_onnx_unary(t->builder, "Transpose", x);
    snug_onnx_set_ints(t->builder, "perm", order, 3);
    return y;
}

/*
 * A matrix for each row: one product of [rows, batch, inputs] by [rows, inputs, outputs]. A value
 * of one row, [batch, inputs], is repeated by MatMul itself.
 */
static char *translate_linear(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    const snug_graph_node *x = node_at(t, node->inputs[0]);
    if (node->matrices == 1) {
        return translate_linear_shared(t, i);
    }
    const int64_t shape[] = {(int64_t)node->matrices, (int64_t)x->columns, (int64_t)node->columns};
    const int64_t bias_shape[] = {(int64_t)node->matrices, 1, (int64_t)node->columns};
    char *rows = input_of(t, i, 0);
    if (x->rows > 1) {
        rows = transpose(t, rows);
    }
    char *weight = snug_onnx_floats(t->builder, "weight", shape, 3, node->values);
    char *y = snug_onnx_binary(t->builder, "MatMul", rows, weight);
    if (node->biases != NULL) {
        char *bias = snug_onnx_floats(t->builder, "bias", bias_shape, 3, node->biases);
        y = snug_onnx_binary(t->builder, "Add", y, bias);
    }
    return transpose(t, y);
}

static char *translate_softmax(translation *t, size_t i) {
    bool logarithm = node_at(t, i)->operation == SNUG_OPERATION_LOG_SOFTMAX;
    char *y = snug_onnx_unary(t->builder, logarithm ? "LogSoftmax" : "Softmax", input_of(t, i, 0));
    snug_onnx_set_int(t->builder, "axis", -1);
    return y;
}

static char *reduce(translation *t, size_t i, int64_t axis, int64_t keep) {
    static const char *const names[] = {
        [SNUG_SUM] = "ReduceSum", [SNUG_MEAN] = "ReduceMean", [SNUG_LARGEST] = "ReduceMax"};
    const snug_reduction how = (snug_reduction)node_at(t, i)->function;
    char *inputs[] = {input_of(t, i, 0), NULL};
    if (how == SNUG_SUM) { /* since opset 13 its axes are an input, those of the others not yet */
        inputs[1] = snug_onnx_ints(t->builder, "axes", 1, &axis);
        char *y = snug_onnx_node(t->builder, names[how], inputs, 2);
        snug_onnx_set_int(t->builder, "keepdims", keep);
        return y;
    }
    char *y = snug_onnx_node(t->builder, names[how], inputs, 1);
    snug_onnx_set_ints(t->builder, "axes", &axis, 1);
    snug_onnx_set_int(t->builder, "keepdims", keep);
    return y;
}

static char *translate_reduce_columns(translation *t, size_t i) {
    return reduce(t, i, -1, 1);
}

static char *translate_reduce_rows(translation *t, size_t i) {
    return node_at(t, node_at(t, i)->inputs[0])->rows > 1 ? reduce(t, i, 1, 0) : input_of(t, i, 0);
}

/* Every x that clipping to the numbers of rows would change, and NaN, take the last row. */
static char *translate_look_up(translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    const int64_t shape[] = {(int64_t)node->table_rows, (int64_t)node->columns};
    const int64_t any = -1;
    char *x = input_of(t, i, 0);
    char *last = snug_onnx_number(t->builder, "last", (double)node->table_rows - 1);
    char *bounds[] = {x, snug_onnx_number(t->builder, "first", 0), last};
    char *clipped = snug_onnx_node(t->builder, "Clip", bounds, 3);
    char *whole = snug_onnx_unary(t->builder, "Floor", x);
    char *choice[] = {snug_onnx_binary(t->builder, "Equal", clipped, x), whole, last};
    char *row = snug_onnx_node(t->builder, "Where", choice, 3);
    char *vector =
        snug_onnx_binary(t->builder, "Reshape", row, snug_onnx_ints(t->builder, "shape", 1, &any));
    char *index = cast(t, vector, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
    char *table = snug_onnx_floats(t->builder, "table", shape, 2, node->values);
    return snug_onnx_binary(t->builder, "Gather", table, index);
}

/* ---- the graph ------------------------------------------------------------------------------- */

static translate_node *const translations[] = {
    [SNUG_OPERATION_INPUT] = translate_input,
    [SNUG_OPERATION_CONSTANT] = translate_constant,
    [SNUG_OPERATION_UNARY] = translate_unary,
    [SNUG_OPERATION_ELU] = translate_elu,
    [SNUG_OPERATION_LEAKY_RELU] = translate_leaky_relu,
    [SNUG_OPERATION_CLIP] = translate_clip,
    [SNUG_OPERATION_BINARY] = translate_binary,
    [SNUG_OPERATION_SELECT] = translate_select,
    [SNUG_OPERATION_COLUMNS] = translate_columns,
    [SNUG_OPERATION_CONCATENATE] = translate_concatenate,
    [SNUG_OPERATION_RESHAPE] = translate_reshape,
    [SNUG_OPERATION_LINEAR] = translate_linear,
    [SNUG_OPERATION_SOFTMAX] = translate_softmax,
    [SNUG_OPERATION_LOG_SOFTMAX] = translate_softmax,
    [SNUG_OPERATION_REDUCE_COLUMNS] = translate_reduce_columns,
    [SNUG_OPERATION_REDUCE_ROWS] = translate_reduce_rows,
    [SNUG_OPERATION_LOOK_UP] = translate_look_up,
};

/* Returns whether a node depends on constants alone. */
static bool is_constant(const translation *t, size_t i) {
    const snug_graph_node *node = node_at(t, i);
    bool constant = node->operation != SNUG_OPERATION_INPUT;
    for (size_t k = 0; k < node->input_count; k++) {
        constant = constant && t->constant[node->inputs[k]];
    }
    return constant;
}

char *snug_onnx_add_graph(snug_onnx_builder *builder, const snug_graph *graph, char *input) {
    translation t = {
        .builder = builder,
        .graph = graph,
        .input = input,
        .numbers = snug_onnx_alloc(builder, graph->count, sizeof *t.numbers),
        .conditions = snug_onnx_alloc(builder, graph->count, sizeof *t.conditions),
        .constant = snug_onnx_alloc(builder, graph->count, sizeof *t.constant),
    };
    for (size_t i = 0; i < graph->count && !builder->failed; i++) {
        const snug_graph_node *node = node_at(&t, i);
        builder->section =
            node->section < graph->section_count ? graph->sections[node->section] : "";
        t.constant[i] = is_constant(&t, i);
        t.numbers[i] = translations[node->operation](&t, i);
    }
    return builder->failed ? NULL : whole_batch(&t, graph->output.node);
}
