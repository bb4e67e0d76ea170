/* The steps of softmax, on rows of any length and in any number, on every path of the CPU. */
#include <math.h>
#include <stdbool.h>

#include "cpu/cpu.h"
#include "math/softmax.h"
#include "support/suite.h"

enum { MOST_ROWS = 67, MOST_COLUMNS = 18, CAPACITY = MOST_ROWS * MOST_COLUMNS };

static void fill(float *x) {
    for (size_t i = 0; i < CAPACITY; i++) {
        x[i] = (float)(i * i * 7 % 101) * 0.25F - 12.0F;
    }
}

/* Compares y with one row's probabilities times factor; returns the log of the sum of e^x. */
static double check_row(size_t columns, const float *x, float factor, const float *y) {
    double largest = -INFINITY, sum = 0.0;
    for (size_t j = 0; j < columns; j++) {
        largest = (double)x[j] > largest ? (double)x[j] : largest;
    }
    for (size_t j = 0; j < columns; j++) {
        sum += exp((double)x[j] - largest);
    }
    for (size_t j = 0; j < columns; j++) {
        double expected = (double)factor * exp((double)x[j] - largest) / sum;
        ck_assert_double_eq_tol((double)y[j], expected, 1e-6 * fabs(expected) + 1e-12);
    }
    return largest + log(sum);
}

static void check(size_t rows, size_t columns, bool in_place) {
    float x[CAPACITY], y[CAPACITY + 1];
    double expected = 0.0;
    fill(x);
    fill(y);
    y[rows * columns] = 5.0F;
    double logs = snug_softmax_rows(rows, columns, 0.5F, in_place ? y : x, y);
    for (size_t r = 0; r < rows; r++) {
        expected += check_row(columns, x + r * columns, 0.5F, y + r * columns);
    }
    ck_assert_double_eq_tol(logs, expected, 1e-6 * fabs(expected) + 1e-7);
    ck_assert(y[rows * columns] == 5.0F);
}

START_TEST(any_number_of_rows_and_columns) {
    snug_cpu_force((snug_cpu)_i);
    for (size_t rows = 0; rows <= MOST_ROWS; rows++) {
        for (size_t columns = 1; columns <= MOST_COLUMNS; columns++) {
            check(rows, columns, (rows + columns) % 2 == 0);
        }
    }
}
END_TEST

/* The product of the sums of these rows is beyond a float, and beyond a double for so many. */
START_TEST(many_equal_numbers) {
    enum { ROWS = 3000 };
    static float y[ROWS * 4];
    snug_cpu_force((snug_cpu)_i);
    for (size_t columns = 1; columns <= 4; columns++) {
        for (size_t i = 0; i < ROWS * columns; i++) {
            y[i] = -2.0F;
        }
        double logs = snug_softmax_rows(ROWS, columns, 1.0F, y, y);
        ck_assert_double_eq_tol(logs, ROWS * (log((double)columns) - 2.0), 1e-9 * ROWS);
        ck_assert(y[ROWS * columns - 1] == 1.0F / (float)columns);
    }
}
END_TEST

/* The rows beside it are as if it were not there. */
START_TEST(a_row_that_is_not_finite) {
    static const float bad[] = {NAN, INFINITY, -NAN};
    snug_cpu_force((snug_cpu)_i);
    for (size_t columns = 1; columns <= 5; columns++) {
        for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
            float x[20 * 5], y[20 * 5];
            for (size_t i = 0; i < 20 * columns; i++) {
                x[i] = (float)(i % 7);
            }
            x[3 * columns + columns / 2] = bad[b];
            ck_assert(isnan(snug_softmax_rows(20, columns, 1.0F, x, y)));
            ck_assert(isnan(y[3 * columns + columns / 2]));
            check_row(columns, x + 2 * columns, 1.0F, y + 2 * columns);
            check_row(columns, x + 4 * columns, 1.0F, y + 4 * columns);
        }
    }
}
END_TEST

static Suite *softmax_suite(void) {
    Suite *suite = suite_create("softmax");
    TCase *tests = tcase_create("softmax");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, many_equal_numbers, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, a_row_that_is_not_finite, 0, SNUG_CPU_COUNT);
    TCase *sizes = tcase_create("all sizes");
    tcase_set_tags(sizes, "exhaustive");
    tcase_add_loop_test(sizes, any_number_of_rows_and_columns, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, sizes);
    return suite;
}

REGISTER_SUITE(softmax_suite)
