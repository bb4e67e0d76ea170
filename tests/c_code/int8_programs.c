/* int8 programs against the graphs that they are made of. */
#include <math.h>

#include "core/memory.h"
#include "graph/compute.h"
#include "graph/fold.h"
#include "networks.h"
#include "quantize/build.h"
#include "quantize/compute.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { SAMPLES = 300 };

/* Returns the standard deviation of the differences, divided by that of the outputs. */
static double relative_error(size_t count, const float *expected, const float *actual) {
    double sum = 0, error = 0, mean = 0;
    for (size_t i = 0; i < count; i++) {
        mean += (double)expected[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double d = (double)expected[i] - mean, e = (double)expected[i] - (double)actual[i];
        sum += d * d;
        error += e * e;
    }
    return sqrt(error / sum);
}

static double measure(network kind, unsigned seed, snug_calibration_method method) {
    static float expected[SAMPLES * NETWORK_OUTPUTS], actual[SAMPLES * NETWORK_OUTPUTS];
    snug_graph *graph = network_new(kind, seed);
    float *x = network_samples(SAMPLES, seed);
    ck_assert_int_eq(snug_graph_compute(graph, SAMPLES, x, expected, NULL, NULL), SNUG_OK);
    snug_int8_program *program = snug_int8_program_new(graph, SAMPLES, x, method);
    ck_assert_msg(program != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_int8_compute(program, SAMPLES, x, actual), SNUG_OK);
    double error = relative_error((size_t)SAMPLES * NETWORK_OUTPUTS, expected, actual);
    snug_int8_program_free(program);
    snug_graph_free(graph);
    snug_release(x);
    return error;
}

/* Eight bits are 48 dB; a few layers of them leave an error of some hundredths. */
static void check_seeds(network kind, unsigned first, unsigned end) {
    for (unsigned seed = first; seed < end; seed++) {
        double error = measure(kind, seed, SNUG_CALIBRATE_SQUARED_ERROR);
        ck_assert_msg(error > 1e-4 && error < 0.05, "network %d, seed %u: %g", (int)kind, seed,
                      error);
    }
}

START_TEST(computes_nearly_what_float_does) {
    check_seeds((network)_i, 0, 1);
}
END_TEST

START_TEST(many_compute_nearly_what_float_does) {
    check_seeds((network)_i, 1, 5);
}
END_TEST

START_TEST(folding_changes_no_output) {
    static float expected[SAMPLES * NETWORK_OUTPUTS], actual[SAMPLES * NETWORK_OUTPUTS];
    snug_graph *graph = network_new((network)_i, 3);
    float *x = network_samples(SAMPLES, 3);
    size_t before = graph->count;
    ck_assert_int_eq(snug_graph_compute(graph, SAMPLES, x, expected, NULL, NULL), SNUG_OK);
    ck_assert_int_eq(snug_graph_fold(graph, INFINITY), SNUG_OK);
    ck_assert_int_eq(snug_graph_compute(graph, SAMPLES, x, actual, NULL, NULL), SNUG_OK);
    for (size_t i = 0; i < (size_t)SAMPLES * NETWORK_OUTPUTS; i++) {
        ck_assert_float_eq_tol(actual[i], expected[i], 1e-4F);
    }
    /* Two times three operations and their three constants, of the normalizations. */
    ck_assert_uint_eq(before - graph->count, _i == NETWORK_RELU ? 12 : 0);
    snug_graph_free(graph);
    snug_release(x);
}
END_TEST

START_TEST(every_method_works) {
    for (int method = 0; method <= SNUG_CALIBRATE_RANGE; method++) {
        double error = measure(NETWORK_SELU, 1, (snug_calibration_method)method);
        ck_assert_msg(error < 0.05, "method %d: %g", method, error);
    }
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static const float weights[NETWORK_INPUTS * NETWORK_INPUTS] = {1, 2, 3};

static snug_value map(snug_graph *graph, snug_value x, float *own) {
    snug_linear_weights linear = {1, x.columns, x.columns, own != NULL ? own : weights, NULL};
    return snug_graph_linear(graph, x, &linear);
}

/* Checks that a graph with this output is refused, and frees it. */
static void refuse(snug_graph *graph, snug_value output, size_t samples, const char *location) {
    float *x = network_samples(SAMPLES, 0);
    graph->output = output;
    ck_assert_int_eq(snug_graph_status(graph), SNUG_OK);
    snug_graph_prune(graph);
    ck_assert_ptr_null(snug_int8_program_new(graph, samples, x, SNUG_CALIBRATE_SQUARED_ERROR));
    expect_error(SNUG_ERROR_ARGUMENT, location);
    snug_graph_free(graph);
    snug_release(x);
}

static snug_graph *begin(snug_value *x) {
    snug_graph *graph = snug_graph_new(NETWORK_INPUTS);
    snug_graph_begin_section(graph, "layers.7");
    *x = snug_graph_input(graph);
    return graph;
}

START_TEST(refuses_what_integers_cannot_do) {
    snug_value x;
    snug_graph *g = begin(&x);
    refuse(g, map(g, snug_graph_softmax(g, map(g, x, NULL)), NULL), SAMPLES, "layers.7:");
    g = begin(&x);
    refuse(g, snug_graph_unary(g, SNUG_TANH, x), SAMPLES, "the model:");
    g = begin(&x);
    refuse(g, map(g, x, NULL), 0, "the calibration data:");
    g = begin(&x);
    float infinite[NETWORK_INPUTS * NETWORK_INPUTS] = {0, INFINITY};
    refuse(g, map(g, x, infinite), SAMPLES, "layers.7:");
    g = begin(&x);
    snug_value largest = snug_graph_reduce_columns(g, SNUG_LARGEST, map(g, x, NULL));
    refuse(g, map(g, largest, NULL), SAMPLES, "layers.7:");
}
END_TEST

/* 127 * 128 * 140000 is more than 2^31. */
START_TEST(refuses_sums_that_could_overflow) {
    enum { MANY = 140000 };
    snug_graph *g = snug_graph_new(MANY);
    float *w = snug_alloc(MANY, sizeof *w), *x = snug_alloc(MANY, sizeof *x);
    for (size_t i = 0; i < MANY; i++) {
        w[i] = 1;
        x[i] = (float)(i % 2);
    }
    snug_graph_begin_section(g, "layers.0");
    snug_linear_weights linear = {1, MANY, 1, w, NULL};
    g->output = snug_graph_linear(g, snug_graph_input(g), &linear);
    ck_assert_ptr_null(snug_int8_program_new(g, 1, x, SNUG_CALIBRATE_RANGE));
    expect_error(SNUG_ERROR_ARGUMENT, "layers.0:");
    snug_graph_free(g);
    snug_release(w);
    snug_release(x);
}
END_TEST

/* Biases that are far larger than the weights take the weights' bits, not those of the sum. */
START_TEST(large_biases_do_not_overflow) {
    float w[2] = {1e-6F, -1e-6F}, bias = 1000, x[] = {1, 2, 3, 5, -1, 2}, y[3];
    snug_graph *g = snug_graph_new(2);
    snug_linear_weights linear = {1, 2, 1, w, &bias};
    g->output = snug_graph_linear(g, snug_graph_input(g), &linear);
    snug_int8_program *program = snug_int8_program_new(g, 3, x, SNUG_CALIBRATE_SQUARED_ERROR);
    ck_assert_msg(program != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_int8_compute(program, 3, x, y), SNUG_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_float_eq_tol(y[i], 1000, 1e-3F);
    }
    snug_int8_program_free(program);
    snug_graph_free(g);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

static bool run_once(network kind, const float *x) {
    float y[3 * NETWORK_OUTPUTS];
    snug_graph *graph = network_try(kind, 1);
    snug_int8_program *program =
        graph != NULL ? snug_int8_program_new(graph, 20, x, SNUG_CALIBRATE_RANGE) : NULL;
    bool ok = program != NULL && snug_int8_compute(program, 3, x, y) == SNUG_OK;
    snug_int8_program_free(program);
    snug_graph_free(graph);
    return ok;
}

/* Lets one allocation in `step` fail in turn. */
static void fail_in_turn(network kind, size_t step) {
    float *x = network_samples(20, 1);
    failing_start(SIZE_MAX);
    ck_assert(run_once(kind, x));
    size_t calls = failing_calls();
    ck_assert_uint_eq(failing_stop(), 0);
    for (size_t i = 0; i < calls; i += step) {
        failing_start(i);
        ck_assert_msg(!run_once(kind, x), "allocation %zu", i);
        ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    snug_release(x);
}

START_TEST(some_allocations_may_fail) {
    fail_in_turn(NETWORK_PASSED, 7);
}
END_TEST

START_TEST(every_allocation_may_fail) {
    fail_in_turn((network)_i, 1);
}
END_TEST

static Suite *programs_suite(void) {
    Suite *suite = suite_create("int8_programs");
    TCase *tests = tcase_create("programs");
    tcase_add_loop_test(tests, computes_nearly_what_float_does, 0, NETWORK_COUNT);
    tcase_add_test(tests, some_allocations_may_fail);
    tcase_add_loop_test(tests, folding_changes_no_output, 0, NETWORK_COUNT);
    tcase_add_test(tests, every_method_works);
    tcase_add_test(tests, refuses_what_integers_cannot_do);
    tcase_add_test(tests, refuses_sums_that_could_overflow);
    tcase_add_test(tests, large_biases_do_not_overflow);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many programs");
    tcase_set_tags(many, "exhaustive");
    tcase_add_loop_test(many, many_compute_nearly_what_float_does, 0, NETWORK_COUNT);
    tcase_add_loop_test(many, every_allocation_may_fail, 0, NETWORK_COUNT);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(programs_suite)
