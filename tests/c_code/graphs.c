/* Programs of graphs compute what the interpreter of graphs does. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "graph/compute.h"
#include "support.h"
#include "support/suite.h"

enum { INPUTS = 5, GRAPHS = 40, OPERATIONS = 30, VALUES = 200, ROWS = 12, MOST = 4096 };

/* ---- random graphs --------------------------------------------------------------------------- */

/* Values of a graph in the making, and the random numbers that choose among them. */
typedef struct maker {
    snug_graph *graph;
    snug_value values[VALUES];
    size_t count;
    uint64_t state;
} maker;

/* Returns a random number below n (splitmix64). */
static size_t below(maker *m, size_t n) {
    uint64_t z = m->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (size_t)((z ^ z >> 31) % n);
}

static float number(maker *m) {
    return (float)below(m, 4001) / 1000.0F - 2.0F;
}

static snug_value any(maker *m) {
    /* The newest are chosen more often, so that graphs are deep. */
    const size_t back =
        below(m, 2) == 0 ? below(m, m->count < 4 ? m->count : 4) : below(m, m->count);
    return m->values[m->count - 1 - back];
}

static snug_value constant(maker *m, size_t rows, size_t columns) {
    float values[MOST];
    ck_assert_uint_le(rows * columns, MOST);
    const bool equal = below(m, 3) == 0;
    for (size_t i = 0; i < rows * columns; i++) {
        values[i] = equal && i > 0 ? values[0] : number(m);
    }
    return snug_graph_constant(m->graph, rows, columns, values);
}

/* Returns a value that can be computed with x entry by entry: of its shape, or repeated. */
static snug_value partner(maker *m, snug_value x) {
    const snug_value y = any(m);
    if ((y.rows == x.rows || y.rows == 1) && (y.columns == x.columns || y.columns == 1)) {
        return y;
    }
    return constant(m, below(m, 2) == 0 ? x.rows : 1, below(m, 2) == 0 ? x.columns : 1);
}

static snug_value unary(maker *m, snug_value x) {
    const snug_unary function = (snug_unary)below(m, SNUG_IS_NAN + 1);
    if (function == SNUG_SQRT || function == SNUG_LOG) {
        x = snug_graph_add_number(m->graph, snug_graph_unary(m->graph, SNUG_ABS, x), 0.5);
    } else if (function == SNUG_EXP) {
        x = snug_graph_clip(m->graph, x, -10, 2);
    }
    return snug_graph_unary(m->graph, function, x);
}

static snug_value binary(maker *m, snug_value x) {
    const snug_binary function = (snug_binary)below(m, SNUG_EQUAL + 1);
    snug_value y = partner(m, x);
    if (function == SNUG_DIVIDE) {
        y = snug_graph_add_number(m->graph, snug_graph_unary(m->graph, SNUG_ABS, y), 1);
    }
    return snug_graph_binary(m->graph, function, x, y);
}

static snug_value linear(maker *m, snug_value x) {
    float weights[MOST];
    const size_t outputs = 1 + below(m, 12);
    const bool several = below(m, 2) == 0 && x.rows * x.columns * outputs <= MOST;
    const size_t matrices = several ? x.rows : 1;
    ck_assert_uint_le(x.columns * outputs, MOST);
    for (size_t i = 0; i < matrices * x.columns * outputs; i++) {
        weights[i] = number(m) / (float)(1 + x.columns);
    }
    const snug_linear_weights w = {.matrices = matrices,
                                   .inputs = x.columns,
                                   .outputs = outputs,
                                   .weights = weights,
                                   .biases = below(m, 2) == 0 ? weights : NULL};
    return snug_graph_linear(m->graph, x, &w);
}

static snug_value columns(maker *m, snug_value x) {
    size_t numbers[16], count = 1 + below(m, x.columns < 16 ? x.columns : 16);
    const bool together = below(m, 2) == 0;
    const size_t first = below(m, x.columns - count + 1);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = together ? first + i : below(m, x.columns);
    }
    return snug_graph_columns(m->graph, x, count, numbers);
}

static snug_value concatenate(maker *m, snug_value x) {
    const snug_value second = any(m), parts[] = {x, second.rows == x.rows ? second : x, x};
    const size_t count = 2 + below(m, 2);
    return x.columns + parts[1].columns + x.columns > 40
               ? x
               : snug_graph_concatenate(m->graph, count, parts);
}

static snug_value look_up(maker *m, snug_value x) {
    float table[24];
    const bool one_hot = below(m, 2) == 0;
    for (size_t i = 0; i < 24; i++) {
        table[i] = one_hot ? (i / 4 == i % 4 ? 1.0F : 0.0F) : number(m);
    }
    const size_t column = below(m, x.columns);
    snug_value entry = snug_graph_columns(m->graph, x, 1, &column);
    entry = snug_graph_reduce_rows(m->graph, SNUG_LARGEST, entry);
    return snug_graph_look_up(m->graph, entry, 6, 4, table);
}

/* Makes a random operation. */
static snug_value operation(maker *m) {
    snug_value x = any(m);
    switch (below(m, 16)) {
    case 0:
        return snug_graph_elu(m->graph, x, 1.67, 1.05);
    case 1:
        return snug_graph_leaky_relu(m->graph, x, below(m, 2) == 0 ? 0 : 0.1);
    case 2:
        return snug_graph_clip(m->graph, x, below(m, 2) == 0 ? -1 : -(double)INFINITY,
                               below(m, 2) == 0 ? 1 : (double)INFINITY);
    case 3:
        return snug_graph_select(m->graph, partner(m, x), x, partner(m, x));
    case 4:
        return linear(m, x);
    case 5:
        return columns(m, x);
    case 6:
        return concatenate(m, x);
    case 7:
        return snug_graph_reshape(m->graph, x, x.columns, x.rows);
    case 8:
        return below(m, 2) == 0 ? snug_graph_softmax(m->graph, x)
                                : snug_graph_log_softmax(m->graph, x);
    case 9:
        return below(m, 2) == 0
                   ? snug_graph_reduce_columns(m->graph, (snug_reduction)below(m, 3), x)
                   : snug_graph_reduce_rows(m->graph, (snug_reduction)below(m, 3), x);
    case 10:
        return look_up(m, x);
    case 11:
    case 12:
        return unary(m, x);
    case 13:
        return x.rows > 1 ? x : linear(m, concatenate(m, concatenate(m, x)));
    default:
        return binary(m, x);
    }
}

/* Makes a graph of random operations, whose numbers stay small. */
static snug_model_graph *random_graph(uint64_t seed) {
    snug_model_graph *model = bare_graph_new(INPUTS);
    maker m = {.graph = model->graph, .count = 1, .state = seed};
    m.values[0] = snug_graph_input(model->graph);
    while (m.count < OPERATIONS) {
        if (m.count % 6 == 0) {
            char name[32];
            snprintf(name, sizeof name, "layers.%zu */ ?\?/ \"", m.count / 6);
            snug_graph_begin_section(m.graph, name);
        }
        snug_value y = operation(&m);
        y = below(&m, 4) == 0 ? snug_graph_clip(m.graph, y, -3, 3) : y;
        m.values[m.count++] = y;
    }
    const snug_value output = m.values[m.count - 1];
    bare_graph_finish(model, snug_graph_reshape(m.graph, output, 1, output.rows * output.columns),
                      (snug_export_task)(seed % 3));
    snug_graph_prune(model->graph);
    return model;
}

/* ---- comparison ------------------------------------------------------------------------------ */

/* Fills rows with numbers, some of them whole, and missing values. */
static void fill_rows(float x[ROWS][INPUTS]) {
    maker m = {.state = 99};
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < INPUTS; j++) {
            x[i][j] = below(&m, 10) == 0  ? NAN
                      : below(&m, 3) == 0 ? (float)below(&m, 7)
                                          : number(&m);
        }
    }
}

static void check_equal(size_t n, const float *expected, const float *computed, size_t graph) {
    for (size_t i = 0; i < n; i++) {
        const double error = fabs((double)expected[i] - (double)computed[i]);
        ck_assert_msg((isnan(expected[i]) && isnan(computed[i])) ||
                          error <= 2e-5 * fmax(1, fabs((double)expected[i])),
                      "graph %zu, output %zu: %.9g instead of %.9g", graph, i, (double)computed[i],
                      (double)expected[i]);
    }
}

/* Checks program i of the list beside the interpreter. */
static void check_program(const program_list *list, size_t i, const snug_model_graph *model) {
    float x[ROWS][INPUTS], expected[ROWS * 512], computed[512];
    const size_t outputs = model->graph->output.columns;
    predict_fn *predict = (predict_fn *)programs_function(list, i, "predict");
    ck_assert_uint_le(outputs, 512);
    fill_rows(x);
    ck_assert_int_eq(snug_graph_compute(model->graph, ROWS, x[0], expected, NULL, NULL), SNUG_OK);
    for (size_t row = 0; row < ROWS; row++) {
        predict(x[row], computed);
        check_equal(outputs, expected + row * outputs, computed, i);
    }
}

static void check_random_graphs(bool no_libm) {
    snug_model_graph *graphs[GRAPHS];
    program_list list;
    programs_start(&list, no_libm);
    for (size_t i = 0; i < GRAPHS; i++) {
        graphs[i] = random_graph(i + (no_libm ? 1000 : 0));
        programs_add_graph(&list, graphs[i]);
    }
    programs_compile(&list);
    for (size_t i = 0; i < GRAPHS; i++) {
        check_program(&list, i, graphs[i]);
        bare_graph_free(graphs[i]);
    }
    programs_end(&list);
}

START_TEST(programs_compute_what_the_interpreter_does) {
    check_random_graphs(false);
}
END_TEST

START_TEST(programs_without_libm_compute_what_the_interpreter_does) {
    check_random_graphs(true);
}
END_TEST

static Suite *graphs_suite(void) {
    Suite *suite = suite_create("c_code/graphs");
    TCase *programs = tcase_create("programs");
    tcase_add_test(programs, programs_compute_what_the_interpreter_does);
    tcase_add_test(programs, programs_without_libm_compute_what_the_interpreter_does);
    suite_add_tcase(suite, programs);
    return suite;
}

REGISTER_SUITE(graphs_suite)
