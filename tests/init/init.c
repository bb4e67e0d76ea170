/* Every initializer: its variance, the shape of its distribution, and that it repeats. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "kinds/fields.h"
#include "support/errors.h"
#include "support/fields.h"
#include "support/set_field.h"
#include "support/suite.h"

/* Far from square, and with a ragged last vector. */
enum { FAN_IN = 211, FAN_OUT = 83, COUNT = FAN_IN * FAN_OUT };

static snug_object *init_of(const char *spec) {
    snug_object *init = snug_object_parse(SNUG_GROUP_INIT, spec);
    ck_assert_msg(init != NULL, "%s", snug_error());
    return init;
}

static const snug_init_kind *kind_of(const snug_object *init) {
    return (const snug_init_kind *)(const void *)init->kind;
}

static double variance_of(const snug_object *init, size_t fan_in, size_t fan_out) {
    return kind_of(init)->variance(init->config, fan_in, fan_out);
}

static void fill_matrix(const snug_object *init, const snug_random *stream, size_t rows,
                        size_t columns, float *w) {
    kind_of(init)->fill(init->config, stream, rows, columns, rows, columns, w);
}

static float *fill(const snug_object *init, uint64_t seed, uint32_t purpose) {
    const snug_random stream = {.seed = seed, .purpose = purpose};
    float *w = malloc(COUNT * sizeof *w);
    ck_assert_ptr_nonnull(w);
    fill_matrix(init, &stream, FAN_IN, FAN_OUT, w);
    return w;
}

/* The mean of (w - centre)^power. */
static double moment(const float *w, double centre, double power) {
    double sum = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        sum += pow((double)w[i] - centre, power);
    }
    return sum / COUNT;
}

/* The kurtosis of normal numbers that are cut at two deviations (Monte Carlo and quadrature). */
#define CUT 2.3655

static const struct {
    const char *spec;
    double mean, variance, kurtosis;
} expected[] = {
    {"lecun_normal", 0.0, 1.0 / FAN_IN, 3.0},
    {"auto", 0.0, 1.0 / FAN_IN, 3.0}, /* before the division by the inputs */
    {"lecun_uniform", 0.0, 1.0 / FAN_IN, 1.8},
    {"he_normal", 0.0, 2.0 / FAN_IN, 3.0},
    {"he_uniform", 0.0, 2.0 / FAN_IN, 1.8},
    {"glorot_normal", 0.0, 2.0 / (FAN_IN + FAN_OUT), 3.0},
    {"glorot_uniform", 0.0, 2.0 / (FAN_IN + FAN_OUT), 1.8},
    {"{\"type\": \"lecun_normal\", \"truncated\": true}", 0.0, 1.0 / FAN_IN, CUT},
    {"{\"type\": \"he_normal\", \"truncated\": true, \"gain\": 3}", 0.0, 18.0 / FAN_IN, CUT},
    {"{\"type\": \"glorot_normal\", \"truncated\": true}", 0.0, 2.0 / (FAN_IN + FAN_OUT), CUT},
    {"{\"type\": \"lecun_normal\", \"gain\": 0.5}", 0.0, 0.25 / FAN_IN, 3.0},
    {"{\"type\": \"glorot_uniform\", \"gain\": 3}", 0.0, 18.0 / (FAN_IN + FAN_OUT), 1.8},
    {"normal", 0.0, 0.0025, 3.0},
    {"{\"type\": \"normal\", \"mean\": 0.5, \"std\": 0.3, \"gain\": 2}", 1.0, 0.36, 3.0},
    {"{\"type\": \"truncated_normal\", \"mean\": -0.5, \"std\": 0.3, \"gain\": 2}", -1.0,
     0.36 * 0.77374130354999235, CUT},
    {"uniform", 0.0, 0.01 / 12.0, 1.8},
    {"{\"type\": \"uniform\", \"min\": 1, \"max\": 4, \"gain\": 2}", 5.0, 3.0, 1.8},
    {"orthogonal", 0.0, 1.0 / FAN_IN, 3.0},
};

enum { EXPECTED = sizeof expected / sizeof *expected };

START_TEST(has_its_moments) {
    double mean = expected[_i].mean, variance = expected[_i].variance;
    snug_object *init = init_of(expected[_i].spec);
    float *w = fill(init, 17, 5);
    ck_assert_double_eq_tol(variance_of(init, FAN_IN, FAN_OUT), variance, 1e-9 * variance);
    /* Four standard errors: a mean's is sqrt(variance / n), a variance's sqrt(2 / n) of it. */
    ck_assert_double_le(fabs(moment(w, mean, 1.0)), 4.0 * sqrt(variance / COUNT));
    ck_assert_double_eq_tol(moment(w, mean, 2.0) / variance, 1.0, 4.0 * sqrt(2.0 / COUNT));
    ck_assert_double_eq_tol(moment(w, mean, 4.0) / (variance * variance), expected[_i].kurtosis,
                            0.25);
    free(w);
    snug_object_free(init);
}
END_TEST

/*
 * Uniform weights, and normal ones which are cut at 2 deviations: their ends, and nothing beyond.
 */
static const struct {
    const char *spec;
    double least, most;
} limits[] = {
    {"lecun_uniform", -0.11924038401126, 0.11924038401126}, /* sqrt(3 / 211) */
    {"he_uniform", -0.16863136821893, 0.16863136821893},
    {"glorot_uniform", -0.14285714285714, 0.14285714285714}, /* sqrt(6 / 294) */
    {"{\"type\": \"uniform\", \"min\": -1, \"max\": 4, \"gain\": 2}", -2.0, 8.0},
    {"truncated_normal", -0.1, 0.1},
    {"{\"type\": \"truncated_normal\", \"mean\": 1, \"std\": 0.25}", 0.5, 1.5},
    /* 2 / sqrt(211) / 0.8796 */
    {"{\"type\": \"lecun_normal\", \"truncated\": true}", -0.15652838, 0.15652838},
};

START_TEST(keeps_weights_inside_their_limits) {
    double least = limits[_i].least, most = limits[_i].most, width = most - least;
    snug_object *init = init_of(limits[_i].spec);
    float *w = fill(init, 3, 1);
    double low = (double)INFINITY, high = -low;
    for (size_t i = 0; i < COUNT; i++) {
        low = (double)w[i] < low ? (double)w[i] : low;
        high = (double)w[i] > high ? (double)w[i] : high;
    }
    ck_assert(low > least - 1e-7 && low < least + 0.001 * width);
    ck_assert(high < most + 1e-7 && high > most - 0.001 * width);
    free(w);
    snug_object_free(init);
}
END_TEST

/* A kind walks the same stream whatever the size: weight i is the stream's number i. */
START_TEST(gives_number_i_to_weight_i) {
    const snug_random stream = {.seed = 42, .purpose = 9};
    snug_object *init = init_of("he_normal");
    float normal[12], w[12];
    snug_random_normal(&stream, 0, 12, normal);
    fill_matrix(init, &stream, 4, 3, w);
    for (size_t i = 0; i < 12; i++) {
        ck_assert(w[i] == (float)(sqrt(0.5) * (double)normal[i]));
    }
    snug_object_free(init);
}
END_TEST

START_TEST(draws_again_what_is_cut) {
    const snug_random stream = {.seed = 42, .purpose = 9};
    snug_object *init = init_of("{\"type\": \"truncated_normal\", \"std\": 1}");
    float normal[4 * 300], w[300];
    size_t again = 0;
    snug_random_normal(&stream, 0, 4 * 300, normal);
    fill_matrix(init, &stream, 20, 15, w);
    for (size_t i = 0; i < 300; i++) {
        size_t from = i;
        while (fabsf(normal[from]) > 2.0F) {
            from += 300;
        }
        again += from > i;
        ck_assert(w[i] == normal[from]);
    }
    ck_assert_uint_ge(again, 3);
    snug_object_free(init);
}
END_TEST

/* ---- orthogonal ------------------------------------------------------------------------------ */

static const struct {
    size_t rows, columns;
} shapes[] = {{1, 1}, {5, 5}, {7, 3}, {3, 7}, {1, 9}, {9, 1}, {200, 131}, {131, 200}, {140, 140}};

/* The product of vectors a and b of the shorter side. */
static double product(const float *w, size_t rows, size_t columns, size_t a, size_t b) {
    bool wide = rows <= columns;
    size_t length = wide ? columns : rows, stride = wide ? 1 : columns, first = wide ? columns : 1;
    double sum = 0.0;
    for (size_t i = 0; i < length; i++) {
        sum += (double)w[a * first + i * stride] * (double)w[b * first + i * stride];
    }
    return sum;
}

START_TEST(orthogonal_is_orthonormal) {
    const snug_random stream = {.seed = 7, .purpose = 2};
    size_t rows = shapes[_i].rows, columns = shapes[_i].columns;
    size_t vectors = rows < columns ? rows : columns, longer = rows < columns ? columns : rows;
    snug_object *init = init_of("{\"type\": \"orthogonal\", \"gain\": 1.5}");
    float *w = malloc(rows * columns * sizeof *w);
    ck_assert_ptr_nonnull(w);
    fill_matrix(init, &stream, rows, columns, w);
    for (size_t a = 0; a < vectors; a++) {
        for (size_t b = 0; b <= a; b++) {
            ck_assert_double_eq_tol(product(w, rows, columns, a, b), a == b ? 2.25 : 0.0, 1e-6);
        }
    }
    ck_assert_double_eq_tol(variance_of(init, rows, columns), 2.25 / (double)longer, 1e-15);
    free(w);
    snug_object_free(init);
}
END_TEST

/* The first vector keeps the direction of its normal numbers: no sign is preferred. */
START_TEST(orthogonal_prefers_no_sign) {
    size_t positive = 0;
    snug_object *init = init_of("orthogonal");
    for (uint64_t seed = 0; seed < 200; seed++) {
        const snug_random stream = {.seed = seed};
        float w[6];
        fill_matrix(init, &stream, 3, 2, w);
        positive += w[0] > 0.0F;
        positive += w[3] > 0.0F;
    }
    ck_assert(positive > 150 && positive < 250);
    snug_object_free(init);
}
END_TEST

/* ---- every kind ------------------------------------------------------------------------------ */

static void check_same(const char *spec, float value) {
    snug_object *init = init_of(spec);
    float *w = fill(init, 1, 1);
    ck_assert(variance_of(init, 3, 4) == 0.0);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert(w[i] == value && !signbit(w[i]));
    }
    free(w);
    snug_object_free(init);
}

START_TEST(the_same_for_every_weight) {
    check_same("zeros", 0.0F);
    check_same("constant", 0.0F);
    check_same("{\"type\": \"constant\", \"value\": 0.75, \"gain\": 3}", 2.25F);
}
END_TEST

/* Whether the weights of that seed and purpose are those, as they have to be or not. */
static void compare(const snug_object *init, uint64_t seed, uint32_t purpose, const float *w,
                    bool same) {
    float *other = fill(init, seed, purpose);
    ck_assert_msg((memcmp(w, other, COUNT * sizeof *w) == 0) == same, "%s", init->kind->name);
    free(other);
}

START_TEST(every_kind_repeats_and_is_finite) {
    size_t count = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_INIT, count)) != NULL; count++) {
        snug_object *init = init_of(kind->name);
        bool random = variance_of(init, FAN_IN, FAN_OUT) > 0.0;
        float *w = fill(init, 17, 5);
        compare(init, 17, 5, w, true);
        compare(init, 18, 5, w, !random);
        compare(init, 17, 6, w, !random);
        ck_assert_msg(isfinite(moment(w, 0.0, 2.0)), "%s", kind->name);
        free(w);
        snug_object_free(init);
    }
    ck_assert_uint_eq(count, built_in_count(SNUG_GROUP_INIT));
}
END_TEST

/* A gain scales every weight, and its square the variance. */
START_TEST(every_gain_scales) {
    size_t gains = 0;
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_INIT, i)) != NULL; i++) {
        if (snug_fields_find(kind->fields, "gain") == NULL) {
            continue;
        }
        snug_object *init = init_of(kind->name);
        float *w = fill(init, 17, 5);
        double variance = variance_of(init, FAN_IN, FAN_OUT);
        ck_assert(set_field(init, "gain", 2.0) == SNUG_OK);
        float *scaled = fill(init, 17, 5);
        for (size_t k = 0; k < COUNT; k++) {
            ck_assert_msg(scaled[k] == 2.0F * w[k], "%s", kind->name);
        }
        ck_assert_double_eq_tol(variance_of(init, FAN_IN, FAN_OUT), 4.0 * variance, 1e-15);
        free(w);
        free(scaled);
        snug_object_free(init);
        gains++;
    }
    ck_assert_uint_ge(gains, built_in_count(SNUG_GROUP_INIT) - 1); /* zeros stay zeros */
}
END_TEST

START_TEST(every_kind_keeps_its_fields) {
    check_fields_of(SNUG_GROUP_INIT);
}
END_TEST

static const struct {
    const char *spec, *location;
} wrong[] = {
    {"{\"type\": \"uniform\", \"min\": 0.25}", "min must be below"},
    {"{\"type\": \"uniform\", \"max\": -0.05}", "min must be below"},
    {"{\"type\": \"normal\", \"std\": -0.5}", "std:"},
    {"{\"type\": \"orthogonal\", \"gain\": -1}", "gain:"},
};

START_TEST(says_what_is_wrong) {
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_INIT, wrong[_i].spec));
    expect_location(wrong[_i].location);
}
END_TEST

static Suite *init_suite(void) {
    Suite *suite = suite_create("init");
    TCase *tests = tcase_create("init");
    tcase_add_loop_test(tests, has_its_moments, 0, EXPECTED);
    tcase_add_loop_test(tests, keeps_weights_inside_their_limits, 0,
                        sizeof limits / sizeof *limits);
    tcase_add_test(tests, gives_number_i_to_weight_i);
    tcase_add_test(tests, draws_again_what_is_cut);
    tcase_add_loop_test(tests, orthogonal_is_orthonormal, 0, sizeof shapes / sizeof *shapes);
    tcase_add_test(tests, orthogonal_prefers_no_sign);
    tcase_add_test(tests, the_same_for_every_weight);
    tcase_add_test(tests, every_kind_repeats_and_is_finite);
    tcase_add_test(tests, every_gain_scales);
    tcase_add_test(tests, every_kind_keeps_its_fields);
    tcase_add_loop_test(tests, says_what_is_wrong, 0, sizeof wrong / sizeof *wrong);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(init_suite)
