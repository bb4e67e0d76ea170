/* Operations on the rows and columns of a graph's values; shapes are checked. */
#include <string.h>

#include "core/memory.h"
#include "graph/graph.h"

/* ---- shapes ---------------------------------------------------------------------------------- */

snug_value snug_graph_columns(snug_graph *graph, snug_value x, size_t count,
                              const size_t *numbers) {
    if (!snug_graph_accepts(graph, 1, &x)) {
        return (snug_value){0};
    }
    if (numbers == NULL || count == 0) {
        return snug_graph_fail(graph, "columns of a value: none is given");
    }
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] >= x.columns) {
            return snug_graph_fail_with(graph, "column %zu of a value that has %zu columns",
                                        numbers[i], x.columns);
        }
    }
    snug_graph_node node = {.operation = SNUG_OPERATION_COLUMNS, .rows = x.rows, .columns = count};
    node.numbers = snug_alloc(count, sizeof *node.numbers);
    if (node.numbers == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    memcpy(node.numbers, numbers, count * sizeof *numbers);
    return snug_graph_append(graph, &node, 1, &x);
}

snug_value snug_graph_concatenate(snug_graph *graph, size_t count, const snug_value *values) {
    if (!snug_graph_accepts(graph, count, values)) {
        return (snug_value){0};
    }
    if (count == 0) {
        return snug_graph_fail(graph, "values side by side: none is given");
    }
    snug_graph_node node = {.operation = SNUG_OPERATION_CONCATENATE, .rows = values[0].rows};
    for (size_t i = 0; i < count; i++) {
        if (values[i].rows != node.rows) {
            return snug_graph_fail_with(graph, "values side by side: %zu and %zu rows do not fit",
                                        node.rows, values[i].rows);
        }
        if (!snug_add(node.columns, values[i].columns, &node.columns)) {
            return snug_graph_fail(graph, "values side by side: too many columns");
        }
    }
    return snug_graph_append(graph, &node, count, values);
}

snug_value snug_graph_reshape(snug_graph *graph, snug_value x, size_t rows, size_t columns) {
    size_t entries;
    if (!snug_graph_accepts(graph, 1, &x)) {
        return (snug_value){0};
    }
    if (!snug_multiply(rows, columns, &entries) || entries != x.rows * x.columns) {
        return snug_graph_fail_with(graph, "%zu x %zu numbers have no shape of %zu x %zu", x.rows,
                                    x.columns, rows, columns);
    }
    const snug_graph_node node = {
        .operation = SNUG_OPERATION_RESHAPE, .rows = rows, .columns = columns};
    return snug_graph_append(graph, &node, 1, &x);
}

/* ---- over rows and columns ------------------------------------------------------------------- */

/* Checks the shape of a linear map against its input. */
static bool fits(snug_graph *graph, snug_value x, const snug_linear_weights *w) {
    if (w == NULL || w->weights == NULL) {
        snug_graph_fail(graph, "the weights of a linear map: NULL was given");
    } else if (w->inputs != x.columns || w->outputs == 0) {
        snug_graph_fail_with(graph, "a linear map of %zu x %zu weights, for %zu columns", w->inputs,
                             w->outputs, x.columns);
    } else if (w->matrices == 0 || (w->matrices > 1 && x.rows > 1 && x.rows != w->matrices)) {
        snug_graph_fail_with(graph, "a linear map of %zu matrices, for %zu rows", w->matrices,
                             x.rows);
    }
    return graph->status == SNUG_OK;
}

snug_value snug_graph_linear(snug_graph *graph, snug_value x, const snug_linear_weights *weights) {
    if (!snug_graph_accepts(graph, 1, &x) || !fits(graph, x, weights)) {
        return (snug_value){0};
    }
    const size_t matrices = weights->matrices, outputs = weights->outputs;
    snug_graph_node node = {.operation = SNUG_OPERATION_LINEAR,
                            .rows = matrices > 1 ? matrices : x.rows,
                            .columns = outputs,
                            .matrices = matrices};
    node.values =
        snug_graph_copy_floats(graph, matrices, weights->inputs, outputs, weights->weights);
    if (weights->biases != NULL && node.values != NULL) {
        node.biases = snug_graph_copy_floats(graph, matrices, outputs, 1, weights->biases);
    }
    return snug_graph_append(graph, &node, 1, &x);
}

/* Appends a node of another shape that reads one value. */
static snug_value append_reduced(snug_graph *graph, snug_graph_node node, snug_value x) {
    return snug_graph_accepts(graph, 1, &x) ? snug_graph_append(graph, &node, 1, &x)
                                            : (snug_value){0};
}

snug_value snug_graph_reduce_columns(snug_graph *graph, snug_reduction how, snug_value x) {
    return append_reduced(graph,
                          (snug_graph_node){.operation = SNUG_OPERATION_REDUCE_COLUMNS,
                                            .function = (int)how,
                                            .rows = x.rows,
                                            .columns = 1},
                          x);
}

snug_value snug_graph_reduce_rows(snug_graph *graph, snug_reduction how, snug_value x) {
    return append_reduced(graph,
                          (snug_graph_node){.operation = SNUG_OPERATION_REDUCE_ROWS,
                                            .function = (int)how,
                                            .rows = 1,
                                            .columns = x.columns},
                          x);
}

snug_value snug_graph_look_up(snug_graph *graph, snug_value x, size_t count, size_t columns,
                              const float *table) {
    if (!snug_graph_accepts(graph, 1, &x)) {
        return (snug_value){0};
    }
    if (table == NULL || count == 0 || columns == 0 || x.rows != 1 || x.columns != 1) {
        return snug_graph_fail_with(graph, "a table of %zu x %zu numbers, for a value of %zu x %zu",
                                    count, columns, x.rows, x.columns);
    }
    snug_graph_node node = {
        .operation = SNUG_OPERATION_LOOK_UP, .rows = 1, .columns = columns, .table_rows = count};
    node.values = snug_graph_copy_floats(graph, count, columns, 1, table);
    return snug_graph_append(graph, &node, 1, &x);
}
