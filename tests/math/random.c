#include <math.h>
#include <stdlib.h>

#include "math/random.h"
#include "support/suite.h"

/* Published values that come with Random123 (kat_vectors, philox4x32 of 10 rounds). */
static const struct {
    uint32_t counter[4], key[2], expected[4];
} published[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

START_TEST(philox_gives_published_numbers) {
    uint32_t out[4];
    snug_philox(published[_i].counter, published[_i].key, out);
    for (int i = 0; i < 4; i++) {
        ck_assert_uint_eq(out[i], published[_i].expected[i]);
    }
}
END_TEST

/* How a stream is stored in the counter and the key: the third published value as a stream. */
START_TEST(layout_of_a_stream) {
    const snug_random stream = {
        .seed = 0x299f31d0a4093822, .purpose = 0x03707344, .step = 0x13198a2e};
    const uint64_t block = 0x85a308d3243f6a88;
    /* Numbers are counted modulo 2^64, so that block has the number block * 4 modulo 2^64. */
    const uint32_t counter[4] = {0x243f6a88, 0x05a308d3, 0x13198a2e, 0x03707344};
    const uint32_t key[2] = {0xa4093822, 0x299f31d0};
    uint32_t expected[4];
    snug_philox(counter, key, expected);
    const uint64_t first = (block & 0x3fffffffffffffff) * 4;
    for (uint64_t i = 0; i < 4; i++) {
        ck_assert_uint_eq(snug_random_bits(&stream, first + i), expected[i]);
    }
}
END_TEST

START_TEST(any_part_of_a_stream_is_the_same) {
    enum { N = 103 };
    const snug_random stream = {.seed = 42, .purpose = 7, .step = 3};
    float whole[N], part[N];
    void (*const fill[])(const snug_random *, uint64_t, size_t, float *) = {snug_random_uniform,
                                                                            snug_random_normal};
    for (int f = 0; f < 2; f++) {
        fill[f](&stream, 0, N, whole);
        for (size_t first = 0; first < 9; first++) {
            for (size_t n = 0; n + first <= N; n += 11) {
                fill[f](&stream, first, n, part);
                for (size_t i = 0; i < n; i++) {
                    ck_assert(part[i] == whole[first + i]);
                }
            }
        }
    }
}
END_TEST

START_TEST(uniform_is_made_of_the_bits) {
    const snug_random stream = {.seed = 5, .purpose = 1};
    float numbers[11];
    snug_random_uniform(&stream, 2, 11, numbers);
    for (uint64_t i = 0; i < 11; i++) {
        double expected = (snug_random_bits(&stream, 2 + i) >> 8) / 16777216.0;
        ck_assert(numbers[i] == (float)expected);
    }
}
END_TEST

START_TEST(streams_differ) {
    const snug_random streams[] = {{.seed = 1},
                                   {.seed = 2},
                                   {.seed = 1, .purpose = 1},
                                   {.seed = 1, .step = 1},
                                   {.seed = (uint64_t)1 << 32 | 1}};
    for (int a = 0; a < 5; a++) {
        for (int b = 0; b < a; b++) {
            ck_assert_uint_ne(snug_random_bits(&streams[a], 0), snug_random_bits(&streams[b], 0));
        }
    }
}
END_TEST

/* The first four moments about 0, over n numbers. */
static void moments(const float *numbers, size_t n, double m[5]) {
    for (int k = 1; k <= 4; k++) {
        m[k] = 0;
        for (size_t i = 0; i < n; i++) {
            m[k] += pow(numbers[i], k) / (double)n;
        }
    }
}

/* Tolerances are five standard errors of the moments of n independent numbers. */
START_TEST(numbers_have_their_moments) {
    enum { N = 400000 };
    const snug_random stream = {.seed = 20240607, .purpose = 3, .step = 1};
    float *numbers = malloc(N * sizeof *numbers);
    double m[5], unit = 5 / sqrt(N);
    snug_random_normal(&stream, 0, N, numbers);
    moments(numbers, N, m);
    ck_assert_double_eq_tol(m[1], 0, unit);
    ck_assert_double_eq_tol(m[2], 1, unit * sqrt(2));
    ck_assert_double_eq_tol(m[3], 0, unit * sqrt(15));
    ck_assert_double_eq_tol(m[4], 3, unit * sqrt(96));
    snug_random_uniform(&stream, 0, N, numbers);
    moments(numbers, N, m);
    for (int k = 1; k <= 4; k++) {
        ck_assert_double_eq_tol(m[k], 1.0 / (k + 1),
                                unit * sqrt(1.0 / (2 * k + 1) - 1.0 / ((k + 1) * (k + 1))));
    }
    for (size_t i = 0; i < N; i++) {
        ck_assert(numbers[i] >= 0 && numbers[i] < 1);
    }
    free(numbers);
}
END_TEST

/* Neighbours, also those of one Box-Muller pair, are uncorrelated. */
START_TEST(neighbours_are_independent) {
    enum { N = 200000 };
    const snug_random stream = {.seed = 9, .purpose = 2};
    float *numbers = malloc(N * sizeof *numbers);
    snug_random_normal(&stream, 0, N, numbers);
    for (size_t lag = 1; lag <= 4; lag++) {
        double sum = 0;
        for (size_t i = lag; i < N; i++) {
            sum += (double)numbers[i] * numbers[i - lag];
        }
        ck_assert_double_eq_tol(sum / N, 0, 5 / sqrt(N));
    }
    free(numbers);
}
END_TEST

START_TEST(shuffle_is_a_permutation) {
    enum { N = 1000 };
    size_t order[N], again[N], fixed = 0;
    bool seen[N] = {false};
    const snug_random stream = {.seed = 4, .purpose = SNUG_PURPOSE_SHUFFLE, .step = 2};
    for (size_t i = 0; i < N; i++) {
        order[i] = again[i] = i;
    }
    snug_random_shuffle(&stream, N, order);
    snug_random_shuffle(&stream, N, again);
    for (size_t i = 0; i < N; i++) {
        ck_assert_uint_eq(order[i], again[i]);
        ck_assert_uint_lt(order[i], N);
        ck_assert(!seen[order[i]]);
        seen[order[i]] = true;
        fixed += order[i] == i;
    }
    ck_assert_uint_lt(fixed, 8); /* one is expected */
    snug_random_shuffle(&stream, 0, NULL);
    snug_random_shuffle(&stream, 1, order);
}
END_TEST

/* Each of the 6 orders of 3 comes equally often. */
START_TEST(shuffle_is_fair) {
    enum { RUNS = 60000 };
    int counts[27] = {0}, orders = 0;
    for (uint32_t run = 0; run < RUNS; run++) {
        size_t order[3] = {0, 1, 2};
        snug_random_shuffle(&(snug_random){.seed = 11, .step = run}, 3, order);
        counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    for (int i = 0; i < 27; i++) {
        orders += counts[i] > 0;
        if (counts[i] > 0) {
            ck_assert_int_lt(abs(counts[i] - RUNS / 6), 5 * 92); /* sqrt(n p (1 - p)) = 91.3 */
        }
    }
    ck_assert_int_eq(orders, 6);
}
END_TEST

static Suite *random_suite(void) {
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");
    tcase_add_loop_test(tests, philox_gives_published_numbers, 0, 3);
    tcase_add_test(tests, layout_of_a_stream);
    tcase_add_test(tests, any_part_of_a_stream_is_the_same);
    tcase_add_test(tests, uniform_is_made_of_the_bits);
    tcase_add_test(tests, streams_differ);
    tcase_add_test(tests, neighbours_are_independent);
    tcase_add_test(tests, shuffle_is_a_permutation);
    tcase_add_test(tests, shuffle_is_fair);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many numbers");
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, numbers_have_their_moments);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(random_suite)
