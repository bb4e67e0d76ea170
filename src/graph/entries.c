/* Operations on a graph's values, entry by entry, and constants; shapes are checked. */
#include "graph/graph.h"

snug_value snug_graph_constant(snug_graph *graph, size_t rows, size_t columns,
                               const float *values) {
    if (!snug_graph_accepts(graph, 0, NULL)) {
        return (snug_value){0};
    }
    if (values == NULL) {
        return snug_graph_fail(graph, "a constant of a graph: NULL was given");
    }
    snug_graph_node node = {.operation = SNUG_OPERATION_CONSTANT, .rows = rows, .columns = columns};
    node.values = snug_graph_copy_floats(graph, rows, columns, 1, values);
    return node.values != NULL ? snug_graph_append(graph, &node, 0, NULL) : (snug_value){0};
}

/* Appends a node of the shape of the only value that it reads. */
static snug_value append_same(snug_graph *graph, snug_graph_node node, snug_value x) {
    if (!snug_graph_accepts(graph, 1, &x)) {
        return (snug_value){0};
    }
    node.rows = x.rows;
    node.columns = x.columns;
    return snug_graph_append(graph, &node, 1, &x);
}

snug_value snug_graph_unary(snug_graph *graph, snug_unary function, snug_value x) {
    return append_same(
        graph, (snug_graph_node){.operation = SNUG_OPERATION_UNARY, .function = (int)function}, x);
}

snug_value snug_graph_elu(snug_graph *graph, snug_value x, double alpha, double scale) {
    return append_same(
        graph, (snug_graph_node){.operation = SNUG_OPERATION_ELU, .first = alpha, .second = scale},
        x);
}

snug_value snug_graph_leaky_relu(snug_graph *graph, snug_value x, double slope) {
    return append_same(
        graph, (snug_graph_node){.operation = SNUG_OPERATION_LEAKY_RELU, .first = slope}, x);
}

snug_value snug_graph_clip(snug_graph *graph, snug_value x, double min, double max) {
    return append_same(
        graph, (snug_graph_node){.operation = SNUG_OPERATION_CLIP, .first = min, .second = max}, x);
}

snug_value snug_graph_softmax(snug_graph *graph, snug_value x) {
    return append_same(graph, (snug_graph_node){.operation = SNUG_OPERATION_SOFTMAX}, x);
}

snug_value snug_graph_log_softmax(snug_graph *graph, snug_value x) {
    return append_same(graph, (snug_graph_node){.operation = SNUG_OPERATION_LOG_SOFTMAX}, x);
}

/* ---- several values -------------------------------------------------------------------------- */

/* Widens a size to that of another value; returns whether both are equal or one of them is 1. */
static bool widen(size_t *size, size_t other) {
    bool fits = *size == other || *size == 1 || other == 1;
    *size = *size == 1 ? other : *size;
    return fits;
}

/* Appends a node that repeats rows and columns of the values that have one. */
static snug_value append_repeated(snug_graph *graph, snug_graph_node node, size_t count,
                                  const snug_value *values) {
    if (!snug_graph_accepts(graph, count, values)) {
        return (snug_value){0};
    }
    node.rows = 1;
    node.columns = 1;
    for (size_t i = 0; i < count; i++) {
        const snug_value *v = &values[i];
        if (!widen(&node.rows, v->rows) || !widen(&node.columns, v->columns)) {
            return snug_graph_fail_with(graph,
                                        "values of %zu x %zu and %zu x %zu numbers do not fit: "
                                        "sizes must be equal, or 1",
                                        node.rows, node.columns, v->rows, v->columns);
        }
    }
    return snug_graph_append(graph, &node, count, values);
}

snug_value snug_graph_binary(snug_graph *graph, snug_binary function, snug_value a, snug_value b) {
    return append_repeated(
        graph, (snug_graph_node){.operation = SNUG_OPERATION_BINARY, .function = (int)function}, 2,
        (snug_value[]){a, b});
}

snug_value snug_graph_select(snug_graph *graph, snug_value condition, snug_value a, snug_value b) {
    return append_repeated(graph, (snug_graph_node){.operation = SNUG_OPERATION_SELECT}, 3,
                           (snug_value[]){condition, a, b});
}

snug_value snug_graph_add_number(snug_graph *graph, snug_value x, double number) {
    const float value = (float)number;
    return snug_graph_binary(graph, SNUG_ADD, x, snug_graph_constant(graph, 1, 1, &value));
}

snug_value snug_graph_multiply_number(snug_graph *graph, snug_value x, double number) {
    const float value = (float)number;
    return snug_graph_binary(graph, SNUG_MULTIPLY, x, snug_graph_constant(graph, 1, 1, &value));
}
