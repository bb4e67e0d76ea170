/* The three products of a linear map against sums one by one, on every path. */
#include <stdlib.h>

#include "cpu/cpu.h"
#include "math/linear.h"
#include "numbers.h"
#include "support/suite.h"

/* A linear map and its matrices. */
typedef struct example {
    snug_linear map;
    float *x, *w, *bias, *dy;
} example;

/* The sum of n products of numbers that are a_step and b_step floats apart. */
static double dot(size_t n, const float *a, size_t a_step, const float *b, size_t b_step) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)a[i * a_step] * (double)b[i * b_step];
    }
    return sum;
}

/* `terms` numbers up to 1 were summed for each; frees both matrices. */
static void expect_sums(size_t n, float *got, float *wanted, size_t terms, const char *what) {
    double difference = largest_difference(n, got, wanted);
    ck_assert_msg(difference <= 0x1p-23 * (double)(terms + 3), "%s: off by %g", what, difference);
    free(got);
    free(wanted);
}

static void check_forward(const example *e, bool with_bias) {
    size_t rows = e->map.rows, in = e->map.inputs, out = e->map.outputs;
    float *y = random_matrix(rows, out), *wanted = random_matrix(rows, out);
    snug_linear_forward(&e->map, e->x, e->w, with_bias ? e->bias : NULL, y);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < out; j++) {
            double sum = dot(in, e->x + i * in, 1, e->w + j, out);
            wanted[i * out + j] = (float)(sum + (with_bias ? (double)e->bias[j] : 0.0));
        }
    }
    expect_sums(rows * out, y, wanted, in, "y");
}

/* Some rows of dw; all others stay as they were. */
static void check_backward_weight(const example *e, bool add) {
    size_t rows = e->map.rows, in = e->map.inputs, out = e->map.outputs;
    size_t first = random_size(0, in - 1), end = random_size(first, in);
    float *dw = random_matrix(in, out), *wanted = copied(dw, in * out);
    snug_linear_backward_weight(&e->map, e->x, e->dy, add, first, end - first,
                                dw + first * e->map.outputs);
    for (size_t i = first; i < end; i++) {
        for (size_t j = 0; j < out; j++) {
            double before = add ? (double)wanted[i * out + j] : 0.0;
            wanted[i * out + j] = (float)(before + dot(rows, e->x + i, in, e->dy + j, out));
        }
    }
    expect_sums(in * out, dw, wanted, rows, "dw");
}

static void check_backward_input(const example *e, bool add) {
    size_t rows = e->map.rows, in = e->map.inputs, out = e->map.outputs;
    float *dx = random_matrix(rows, in), *wanted = copied(dx, rows * in);
    snug_linear_backward_input(&e->map, e->dy, e->w, add, dx);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < in; j++) {
            double before = add ? (double)wanted[i * in + j] : 0.0;
            double sum = dot(out, e->dy + i * out, 1, e->w + j * out, 1);
            wanted[i * in + j] = (float)(before + sum);
        }
    }
    expect_sums(rows * in, dx, wanted, out, "dx");
}

START_TEST(agrees_with_sums_one_by_one) {
    seed_numbers(1706 + (uint64_t)_i);
    snug_cpu_force((snug_cpu)_i);
    for (int round = 0; round < 16; round++) {
        size_t most = round < 8 ? 60 : 300;
        example e = {.map = {random_size(1, most), random_size(1, most), random_size(1, most),
                             .large = round % 4 > 1}};
        e.x = random_matrix(e.map.rows, e.map.inputs);
        e.w = random_matrix(e.map.inputs, e.map.outputs);
        e.bias = random_matrix(1, e.map.outputs);
        e.dy = random_matrix(e.map.rows, e.map.outputs);
        check_forward(&e, round % 2 == 1);
        check_backward_weight(&e, round % 2 == 1);
        check_backward_input(&e, round % 2 == 1);
        free(e.x);
        free(e.w);
        free(e.bias);
        free(e.dy);
    }
}
END_TEST

static Suite *linear_suite(void) {
    Suite *suite = suite_create("linear");
    TCase *tests = tcase_create("products");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, agrees_with_sums_one_by_one, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(linear_suite)
