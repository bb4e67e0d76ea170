/*
 * Products by tiles and by OpenBLAS against three plain loops, on ragged shapes inside larger
 * matrices.
 */
#include <math.h>
#include <stdlib.h>

#include "cpu/cpu.h"
#include "math/gemm.h"
#include "math/gemm_driver.h"
#include "numbers.h"
#include "support/suite.h"

/* The ways to compute a product, and the CPU path that is forced for it. */
static const struct way {
    const char *name;
    void (*multiply)(const snug_product *product);
    snug_cpu path;
} ways[] = {
    {"chosen", snug_gemm, SNUG_CPU_COUNT},
    {"OpenBLAS", snug_gemm_openblas, SNUG_CPU_COUNT},
    {"portable tiles", snug_gemm_tiled, SNUG_CPU_PORTABLE},
    {"AVX2 tiles", snug_gemm_tiled, SNUG_CPU_AVX2},
    {"AVX-512 tiles", snug_gemm_tiled, SNUG_CPU_AVX512},
};
enum { WAYS = sizeof ways / sizeof ways[0] };

/*
 * Compares a way with the reference, from the same C; the numbers between C's rows must stay as
 * they were.
 */
static void compare_way(const struct way *way, const snug_product *product, const float *c,
                        const float *expected) {
    snug_product p = *product;
    p.c = copied(c, p.m * p.ldc);
    snug_cpu_force(way->path);
    way->multiply(&p);
    snug_cpu_force(SNUG_CPU_COUNT);
    for (size_t i = 0; i < p.m; i++) {
        const float *row = p.c + i * p.ldc, *wanted = expected + i * p.ldc;
        ck_assert_msg(largest_difference(p.n, row, wanted) <= 0x1p-23 * (double)(p.k + 3),
                      "%s: %zu x %zu x %zu in row %zu", way->name, p.m, p.n, p.k, i);
        ck_assert_mem_eq(row + p.n, wanted + p.n, (p.ldc - p.n) * sizeof *c);
    }
    free(p.c);
}

static void compare(const snug_product *product, bool poison) {
    snug_product p = *product;
    float *a = random_matrix(p.transpose_a ? p.k : p.m, p.lda);
    float *b = random_matrix(p.transpose_b ? p.n : p.k, p.ldb);
    float *c = random_matrix(p.m, p.ldc);
    float *bias = p.n % 3 == 0 ? random_matrix(1, p.n) : NULL;
    for (size_t i = 0; poison && i < p.m * p.ldc; i++) {
        c[i] = NAN;
    }
    p.a = a;
    p.b = b;
    p.bias = bias;
    p.c = copied(c, p.m * p.ldc);
    snug_gemm_reference(&p);
    for (size_t i = 0; i < WAYS; i++) {
        compare_way(&ways[i], &p, c, p.c);
    }
    free(a);
    free(b);
    free(c);
    free(bias);
    free(p.c);
}

static snug_product random_product(unsigned transposes, size_t most) {
    snug_product p = {
        .transpose_a = (transposes & 1U) != 0,
        .transpose_b = (transposes & 2U) != 0,
        .large = random_size(0, 1) == 1,
        .m = random_size(1, most),
        .n = random_size(1, most),
        .k = random_size(1, most),
    };
    p.lda = (p.transpose_a ? p.m : p.k) + random_size(0, 9);
    p.ldb = (p.transpose_b ? p.k : p.n) + random_size(0, 9);
    p.ldc = p.n + random_size(1, 9);
    return p;
}

START_TEST(agrees_with_the_reference) {
    seed_numbers(20170608);
    for (int round = 0; round < 8; round++) {
        snug_product p = random_product((unsigned)_i, 70);
        p.add = round % 2 == 0;
        compare(&p, false);
    }
}
END_TEST

START_TEST(large_ones_agree_with_the_reference) {
    seed_numbers(20170609);
    for (int round = 0; round < 32; round++) {
        snug_product p = random_product((unsigned)_i, 300);
        p.add = round % 2 == 0;
        compare(&p, false);
    }
}
END_TEST

/*
 * Rows so far apart that panels are packed for many rows of C, more rows of B than a panel holds,
 * whole tiles.
 */
START_TEST(packs_far_and_deep_panels) {
    seed_numbers(31);
    for (size_t i = 0; i < 4; i++) {
        snug_product p = random_product((unsigned)_i, 40);
        p.m = i % 2 == 0 ? p.m + 24 : 1 + 6 * (i / 2);
        p.k = 500 + 300 * i;
        p.n = i < 2 ? 64 : p.n;
        p.lda = (p.transpose_a ? p.m : p.k) + i;
        p.ldb = (p.transpose_b ? p.k : p.n) + 513;
        p.ldc = p.n + 1;
        p.add = i == 3;
        compare(&p, false);
    }
}
END_TEST

START_TEST(takes_single_rows_and_columns) {
    seed_numbers(7);
    for (unsigned thin = 1; thin < 8; thin++) {
        snug_product p = random_product((unsigned)_i, (thin & 2U) != 0 ? 40 : 160);
        p.m = (thin & 1U) != 0 ? 1 : p.m;
        p.n = (thin & 2U) != 0 ? 1 : p.n;
        p.k = (thin & 4U) != 0 ? 1 : p.k;
        compare(&p, false);
    }
}
END_TEST

START_TEST(forgets_c_unless_it_adds) {
    seed_numbers(99);
    for (int round = 0; round < 6; round++) {
        snug_product p = random_product((unsigned)_i, 90);
        compare(&p, true);
    }
}
END_TEST

START_TEST(keeps_or_clears_c_when_nothing_is_summed) {
    const float bias[] = {0.5F, -1.0F};
    for (size_t i = 0; i < WAYS; i++) {
        float c[] = {1.5F, -2.0F, 7.0F, 3.0F, NAN, 8.0F};
        snug_product p = {.add = true, .m = 1, .n = 2, .ldb = 2, .c = c, .ldc = 3};
        ways[i].multiply(&p);
        ck_assert(c[0] == 1.5F && c[1] == -2.0F);
        p.add = false;
        p.m = 2;
        ways[i].multiply(&p);
        ck_assert(c[0] == 0.0F && c[1] == 0.0F && c[3] == 0.0F && c[4] == 0.0F);
        p.bias = bias;
        ways[i].multiply(&p);
        ck_assert(c[0] == 0.5F && c[1] == -1.0F && c[3] == 0.5F && c[4] == -1.0F);
        ck_assert(c[2] == 7.0F && c[5] == 8.0F);
    }
}
END_TEST

START_TEST(leaves_empty_matrices_alone) {
    const float ones[] = {1.0F, 1.0F};
    for (size_t i = 0; i < WAYS; i++) {
        float c[] = {NAN, 2.0F};
        ways[i].multiply(
            &(snug_product){.n = 2, .k = 1, .lda = 1, .b = ones, .ldb = 2, .c = c, .ldc = 2});
        ways[i].multiply(&(snug_product){.m = 2, .k = 1, .a = ones, .lda = 1, .c = c, .ldc = 1});
        ck_assert(isnan(c[0]) && c[1] == 2.0F);
    }
}
END_TEST

static Suite *gemm_suite(void) {
    Suite *suite = suite_create("gemm");
    TCase *tests = tcase_create("gemm");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, agrees_with_the_reference, 0, 4);
    tcase_add_loop_test(tests, takes_single_rows_and_columns, 0, 4);
    tcase_add_loop_test(tests, packs_far_and_deep_panels, 0, 4);
    tcase_add_loop_test(tests, forgets_c_unless_it_adds, 0, 4);
    tcase_add_test(tests, keeps_or_clears_c_when_nothing_is_summed);
    tcase_add_test(tests, leaves_empty_matrices_alone);
    suite_add_tcase(suite, tests);
    TCase *large = tcase_create("large");
    tcase_set_timeout(large, 120);
    tcase_set_tags(large, "exhaustive");
    tcase_add_loop_test(large, large_ones_agree_with_the_reference, 0, 4);
    suite_add_tcase(suite, large);
    return suite;
}

REGISTER_SUITE(gemm_suite)
