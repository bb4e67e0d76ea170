/*
 * Sums over more rows than float additions bear one after the other, beside the same sums in
 * double.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cpu/cpu.h"
#include "math/gemm.h"
#include "math/reduce.h"
#include "support/suite.h"

enum { ROWS = 1000000, COLUMNS = 3, WIDE = 35 };

/* Rows that are all equal, whose rounding errors have one sign, or positive ones that vary. */
static float *make_rows(size_t rows, size_t columns, bool equal) {
    float *x = malloc(rows * columns * sizeof *x);
    ck_assert_ptr_nonnull(x);
    uint32_t state = 7;
    for (size_t i = 0; i < rows * columns; i++) {
        state = state * 1664525U + 1013904223U;
        x[i] = equal ? 0.1F + 0.3F * (float)(i % columns) : (float)(state >> 8) * 0x1p-24F + 0.05F;
    }
    return x;
}

static void check_near(float sum, double expected) {
    ck_assert_msg(fabs((double)sum - expected) <= 1e-5 * fabs(expected), "%.9g, not %.9g",
                  (double)sum, expected);
}

static void check_sums(const float *x, bool add) {
    float sums[COLUMNS + 1] = {0.5F, 7.0F, 9.0F, 11.0F};
    double expected[COLUMNS] = {0.0};
    for (size_t j = 0; j < COLUMNS; j++) {
        expected[j] = add ? (double)sums[j] : 0.0;
    }
    for (size_t i = 0; i < (size_t)ROWS * COLUMNS; i++) {
        expected[i % COLUMNS] += (double)x[i];
    }
    snug_sum_rows(ROWS, COLUMNS, x, add, sums);
    for (size_t j = 0; j < COLUMNS; j++) {
        check_near(sums[j], expected[j]);
    }
    ck_assert(sums[COLUMNS] == 11.0F);
}

START_TEST(sums_of_rows) {
    snug_cpu_force((snug_cpu)_i);
    for (int equal = 0; equal < 2; equal++) {
        float *x = make_rows(ROWS, COLUMNS, equal != 0);
        check_sums(x, false);
        check_sums(x, true);
        free(x);
    }
}
END_TEST

/* A B' of rows, added to C or not, in every way that snug_gemm() may choose. */
static void check_product(const float *x, const float *dy, bool large) {
    float c[COLUMNS * (COLUMNS + 1)];
    double expected[COLUMNS * COLUMNS] = {0.0};
    for (size_t l = 0; l < ROWS; l++) {
        for (size_t i = 0; i < COLUMNS * COLUMNS; i++) {
            expected[i] +=
                (double)x[l * COLUMNS + i / COLUMNS] * (double)dy[l * COLUMNS + i % COLUMNS];
        }
    }
    for (int add = 0; add < 2; add++) {
        for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
            c[i] = 3.0F;
        }
        snug_gemm(&(snug_product){.transpose_a = true,
                                  .large = large,
                                  .add = add != 0,
                                  .m = COLUMNS,
                                  .n = COLUMNS,
                                  .k = ROWS,
                                  .a = x,
                                  .lda = COLUMNS,
                                  .b = dy,
                                  .ldb = COLUMNS,
                                  .c = c,
                                  .ldc = COLUMNS + 1});
        for (size_t i = 0; i < COLUMNS; i++) {
            for (size_t j = 0; j < COLUMNS; j++) {
                check_near(c[i * (COLUMNS + 1) + j], expected[i * COLUMNS + j] + 3.0 * add);
            }
            ck_assert(c[i * (COLUMNS + 1) + COLUMNS] == 3.0F);
        }
    }
}

START_TEST(gradients_of_weights) {
    snug_cpu_force((snug_cpu)_i);
    for (int equal = 0; equal < 2; equal++) {
        float *x = make_rows(ROWS, COLUMNS, equal != 0);
        float *dy = make_rows(ROWS, COLUMNS, equal != 0);
        check_product(x, dy, false);
        check_product(x, dy, true);
        free(x);
        free(dy);
    }
}
END_TEST

/* More rows and columns of C than are held at a time, and a last block that is not whole. */
START_TEST(gradients_of_many_weights) {
    enum { M = 131, N = 37, K = SNUG_ROWS_AT_ONCE + 3 };
    snug_cpu_force((snug_cpu)_i);
    float *x = make_rows(K, M + 2, false), *dy = make_rows(K, N + 1, false);
    float *c = malloc(sizeof *c * M * N), *expected = malloc(sizeof *c * M * N);
    snug_product p = {.transpose_a = true,
                      .m = M,
                      .n = N,
                      .k = K,
                      .a = x + 1,
                      .lda = M + 2,
                      .b = dy,
                      .ldb = N + 1,
                      .c = c,
                      .ldc = N};
    snug_gemm(&p);
    p.c = expected;
    snug_gemm_reference(&p);
    for (size_t i = 0; i < M * N; i++) {
        ck_assert_float_eq_tol(c[i], expected[i], 2e-6F * expected[i]);
    }
    free(x);
    free(dy);
    free(c);
    free(expected);
}
END_TEST

/* The sums of some columns are those among others, and ordinary batches are summed row by row. */
START_TEST(sums_of_any_columns) {
    enum { FEW = SNUG_ROWS_AT_ONCE, MANY = SNUG_ROWS_AT_ONCE + 1 };
    snug_cpu_force((snug_cpu)_i);
    float *x = make_rows(MANY, WIDE, false), *one = malloc(sizeof *one * MANY);
    float sums[2][WIDE];
    snug_sum_rows(FEW, WIDE, x, false, sums[0]);
    snug_sum_rows(MANY, WIDE, x, false, sums[1]);
    for (size_t j = 0; j < WIDE; j++) {
        float few = 0.0F, many;
        for (size_t i = 0; i < MANY; i++) {
            one[i] = x[i * WIDE + j];
            few += i < FEW ? one[i] : 0.0F;
        }
        snug_sum_rows(MANY, 1, one, false, &many);
        ck_assert(sums[0][j] == few);
        ck_assert(sums[1][j] == many);
    }
    free(x);
    free(one);
}
END_TEST

static Suite *many_rows_suite(void) {
    Suite *suite = suite_create("many rows");
    TCase *tests = tcase_create("many rows");
    tcase_set_timeout(tests, 300);
    tcase_set_tags(tests, "exhaustive");
    tcase_add_loop_test(tests, sums_of_rows, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, gradients_of_weights, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, gradients_of_many_weights, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, sums_of_any_columns, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(many_rows_suite)
