/* Operations on the rows and columns of values as ONNX nodes. */
#include "export/onnx_matrices.h"

/* ---- shapes ---------------------------------------------------------------------------------- */

/* Gather along the last dimension, which are the columns of one row and of several. */
char *snug_onnx_translate_columns(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    int64_t *numbers = snug_onnx_alloc(t->builder, node->columns, sizeof *numbers);
    for (size_t j = 0; numbers != NULL && j < node->columns; j++) {
        numbers[j] = (int64_t)node->numbers[j];
    }
    char *columns =
        numbers != NULL ? snug_onnx_ints(t->builder, "columns", node->columns, numbers) : NULL;
    char *y = snug_onnx_binary(t->builder, "Gather", snug_onnx_input_of(t, i, 0), columns);
    snug_onnx_set_int(t->builder, "axis", -1);
    return y;
}

/* Values of the same rows side by side, along the last dimension. */
char *snug_onnx_translate_concatenate(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    char **parts = snug_onnx_alloc(t->builder, node->input_count, sizeof *parts);
    if (parts == NULL) {
        return NULL;
    }
    for (size_t k = 0; k < node->input_count; k++) {
        parts[k] = t->constant[i] ? snug_onnx_input_of(t, i, k)
                                  : snug_onnx_whole_batch(t, snug_onnx_input_number(t, i, k));
    }
    char *y = snug_onnx_node(t->builder, "Concat", parts, node->input_count);
    snug_onnx_set_int(t->builder, "axis", -1);
    return y;
}

/* -1 is the batch: whatever the other dimensions leave. */
char *snug_onnx_translate_reshape(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    const int64_t matrix[] = {-1, (int64_t)node->rows, (int64_t)node->columns};
    const int64_t row[] = {-1, (int64_t)node->columns};
    char *shape = node->rows > 1 ? snug_onnx_ints(t->builder, "shape", 3, matrix)
                                 : snug_onnx_ints(t->builder, "shape", 2, row);
    return snug_onnx_binary(t->builder, "Reshape", snug_onnx_input_of(t, i, 0), shape);
}

/* ---- over rows and columns ------------------------------------------------------------------- */

/*
 * x [batch, inputs] or [batch, rows, inputs] by one matrix, inputs x outputs as in memory. Gemm,
 * which adds the biases too, takes two dimensions alone.
 */
static char *translate_linear_shared(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    const snug_graph_node *x = snug_onnx_node_at(t, node->inputs[0]);
    const int64_t shape[] = {(int64_t)x->columns, (int64_t)node->columns};
    char *inputs[] = {snug_onnx_input_of(t, i, 0),
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

/* Exchanges the batch and the rows. */
static char *transpose(snug_onnx_translation *t, char *x) {
    static const int64_t order[] = {1, 0, 2};
    char *y = snug_onnx_unary(t->builder, "Transpose", x);
    snug_onnx_set_ints(t->builder, "perm", order, 3);
    return y;
}

/*
 * A matrix for each row: one product of [rows, batch, inputs] by [rows, inputs, outputs]. A value
 * of one row, [batch, inputs], is repeated by MatMul itself.
 */
char *snug_onnx_translate_linear(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    const snug_graph_node *x = snug_onnx_node_at(t, node->inputs[0]);
    if (node->matrices == 1) {
        return translate_linear_shared(t, i);
    }
    const int64_t shape[] = {(int64_t)node->matrices, (int64_t)x->columns, (int64_t)node->columns};
    const int64_t bias_shape[] = {(int64_t)node->matrices, 1, (int64_t)node->columns};
    char *rows = snug_onnx_input_of(t, i, 0);
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

/* Over the columns; both subtract the largest first, as every runtime does. */
char *snug_onnx_translate_softmax(snug_onnx_translation *t, size_t i) {
    bool logarithm = snug_onnx_node_at(t, i)->operation == SNUG_OPERATION_LOG_SOFTMAX;
    char *y = snug_onnx_unary(t->builder, logarithm ? "LogSoftmax" : "Softmax",
                              snug_onnx_input_of(t, i, 0));
    snug_onnx_set_int(t->builder, "axis", -1);
    return y;
}

/* Reduces along an axis, which is kept with the size 1 or removed. */
static char *reduce(snug_onnx_translation *t, size_t i, int64_t axis, int64_t keep) {
    static const char *const names[] = {
        [SNUG_SUM] = "ReduceSum", [SNUG_MEAN] = "ReduceMean", [SNUG_LARGEST] = "ReduceMax"};
    const snug_reduction how = (snug_reduction)snug_onnx_node_at(t, i)->function;
    char *inputs[] = {snug_onnx_input_of(t, i, 0), NULL};
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

/* [batch, columns] becomes [batch, 1], [batch, rows, columns] [batch, rows, 1]. */
char *snug_onnx_translate_reduce_columns(snug_onnx_translation *t, size_t i) {
    return reduce(t, i, -1, 1);
}

/* [batch, rows, columns] becomes [batch, columns], which a value of one row is already. */
char *snug_onnx_translate_reduce_rows(snug_onnx_translation *t, size_t i) {
    return snug_onnx_node_at(t, snug_onnx_node_at(t, i)->inputs[0])->rows > 1
               ? reduce(t, i, 1, 0)
               : snug_onnx_input_of(t, i, 0);
}

/* Every x that clipping to the numbers of rows would change, and NaN, take the last row. */
char *snug_onnx_translate_look_up(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    const int64_t shape[] = {(int64_t)node->table_rows, (int64_t)node->columns};
    const int64_t any = -1;
    char *x = snug_onnx_input_of(t, i, 0);
    char *last = snug_onnx_number(t->builder, "last", (double)node->table_rows - 1);
    char *bounds[] = {x, snug_onnx_number(t->builder, "first", 0), last};
    char *clipped = snug_onnx_node(t->builder, "Clip", bounds, 3);
    char *whole = snug_onnx_unary(t->builder, "Floor", x);
    char *choice[] = {snug_onnx_binary(t->builder, "Equal", clipped, x), whole, last};
    char *row = snug_onnx_node(t->builder, "Where", choice, 3);
    char *vector =
        snug_onnx_binary(t->builder, "Reshape", row, snug_onnx_ints(t->builder, "shape", 1, &any));
    char *index = snug_onnx_cast(t, vector, ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
    char *table = snug_onnx_floats(t->builder, "table", shape, 2, node->values);
    return snug_onnx_binary(t->builder, "Gather", table, index);
}
