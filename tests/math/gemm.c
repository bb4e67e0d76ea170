/* snug_gemm() against three plain loops, on ragged shapes inside larger matrices. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "math/gemm.h"
#include "suites.h"

/* Knuth's MMIX generator: numbers that owe nothing to the library. */
static uint64_t state;

static uint64_t next(void) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return state >> 33;
}

static size_t next_size(size_t least, size_t most) {
    return least + next() % (most - least + 1);
}

static float *matrix(size_t rows, size_t stride) {
    float *values = malloc(rows * stride * sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < rows * stride; i++) {
        values[i] = (float)next() / (float)(1U << 30) - 1.0F;
    }
    return values;
}

typedef struct product {
    bool transpose_a, transpose_b;
    size_t m, n, k;
    size_t lda, ldb, ldc;
    float beta;
} product;

/* Both ways from the same C; what lies between its rows must stay as it was. */
static void compare(const product *p, bool poison) {
    float *a = matrix(p->transpose_a ? p->k : p->m, p->lda);
    float *b = matrix(p->transpose_b ? p->n : p->k, p->ldb);
    float *c = matrix(p->m, p->ldc);
    float *expected = malloc(p->m * p->ldc * sizeof *expected);
    ck_assert_ptr_nonnull(expected);
    for (size_t i = 0; poison && i < p->m * p->ldc; i++) {
        c[i] = NAN;
    }
    memcpy(expected, c, p->m * p->ldc * sizeof *c);
    snug_gemm(p->transpose_a, p->transpose_b, p->m, p->n, p->k, a, p->lda, b, p->ldb, p->beta, c,
              p->ldc);
    snug_gemm_reference(p->transpose_a, p->transpose_b, p->m, p->n, p->k, a, p->lda, b, p->ldb,
                        p->beta, expected, p->ldc);
    for (size_t i = 0; i < p->m; i++) {
        size_t row = i * p->ldc;
        for (size_t j = 0; j < p->n; j++) {
            double difference = fabs((double)c[row + j] - (double)expected[row + j]);
            ck_assert_msg(difference <= 0x1p-23 * (double)(p->k + 2), "%zu x %zu x %zu at %zu, %zu",
                          p->m, p->n, p->k, i, j);
        }
        ck_assert_mem_eq(c + row + p->n, expected + row + p->n, (p->ldc - p->n) * sizeof *c);
    }
    free(a);
    free(b);
    free(c);
    free(expected);
}

static product random_product(unsigned transposes, size_t most) {
    product p = {
        .transpose_a = (transposes & 1U) != 0,
        .transpose_b = (transposes & 2U) != 0,
        .m = next_size(1, most),
        .n = next_size(1, most),
        .k = next_size(1, most),
    };
    p.lda = (p.transpose_a ? p.m : p.k) + next_size(0, 9);
    p.ldb = (p.transpose_b ? p.k : p.n) + next_size(0, 9);
    p.ldc = p.n + next_size(1, 9);
    return p;
}

START_TEST(agrees_with_the_reference) {
    state = 20170608;
    for (int round = 0; round < 24; round++) {
        product p = random_product((unsigned)_i, round < 16 ? 70 : 300);
        p.beta = round % 2 == 0 ? 0.0F : 1.0F;
        compare(&p, false);
    }
}
END_TEST

START_TEST(takes_single_rows_and_columns) {
    state = 7;
    for (unsigned thin = 1; thin < 8; thin++) {
        product p = random_product((unsigned)_i, 40);
        p.m = (thin & 1U) != 0 ? 1 : p.m;
        p.n = (thin & 2U) != 0 ? 1 : p.n;
        p.k = (thin & 4U) != 0 ? 1 : p.k;
        compare(&p, false);
    }
}
END_TEST

START_TEST(forgets_c_with_beta_zero) {
    state = 99;
    for (int round = 0; round < 6; round++) {
        product p = random_product((unsigned)_i, 90);
        compare(&p, true);
    }
}
END_TEST

START_TEST(scales_c_when_nothing_is_summed) {
    float c[] = {1.5F, -2.0F, 7.0F, 3.0F, 4.0F, 8.0F};
    snug_gemm(false, false, 2, 2, 0, NULL, 0, NULL, 2, 1.0F, c, 3);
    ck_assert(c[0] == 1.5F && c[1] == -2.0F && c[3] == 3.0F && c[4] == 4.0F);
    snug_gemm(true, true, 2, 2, 0, NULL, 2, NULL, 0, 0.5F, c, 3);
    ck_assert(c[0] == 0.75F && c[1] == -1.0F && c[3] == 1.5F && c[4] == 2.0F);
    c[0] = NAN;
    c[4] = INFINITY;
    snug_gemm(false, false, 2, 2, 0, NULL, 0, NULL, 2, 0.0F, c, 3);
    ck_assert(c[0] == 0.0F && c[1] == 0.0F && c[3] == 0.0F && c[4] == 0.0F);
    ck_assert(c[2] == 7.0F && c[5] == 8.0F);
}
END_TEST

START_TEST(leaves_empty_matrices_alone) {
    float c[] = {NAN, 2.0F};
    float ones[] = {1.0F, 1.0F};
    snug_gemm(false, false, 0, 2, 1, NULL, 1, ones, 2, 0.0F, c, 2);
    snug_gemm(false, false, 2, 0, 1, ones, 1, NULL, 0, 0.0F, c, 1);
    ck_assert(isnan(c[0]) && c[1] == 2.0F);
}
END_TEST

Suite *gemm_suite(void) {
    Suite *suite = suite_create("gemm");
    TCase *tests = tcase_create("gemm");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, agrees_with_the_reference, 0, 4);
    tcase_add_loop_test(tests, takes_single_rows_and_columns, 0, 4);
    tcase_add_loop_test(tests, forgets_c_with_beta_zero, 0, 4);
    tcase_add_test(tests, scales_c_when_nothing_is_summed);
    tcase_add_test(tests, leaves_empty_matrices_alone);
    suite_add_tcase(suite, tests);
    return suite;
}
