/* Graphs: what each operation computes, shapes that do not fit, pruning, failing allocations. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <snug/snug.h>

#include "graph/compute.h"
#include "support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { WIDTH = 4 };

/* The input of one sample: a row of four numbers. */
static const float sample[WIDTH] = {-2, 0.5F, 3, 1};

/* Computes a value of the graph for the sample, and frees the graph. */
static void expect_values(snug_graph *graph, snug_value value, size_t rows, size_t columns,
                          const float *expected) {
    float got[32];
    ck_assert_msg(snug_graph_status(graph) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(value.rows, rows);
    ck_assert_uint_eq(value.columns, columns);
    graph->output = value;
    ck_assert_int_eq(snug_graph_compute(graph, 1, sample, got, NULL, NULL), SNUG_OK);
    for (size_t i = 0; i < rows * columns; i++) {
        ck_assert_msg(agrees((double)expected[i], (double)got[i]), "entry %zu: %g, not %g", i,
                      (double)got[i], (double)expected[i]);
    }
    snug_graph_free(graph);
}

START_TEST(functions_of_one_number) {
    static const struct {
        snug_unary function;
        float x, y;
    } cases[] = {{SNUG_NEGATE, 2, -2},        {SNUG_ABS, -3, 3},
                 {SNUG_SQRT, 9, 3},           {SNUG_ROUND_DOWN, -1.5F, -2},
                 {SNUG_EXP, 1, 2.7182818F},   {SNUG_LOG, 1, 0},
                 {SNUG_SIN, 1, 0.84147098F},  {SNUG_COS, 1, 0.54030231F},
                 {SNUG_TANH, 1, 0.76159416F}, {SNUG_ERF, 1, 0.84270079F},
                 {SNUG_SIGMOID, -100, 0},     {SNUG_SIGMOID, 100, 1},
                 {SNUG_SOFTPLUS, 100, 100},   {SNUG_SOFTPLUS, 0, 0.69314718F},
                 {SNUG_IS_NAN, 1, 0},         {SNUG_IS_NAN, NAN, 1}};
    bool seen[SNUG_IS_NAN + 1] = {false};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snug_graph *g = snug_graph_new(WIDTH);
        snug_value x = snug_graph_constant(g, 1, 1, &cases[i].x);
        expect_values(g, snug_graph_unary(g, cases[i].function, x), 1, 1, &cases[i].y);
        seen[cases[i].function] = true;
    }
    for (size_t i = 0; i <= SNUG_IS_NAN; i++) {
        ck_assert(seen[i]);
        if (i != SNUG_IS_NAN) { /* NaN gives NaN */
            const float nan = NAN;
            snug_graph *g = snug_graph_new(WIDTH);
            snug_value x = snug_graph_constant(g, 1, 1, &nan);
            expect_values(g, snug_graph_unary(g, (snug_unary)i, x), 1, 1, &nan);
        }
    }
}
END_TEST

START_TEST(functions_with_options) {
    snug_graph *g = snug_graph_new(WIDTH);
    expect_values(g, snug_graph_elu(g, snug_graph_input(g), 2, 3), 1, 4,
                  (float[]){-5.18798830F, 1.5F, 9, 3});
    g = snug_graph_new(WIDTH);
    expect_values(g, snug_graph_leaky_relu(g, snug_graph_input(g), 0.5), 1, 4,
                  (float[]){-1, 0.5F, 3, 1});
    g = snug_graph_new(WIDTH);
    expect_values(g, snug_graph_clip(g, snug_graph_input(g), -INFINITY, 0.75), 1, 4,
                  (float[]){-2, 0.5F, 0.75F, 0.75F});
    g = snug_graph_new(WIDTH);
    snug_value x = snug_graph_multiply_number(g, snug_graph_input(g), 2);
    expect_values(g, snug_graph_add_number(g, x, 1), 1, 4, (float[]){-3, 2, 7, 3});
}
END_TEST

START_TEST(functions_of_two_numbers) {
    static const struct {
        snug_binary function;
        float a, b, y;
    } cases[] = {
        {SNUG_ADD, 2, 3, 5},         {SNUG_SUBTRACT, 2, 3, -1},   {SNUG_MULTIPLY, 2, 3, 6},
        {SNUG_DIVIDE, 3, 2, 1.5F},   {SNUG_MAXIMUM, 2, 3, 3},     {SNUG_MINIMUM, 2, 3, 2},
        {SNUG_GREATER, 3, 2, 1},     {SNUG_GREATER, 2, 2, 0},     {SNUG_EQUAL, 2, 2, 1},
        {SNUG_EQUAL, NAN, NAN, 0},   {SNUG_GREATER, NAN, 1, 0},   {SNUG_MAXIMUM, NAN, 1, NAN},
        {SNUG_MAXIMUM, 1, NAN, NAN}, {SNUG_MINIMUM, 1, NAN, NAN}, {SNUG_MINIMUM, NAN, 1, NAN},
        {SNUG_DIVIDE, 0, 0, NAN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snug_graph *g = snug_graph_new(WIDTH);
        snug_value a = snug_graph_constant(g, 1, 1, &cases[i].a);
        snug_value b = snug_graph_constant(g, 1, 1, &cases[i].b);
        expect_values(g, snug_graph_binary(g, cases[i].function, a, b), 1, 1, &cases[i].y);
    }
}
END_TEST

/* A row and a column make a matrix; a condition chooses entry by entry. */
START_TEST(rows_and_columns_are_repeated) {
    snug_graph *g = snug_graph_new(WIDTH);
    snug_value column = snug_graph_constant(g, 2, 1, (float[]){10, 20});
    expect_values(g, snug_graph_binary(g, SNUG_ADD, snug_graph_input(g), column), 2, 4,
                  (float[]){8, 10.5F, 13, 11, 18, 20.5F, 23, 21});
    g = snug_graph_new(WIDTH);
    snug_value zero = snug_graph_constant(g, 1, 1, (float[]){0});
    snug_value above = snug_graph_binary(g, SNUG_GREATER, snug_graph_input(g), zero);
    column = snug_graph_constant(g, 2, 1, (float[]){10, 20});
    expect_values(g, snug_graph_select(g, above, column, snug_graph_input(g)), 2, 4,
                  (float[]){-2, 10, 10, 10, -2, 20, 20, 20});
}
END_TEST

START_TEST(shapes_change) {
    snug_graph *g = snug_graph_new(WIDTH);
    snug_value x = snug_graph_columns(g, snug_graph_input(g), 3, (size_t[]){3, 0, 0});
    expect_values(g, x, 1, 3, (float[]){1, -2, -2});
    g = snug_graph_new(WIDTH);
    x = snug_graph_reshape(g, snug_graph_input(g), 2, 2);
    snug_value both = snug_graph_concatenate(
        g, 2, (snug_value[]){x, snug_graph_constant(g, 2, 1, (float[]){7, 8})});
    expect_values(g, both, 2, 3, (float[]){-2, 0.5F, 7, 3, 1, 8});
}
END_TEST

START_TEST(linear_maps) {
    static const float w[] = {1, 2, 0, 1, 1, 0, 2, 2}, b[] = {0.5F, -1, 1, 2};
    const snug_linear_weights one = {1, 4, 2, w, b}, two = {2, 2, 2, w, b},
                              none = {1, 4, 2, w, NULL};
    snug_graph *g = snug_graph_new(WIDTH);
    expect_values(g, snug_graph_linear(g, snug_graph_input(g), &one), 1, 2, (float[]){3.5F, -2.5F});
    g = snug_graph_new(WIDTH);
    expect_values(g, snug_graph_linear(g, snug_graph_input(g), &none), 1, 2, (float[]){3, -1.5F});
    g = snug_graph_new(WIDTH);
    snug_value x = snug_graph_reshape(g, snug_graph_input(g), 2, 2);
    expect_values(g, snug_graph_linear(g, x, &two), 2, 2, (float[]){-1.5F, -4.5F, 6, 4});
    g = snug_graph_new(WIDTH);
    x = snug_graph_columns(g, snug_graph_input(g), 2, (size_t[]){1, 3});
    expect_values(g, snug_graph_linear(g, x, &two), 2, 2, (float[]){1, 1, 3.5F, 4});
}
END_TEST

START_TEST(rows_and_columns_are_reduced) {
    static const float by_columns[][2] = {{-1.5F, 4}, {-0.75F, 2}, {0.5F, 3}};
    static const float by_rows[][2] = {{1, 1.5F}, {0.5F, 0.75F}, {3, 1}};
    for (size_t how = SNUG_SUM; how <= SNUG_LARGEST; how++) {
        snug_graph *g = snug_graph_new(WIDTH);
        snug_value x = snug_graph_reshape(g, snug_graph_input(g), 2, 2);
        expect_values(g, snug_graph_reduce_columns(g, (snug_reduction)how, x), 2, 1,
                      by_columns[how]);
        g = snug_graph_new(WIDTH);
        x = snug_graph_reshape(g, snug_graph_input(g), 2, 2);
        expect_values(g, snug_graph_reduce_rows(g, (snug_reduction)how, x), 1, 2, by_rows[how]);
    }
}
END_TEST

START_TEST(probabilities_of_large_numbers) {
    snug_graph *g = snug_graph_new(WIDTH);
    snug_value x = snug_graph_constant(g, 2, 2, (float[]){1000, 1000, -500, 500});
    expect_values(g, snug_graph_softmax(g, x), 2, 2, (float[]){0.5F, 0.5F, 0, 1});
    g = snug_graph_new(WIDTH);
    x = snug_graph_constant(g, 2, 2, (float[]){1000, 1000, -500, 500});
    expect_values(g, snug_graph_log_softmax(g, x), 2, 2,
                  (float[]){-0.69314718F, -0.69314718F, -1000, 0});
}
END_TEST

START_TEST(rows_of_tables) {
    static const float numbers[] = {0, 1, 1.75F, 2, -1, -0.5F, 99, NAN, INFINITY};
    static const float first[] = {10, 20, 20, 30, 30, 30, 30, 30, 30};
    static const float table[] = {10, 11, 20, 21, 30, 31};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snug_graph *g = snug_graph_new(WIDTH);
        snug_value x = snug_graph_constant(g, 1, 1, &numbers[i]);
        expect_values(g, snug_graph_look_up(g, x, 3, 2, table), 1, 2,
                      (float[]){first[i], first[i] + 1});
    }
}
END_TEST

/* ---- errors ---------------------------------------------------------------------------------- */

/* The graph has failed with a message that begins so; every later call does nothing. */
static void expect_failure(snug_graph *graph, snug_value value, const char *location) {
    float y[WIDTH];
    ck_assert_uint_eq(value.rows, 0);
    ck_assert_int_eq(snug_graph_status(graph), SNUG_ERROR_ARGUMENT);
    expect_location(location);
    value = snug_graph_unary(graph, SNUG_ABS, value);
    ck_assert_uint_eq(value.rows, 0);
    value = snug_graph_unary(graph, SNUG_ABS, snug_graph_input(graph));
    ck_assert_uint_eq(value.rows, 0);
    snug_graph_begin_section(graph, "later");
    snug_graph_fail(graph, "another error");
    ck_assert_int_eq(snug_graph_compute(graph, 1, sample, y, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_location(location);
    snug_graph_free(graph);
}

START_TEST(shapes_that_do_not_fit_are_errors) {
    static const float ones[12] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const snug_linear_weights narrow = {1, 3, 1, ones, NULL}, many = {3, 2, 1, ones, NULL},
                              empty = {0, 4, 1, ones, NULL}, none = {1, 4, 1, NULL, NULL};
    snug_graph *g = snug_graph_new(WIDTH);
    snug_value three = snug_graph_constant(g, 1, 3, ones);
    expect_failure(g, snug_graph_binary(g, SNUG_ADD, snug_graph_input(g), three), "values of");
    g = snug_graph_new(WIDTH);
    snug_value matrix = snug_graph_reshape(g, snug_graph_input(g), 2, 2);
    expect_failure(g, snug_graph_linear(g, matrix, &many), "a linear map of 3 matrices");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_linear(g, snug_graph_input(g), &narrow), "a linear map of 3 x 1");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_linear(g, snug_graph_input(g), &empty), "a linear map of 0");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_linear(g, snug_graph_input(g), &none), "the weights");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_linear(g, snug_graph_input(g), NULL), "the weights");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_columns(g, snug_graph_input(g), 1, (size_t[]){4}), "column 4");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_columns(g, snug_graph_input(g), 0, NULL), "columns of a value");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_reshape(g, snug_graph_input(g), 3, 2), "1 x 4 numbers");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_reshape(g, snug_graph_input(g), SIZE_MAX, 2), "1 x 4 numbers");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_concatenate(g, 0, NULL), "values side by side");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_concatenate(g, 2, NULL), "the values");
    g = snug_graph_new(WIDTH);
    matrix = snug_graph_reshape(g, snug_graph_input(g), 2, 2);
    expect_failure(g, snug_graph_concatenate(g, 2, (snug_value[]){matrix, snug_graph_input(g)}),
                   "values side by side");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_look_up(g, snug_graph_input(g), 3, 1, ones), "a table");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_constant(g, 1, 1, NULL), "a constant");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_constant(g, 0, 1, ones), "a value of a graph: has 0 x 1");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_unary(g, SNUG_ABS, (snug_value){7, 1, 1}),
                   "a value of a graph: no");
    g = snug_graph_new(WIDTH);
    expect_failure(g, snug_graph_fail(g, "not for export"), "not for export");
}
END_TEST

START_TEST(null_is_an_error) {
    const snug_value x = {0, 1, 1};
    ck_assert_uint_eq(snug_graph_unary(NULL, SNUG_ABS, x).rows, 0);
    expect_error(SNUG_ERROR_ARGUMENT, "the graph");
    ck_assert_uint_eq(snug_graph_constant(NULL, 1, 1, sample).rows, 0);
    ck_assert_uint_eq(snug_graph_fail(NULL, "why").rows, 0);
    ck_assert_int_eq(snug_graph_status(NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "the graph");
    snug_graph_free(NULL);
    snug_model_graph_free(NULL);
    ck_assert_ptr_null(snug_model_graph_new(NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "the model");
    float y[WIDTH];
    snug_graph *graph = snug_graph_new(WIDTH);
    ck_assert_int_eq(snug_graph_compute(graph, 1, sample, y, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "the output of the graph");
    graph->output = snug_graph_input(graph);
    ck_assert_int_eq(snug_graph_compute(graph, 1, NULL, y, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "the rows");
    snug_graph_free(graph);
}
END_TEST

START_TEST(a_model_without_weights_is_refused) {
    snug_model *model = snug_model_new(2);
    snug_model_add(model, snug_dense(2));
    ck_assert_ptr_null(snug_model_graph_new(model));
    expect_error(SNUG_ERROR_ARGUMENT, "the model has no weights");
    snug_model_free(model);
}
END_TEST

/* ---- nodes ----------------------------------------------------------------------------------- */

static void count_node(void *user, size_t node, const float *result) {
    size_t *count = user;
    ck_assert_uint_eq(node, *count % 4);
    ck_assert_ptr_nonnull(result);
    (*count)++;
}

START_TEST(pruning_keeps_what_the_output_needs) {
    float y[2 * WIDTH];
    size_t observed = 0;
    snug_graph *g = snug_graph_new(WIDTH);
    snug_graph_begin_section(g, "first");
    snug_value x = snug_graph_add_number(g, snug_graph_input(g), 1);
    snug_graph_begin_section(g, "unused");
    snug_graph_multiply_number(g, x, 5);
    snug_graph_begin_section(g, "last");
    g->output = snug_graph_unary(g, SNUG_ABS, x);
    snug_graph_prune(g);
    ck_assert_uint_eq(g->count, 4);
    ck_assert_int_eq(g->nodes[0].operation, SNUG_OPERATION_INPUT);
    ck_assert_uint_eq(g->output.node, 3);
    const snug_graph_node *last = snug_graph_node_of(g, g->output);
    ck_assert_str_eq(g->sections[last->section], "last");
    ck_assert_str_eq(g->sections[g->nodes[2].section], "first");
    ck_assert_uint_eq(last->inputs[0], 2);
    const float two[2 * WIDTH] = {-2, 0.5F, 3, 1, 0, 0, 0, -5};
    ck_assert_int_eq(snug_graph_compute(g, 2, two, y, count_node, &observed), SNUG_OK);
    ck_assert_uint_eq(observed, 8);
    ck_assert(y[0] == 1 && y[2] == 4 && y[7] == 4);
    snug_graph_free(g);
}
END_TEST

/* A model of several parts, whose export meets every allocation. */
static snug_model *large_model(void) {
    snug_model *model = snug_model_new(5);
    snug_model_add(model,
                   snug_layer_new("{\"type\": \"piecewise_linear_embedding\", \"bins\": 3, "
                                  "\"units\": 2, \"columns\": [1], \"activation\": \"selu\"}"));
    snug_model_add(model, snug_layer_new("{\"type\": \"dense\", \"units\": 4, \"weight_norm\": "
                                         "true}"));
    snug_model_add(model, snug_layer_new("batch_norm"));
    snug_model_add(model, snug_layer_new("{\"type\": \"residual\", \"layers\": [{\"type\": "
                                         "\"dense\", \"units\": 4}]}"));
    snug_model_add(model, snug_layer_new("{\"type\": \"batch_ensemble\", \"units\": 3, "
                                         "\"members\": 2}"));
    ck_assert_msg(snug_model_init(model, 1) == SNUG_OK, "%s", snug_error());
    return model;
}

START_TEST(every_allocation_may_fail) {
    float y[3];
    snug_model *model = large_model();
    size_t failures = 0;
    for (size_t k = 0; k < 10000; k++) {
        failing_start(k);
        snug_model_graph *graph = snug_model_graph_new(model);
        snug_status status =
            graph == NULL
                ? snug_error_status()
                : snug_graph_compute(graph->graph, 1, (float[]){1, 2, 3, 4, 5}, y, NULL, NULL);
        snug_model_graph_free(graph);
        size_t calls = failing_calls();
        ck_assert_uint_eq(failing_stop(), 0);
        if (calls <= k) {
            ck_assert_int_eq(status, SNUG_OK);
            break;
        }
        ck_assert_msg(status == SNUG_ERROR_MEMORY, "allocation %zu: %s", k, snug_error());
        failures++;
    }
    ck_assert_uint_gt(failures, 100);
    snug_model_free(model);
}
END_TEST

static Suite *operations_suite(void) {
    Suite *suite = suite_create("graph operations");
    TCase *tests = tcase_create("operations");
    tcase_add_test(tests, functions_of_one_number);
    tcase_add_test(tests, functions_with_options);
    tcase_add_test(tests, functions_of_two_numbers);
    tcase_add_test(tests, rows_and_columns_are_repeated);
    tcase_add_test(tests, shapes_change);
    tcase_add_test(tests, linear_maps);
    tcase_add_test(tests, rows_and_columns_are_reduced);
    tcase_add_test(tests, probabilities_of_large_numbers);
    tcase_add_test(tests, rows_of_tables);
    tcase_add_test(tests, shapes_that_do_not_fit_are_errors);
    tcase_add_test(tests, null_is_an_error);
    tcase_add_test(tests, a_model_without_weights_is_refused);
    tcase_add_test(tests, pruning_keeps_what_the_output_needs);
    tcase_add_test(tests, every_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(operations_suite)
