/* Kernels of vectors, rows and products: the same bits, however the work is cut up. */
#include "layers/dropout.h"
#include "math/gemm_driver.h"
#include "math/penalty.h"
#include "math/reduce.h"
#include "math/vector.h"
#include "support/bits.h"
#include "support/suite.h"

/* ---- vectors --------------------------------------------------------------------------------- */

static float a[BITS_FLOATS], b[BITS_FLOATS];
static double totals[BITS_ITEMS];

static void run_vectors(const void *user, size_t first, size_t count, float *const *results) {
    const snug_random stream = {.seed = 3, .purpose = 5, .step = 7};
    const size_t bytes = count * sizeof(float);
    float *to[BITS_RESULTS];
    (void)user;
    for (size_t k = 0; k < BITS_RESULTS; k++) {
        to[k] = results[k] + first;
        memcpy(to[k], b + first, bytes);
    }
    snug_scale(count, 0.3F, to[0]);
    snug_clamp(count, 0.7F, to[1]);
    snug_lerp(count, 0.13F, a + first, to[2]);
    snug_penalty_gradient(count, 0.01, 0.37, 1.3, a + first, to[3]);
    snug_vector_add(count, a + first, to[4]);
    snug_add_totals(count, totals + first, to[4]);
    snug_dropout_mask(&stream, 0.4, first, count, to[5]);
    snug_dropout_apply(count, to[5], a + first, -1.7F, 1.3F, 0.21F, to[6]);
    snug_dropout_backward(count, to[5], a + first, 1.3F, to[7]);
}

START_TEST(vectors_and_masks) {
    for (uint32_t seed = 0; seed < 4; seed++) {
        bits_numbers(BITS_ITEMS, seed, a);
        bits_numbers(BITS_ITEMS, seed + 100, b);
        for (size_t i = 0; i < BITS_ITEMS; i++) {
            totals[i] = 1.0 / (double)(i + 3);
        }
        check_bits(&(bits_job){.name = "vectors",
                               .run = run_vectors,
                               .results = 8,
                               .widths = {1, 1, 1, 1, 1, 1, 1, 1}});
    }
}
END_TEST

static void run_random(const void *user, size_t first, size_t count, float *const *results) {
    const snug_random stream = {.seed = 11, .purpose = 2, .step = 1};
    (void)user;
    snug_random_uniform(&stream, first, count, results[0] + first);
    snug_random_normal(&stream, first, count, results[1] + first);
}

START_TEST(random_numbers) {
    check_bits(&(bits_job){.name = "random", .run = run_random, .results = 2, .widths = {1, 1}});
}
END_TEST

/* Sums in double of a vector are the same wherever it is in memory. */
START_TEST(norms_and_penalties_at_any_place) {
    static float moved[BITS_ITEMS + BITS_OFFSETS];
    bits_finite_numbers(BITS_ITEMS, 9, a);
    snug_cpu_force((snug_cpu)_i);
    for (size_t n = 0; n < BITS_ITEMS; n++) {
        const double norm = snug_norm(n, a), penalty = snug_penalty_value(n, 0.3, 0.7, a);
        for (size_t offset = 0; offset < BITS_OFFSETS; offset++) {
            memcpy(moved + offset, a, n * sizeof *moved);
            ck_assert(snug_norm(n, moved + offset) == norm);
            ck_assert(snug_penalty_value(n, 0.3, 0.7, moved + offset) == penalty);
        }
    }
}
END_TEST

/* ---- columns --------------------------------------------------------------------------------- */

enum { FEW_ROWS = 9 };

/* Columns first to first + count - 1 of a, as a matrix of their own. */
static void take_columns(size_t first, size_t count, float *narrow) {
    for (size_t i = 0; i < FEW_ROWS; i++) {
        memcpy(narrow + i * count, a + i * BITS_ITEMS + first, count * sizeof *narrow);
    }
}

static void run_columns(const void *user, size_t first, size_t count, float *const *results) {
    static float narrow[FEW_ROWS * BITS_ITEMS];
    (void)user;
    take_columns(first, count, narrow);
    snug_sum_rows(FEW_ROWS, count, narrow, false, results[0] + first);
    snug_add_to_rows(FEW_ROWS, count, b + first, narrow, count);
    snug_limit_columns(FEW_ROWS, count, 1.3, narrow);
    for (size_t j = 0; j < count; j++) {
        for (size_t i = 0; i < FEW_ROWS; i++) {
            results[1][(first + j) * FEW_ROWS + i] = narrow[i * count + j];
        }
    }
}

START_TEST(columns_of_a_matrix) {
    bits_numbers(FEW_ROWS * BITS_ITEMS, 21, a);
    bits_numbers(BITS_ITEMS, 22, b);
    check_bits(
        &(bits_job){.name = "columns", .run = run_columns, .results = 2, .widths = {1, FEW_ROWS}});
}
END_TEST

/* ---- products -------------------------------------------------------------------------------- */

typedef struct shape {
    bool transpose_a, transpose_b, add;
    size_t n, k;
} shape;

/* Rows first to first + count - 1 of C. */
static void run_product(const void *user, size_t first, size_t count, float *const *results) {
    const shape *s = user;
    float *c = results[0] + first * s->n;
    for (size_t i = 0; i < count * s->n; i++) {
        c[i] = 0.125F;
    }
    snug_gemm_tiled(&(snug_product){.transpose_a = s->transpose_a,
                                    .transpose_b = s->transpose_b,
                                    .add = s->add,
                                    .m = count,
                                    .n = s->n,
                                    .k = s->k,
                                    .a = a + (s->transpose_a ? first : first * s->k),
                                    .lda = s->transpose_a ? BITS_ITEMS : s->k,
                                    .b = b,
                                    .ldb = s->transpose_b ? s->k : s->n,
                                    .bias = s->transpose_a ? NULL : b,
                                    .c = c,
                                    .ldc = s->n});
}

START_TEST(rows_of_a_product) {
    static const size_t widths[] = {1, 2, 5, 8, 15, 16, 17, 33, 47, 64}, depths[] = {1, 3, 16, 41};
    bits_finite_numbers(BITS_FLOATS, 31, a);
    bits_finite_numbers(BITS_FLOATS, 32, b);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        for (size_t j = 0; j < sizeof depths / sizeof *depths; j++) {
            const shape s = {(_i & 1) != 0, (_i & 2) != 0, (_i & 4) != 0, widths[i], depths[j]};
            check_bits(&(bits_job){
                .name = "product", .user = &s, .run = run_product, .results = 1, .widths = {s.n}});
        }
    }
}
END_TEST

static Suite *bits_suite(void) {
    TCase *tests;
    Suite *suite = bits_suite_of(&tests);
    tcase_add_test(tests, vectors_and_masks);
    tcase_add_test(tests, random_numbers);
    tcase_add_loop_test(tests, norms_and_penalties_at_any_place, 0, SNUG_CPU_COUNT);
    tcase_add_test(tests, columns_of_a_matrix);
    tcase_add_loop_test(tests, rows_of_a_product, 0, 8);
    return suite;
}

REGISTER_SUITE(bits_suite)
