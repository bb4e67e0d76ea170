#include <math.h>
#include <stdlib.h>

#include <snug/export.h>

#include "agreement.h"
#include "export/onnx_model.h"
#include "graph/compute.h"
#include "operations.h"
#include "program.h"

enum { ROWS = 30, COLUMNS = 6, MOST_PARTS = 64 };

/* Values of one row, whose columns side by side are the output of the graph. */
typedef struct parts {
    snug_graph *graph;
    snug_value values[MOST_PARTS];
    size_t count;
} parts;

/* Adds a value; of one of several rows all its entries. */
static void put(parts *p, snug_value value) {
    if (value.rows > 1) {
        value = snug_graph_reshape(p->graph, value, 1, value.rows * value.columns);
    }
    if (p->count == MOST_PARTS) {
        fail("operations", "too many parts");
    }
    p->values[p->count++] = value;
}

static float *random_numbers(size_t count) {
    float *numbers = allocate(count, sizeof *numbers);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (float)uniform(-2, 2);
    }
    return numbers;
}

/* Returns a constant of random numbers. */
static snug_value constant(snug_graph *g, size_t rows, size_t columns) {
    float *numbers = random_numbers(rows * columns);
    snug_value value = snug_graph_constant(g, rows, columns, numbers);
    free(numbers);
    return value;
}

/* Returns a linear map of one value, by one matrix or one for each row, with or without biases. */
static snug_value linear(snug_graph *g, snug_value x, size_t matrices, size_t outputs,
                         bool biased) {
    float *weights = random_numbers(matrices * x.columns * outputs);
    float *biases = random_numbers(matrices * outputs);
    const snug_linear_weights map = {.matrices = matrices,
                                     .inputs = x.columns,
                                     .outputs = outputs,
                                     .weights = weights,
                                     .biases = biased ? biases : NULL};
    snug_value value = snug_graph_linear(g, x, &map);
    free(biases);
    free(weights);
    return value;
}

/* Functions of one entry, and of pairs, of values of one row and of several. */
static void put_entries(parts *p, snug_value x, snug_value other) {
    snug_graph *g = p->graph;
    for (int f = SNUG_NEGATE; f <= SNUG_IS_NAN; f++) {
        snug_value from = f == SNUG_LOG || f == SNUG_SQRT
                              ? snug_graph_add_number(g, snug_graph_unary(g, SNUG_ABS, x), 0.1)
                              : x;
        put(p, snug_graph_unary(g, (snug_unary)f, from));
    }
    for (int f = SNUG_ADD; f <= SNUG_EQUAL; f++) {
        snug_value divisor = snug_graph_add_number(g, snug_graph_unary(g, SNUG_ABS, other), 0.5);
        put(p, snug_graph_binary(g, (snug_binary)f, x, f == SNUG_DIVIDE ? divisor : other));
    }
    put(p, snug_graph_elu(g, x, 1.3, 1));
    put(p, snug_graph_elu(g, x, 1.67, 1.05));
    put(p, snug_graph_leaky_relu(g, x, 0));
    put(p, snug_graph_leaky_relu(g, x, 0.2));
    put(p, snug_graph_clip(g, x, -0.5, 0.7));
    put(p, snug_graph_clip(g, x, -INFINITY, 0.1));
    put(p, snug_graph_clip(g, x, 0.1, INFINITY));
    put(p, snug_graph_select(g, snug_graph_binary(g, SNUG_GREATER, x, other), x, other));
    put(p, snug_graph_select(g, snug_graph_leaky_relu(g, x, 0), other, constant(g, 1, 1)));
    put(p, snug_graph_multiply_number(g, x, 1.5));
}

/* Rows and columns. */
static void put_matrices(parts *p, snug_value x, snug_value matrix) {
    snug_graph *g = p->graph;
    const size_t numbers[] = {3, 0, 3};
    put(p, snug_graph_columns(g, x, 3, numbers));
    put(p, snug_graph_columns(g, matrix, 1, numbers + 1));
    put(p, snug_graph_concatenate(g, 2, (snug_value[]){matrix, constant(g, matrix.rows, 2)}));
    put(p, linear(g, x, 1, 4, true));
    put(p, linear(g, x, 1, 3, false));
    put(p, linear(g, x, 3, 2, true));
    put(p, linear(g, x, 3, 2, false));
    put(p, linear(g, matrix, 1, 3, true));
    put(p, linear(g, matrix, 1, 3, false));
    put(p, linear(g, matrix, matrix.rows, 4, true));
    for (int how = SNUG_SUM; how <= SNUG_LARGEST; how++) {
        put(p, snug_graph_reduce_columns(g, (snug_reduction)how, x));
        put(p, snug_graph_reduce_columns(g, (snug_reduction)how, matrix));
        put(p, snug_graph_reduce_rows(g, (snug_reduction)how, x));
        put(p, snug_graph_reduce_rows(g, (snug_reduction)how, matrix));
    }
    put(p, snug_graph_softmax(g, x));
    put(p, snug_graph_softmax(g, matrix));
    put(p, snug_graph_log_softmax(g, x));
    put(p, snug_graph_log_softmax(g, matrix));
}

/* Numbers of rows below 0, within, between and above, and NaN; what does not depend on x. */
static void put_others(parts *p, snug_value x) {
    snug_graph *g = p->graph;
    float *table = random_numbers((size_t)4 * 3);
    const size_t first = 0;
    snug_value number = snug_graph_columns(g, x, 1, &first);
    put(p, snug_graph_look_up(g, number, 4, 3, table));
    put(p, snug_graph_look_up(g, snug_graph_multiply_number(g, number, 3), 4, 3, table));
    put(p, snug_graph_look_up(g, snug_graph_constant(g, 1, 1, &(float){NAN}), 4, 3, table));
    put(p, snug_graph_unary(g, SNUG_EXP, constant(g, 1, 3)));
    put(p, constant(g, 2, 2));
    free(table);
}

static snug_graph *make_graph(void) {
    snug_graph *g = snug_graph_new(COLUMNS);
    if (g == NULL) {
        fail("operations", snug_error());
    }
    snug_graph_begin_section(g, "operations");
    parts row = {.graph = g}, matrices = {.graph = g}, all = {.graph = g};
    snug_value x = snug_graph_input(g), matrix = snug_graph_reshape(g, x, 2, COLUMNS / 2);
    put_entries(&row, x, constant(g, 1, COLUMNS));
    put_entries(&matrices, matrix, snug_graph_reduce_rows(g, SNUG_MEAN, matrix));
    put_matrices(&all, x, matrix);
    put_others(&all, x);
    put(&all, snug_graph_concatenate(g, row.count, row.values));
    put(&all, snug_graph_concatenate(g, matrices.count, matrices.values));
    /* a row of x meets a matrix in each place */
    snug_value half = snug_graph_columns(g, x, 3, (size_t[]){0, 1, 2});
    put(&all, snug_graph_binary(g, SNUG_SUBTRACT, half, matrix));
    put(&all, snug_graph_select(g, half, matrix, constant(g, 2, 3)));
    put(&all, snug_graph_select(g, matrix, half, constant(g, 1, 3)));
    put(&all, snug_graph_binary(g, SNUG_GREATER, constant(g, 2, 1), half));
    g->output = snug_graph_concatenate(g, all.count, all.values);
    if (snug_graph_status(g) != SNUG_OK) {
        fail("operations", snug_error());
    }
    return g;
}

void write_operations(void) {
    snug_graph *graph = make_graph();
    agreement a = {.rows = ROWS, .columns = COLUMNS, .outputs = graph->output.columns};
    a.raw = random_numbers((size_t)ROWS * COLUMNS);
    a.predictions = allocate(ROWS * a.outputs, sizeof *a.predictions);
    a.classes = allocate(ROWS, sizeof *a.classes);
    for (size_t i = 0; i < ROWS; i++) {
        a.classes[i] = -1;
        a.raw[i * COLUMNS] = i % 5 == 0 ? (float)(i % 4) : a.raw[i * COLUMNS];
    }
    if (snug_graph_compute(graph, ROWS, a.raw, a.predictions, NULL, NULL) != SNUG_OK) {
        fail("operations", snug_error());
    }
    for (size_t opset = SNUG_MIN_OPSET; opset <= SNUG_MAX_OPSET; opset++) {
        char name[LONGEST_NAME], path[LONGEST_NAME + 16];
        const snug_model_graph m = {.graph = graph, .task = SNUG_EXPORT_VALUES};
        snprintf(name, sizeof name, "operations_%zu", opset);
        snprintf(path, sizeof path, "%s.onnx", name);
        if (snug_onnx_write(&m, opset, path) != SNUG_OK) {
            fail(name, snug_error());
        }
        write_agreement(name, &a);
    }
    free(a.raw);
    free(a.predictions);
    free(a.classes);
    snug_graph_free(graph);
}
