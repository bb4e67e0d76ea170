/* Sums over rows and vectors, on every path of the CPU. */
#include <string.h>

#include "cpu/cpu.h"
#include "math/reduce.h"
#include "support/suite.h"

enum { ROWS = 3, COLUMNS = 37 };

/* Small whole numbers, whose sums are exact in any order. */
static float entry(size_t i, size_t j) {
    return (float)(100 * i + j) - 50.0F;
}

static void fill(float *x) {
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < COLUMNS; j++) {
            x[i * COLUMNS + j] = entry(i, j);
        }
    }
}

START_TEST(adds_a_bias_to_every_row) {
    float y[ROWS * COLUMNS + 1], bias[COLUMNS];
    snug_cpu_force((snug_cpu)_i);
    fill(y);
    y[ROWS * COLUMNS] = 5.0F;
    for (size_t j = 0; j < COLUMNS; j++) {
        bias[j] = (float)j * 0.5F;
    }
    snug_add_to_rows(ROWS, COLUMNS, bias, y, COLUMNS);
    for (size_t k = 0; k < ROWS * COLUMNS; k++) {
        ck_assert(y[k] == entry(k / COLUMNS, k % COLUMNS) + (float)(k % COLUMNS) * 0.5F);
    }
    ck_assert(y[ROWS * COLUMNS] == 5.0F);
}
END_TEST

START_TEST(adds_the_rows_to_the_sums) {
    float x[ROWS * COLUMNS], sums[COLUMNS + 1];
    snug_cpu_force((snug_cpu)_i);
    fill(x);
    for (size_t j = 0; j <= COLUMNS; j++) {
        sums[j] = 1000.0F;
    }
    snug_sum_rows(ROWS, COLUMNS, x, true, sums);
    for (size_t j = 0; j < COLUMNS; j++) {
        ck_assert(sums[j] == 1000.0F + entry(0, j) + entry(1, j) + entry(2, j));
    }
    snug_sum_rows(2, COLUMNS, x + COLUMNS, false, sums);
    for (size_t j = 0; j < COLUMNS; j++) {
        ck_assert(sums[j] == entry(1, j) + entry(2, j));
    }
    ck_assert(sums[COLUMNS] == 1000.0F);
}
END_TEST

START_TEST(adds_one_vector_to_another) {
    float x[ROWS * COLUMNS], y[ROWS * COLUMNS];
    snug_cpu_force((snug_cpu)_i);
    fill(x);
    memset(y, 0, sizeof y);
    y[3] = 0.25F;
    snug_vector_add(ROWS * COLUMNS - 1, x, y);
    snug_vector_add(ROWS * COLUMNS - 1, x, y);
    for (size_t k = 0; k < ROWS * COLUMNS - 1; k++) {
        ck_assert(y[k] == 2.0F * x[k] + (k == 3 ? 0.25F : 0.0F));
    }
    ck_assert(y[ROWS * COLUMNS - 1] == 0.0F);
}
END_TEST

START_TEST(leaves_nothing_alone) {
    float y = 2.0F;
    snug_add_to_rows(0, 5, NULL, NULL, 5);
    snug_sum_rows(0, 1, NULL, true, &y);
    snug_sum_rows(3, 0, NULL, false, &y);
    snug_vector_add(0, NULL, &y);
    ck_assert(y == 2.0F);
}
END_TEST

static Suite *reduce_suite(void) {
    Suite *suite = suite_create("reduce");
    TCase *tests = tcase_create("reduce");
    tcase_add_loop_test(tests, adds_a_bias_to_every_row, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, adds_the_rows_to_the_sums, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, adds_one_vector_to_another, 0, SNUG_CPU_COUNT);
    tcase_add_test(tests, leaves_nothing_alone);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(reduce_suite)
