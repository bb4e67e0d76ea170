/* The space of a search: reading it, draws from it, and grids. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "support/errors.h"
#include "support/suite.h"
#include "tune/space.h"

/* Reads a space that is right. */
static snug_space read_space(const char *text) {
    snug_space space;
    cJSON *json = snug_json_parse("space", text, strlen(text));
    ck_assert_msg(json != NULL && snug_space_read(&space, json) == SNUG_OK, "%s", snug_error());
    cJSON_Delete(json);
    return space;
}

static void refuse(const char *text, const char *location) {
    snug_space space;
    cJSON *json = snug_json_parse("space", text, strlen(text));
    ck_assert_msg(json != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_space_read(&space, json), SNUG_ERROR_CONFIG);
    expect_location(location);
    snug_space_clear(&space);
    cJSON_Delete(json);
}

START_TEST(refuses_wrong_spaces) {
    refuse("[]", "must be an object");
    refuse("{}", "must have at least one path");
    refuse("{\"train.epochs\": 5}", "train.epochs: must be a list");
    refuse("{\"train.epochs\": []}", "train.epochs: must have at least one value");
    refuse("{\"train.epochs\": {}}", "train.epochs: must be a list");
    refuse("{\"a.b\": {\"log_unifrom\": [1, 2]}}", "a.b: unknown distribution \"log_unifrom\"");
    refuse("{\"a.b\": {\"gamma\": [1, 2]}}", "a.b: unknown distribution \"gamma\"");
    refuse("{\"a.b\": {\"uniform\": [1, 2], \"integer\": [1, 2]}}", "a.b: has two distributions");
    refuse("{\"a.b\": {\"uniform\": [1]}}", "a.b: uniform: must be two numbers");
    refuse("{\"a.b\": {\"uniform\": [2, 2]}}", "a.b: uniform: the first number must be below");
    refuse("{\"a.b\": {\"log_uniform\": [0, 2]}}",
           "a.b: log_uniform: both numbers must be above 0");
    refuse("{\"a.b\": {\"integer\": [0.5, 2]}}", "a.b: integer: both must be whole numbers");
    refuse("{\"a.b\": {\"uniform\": [0, 2], \"points\": 1}}",
           "a.b: points: must be a whole number");
    refuse("{\"a.b.c\": [1], \"a.b\": [2]}", "a.b: would replace \"a.b.c\"");
}
END_TEST

/* Mean and variance of 20000 draws of a range, or of its logarithm. */
static void check_moments(const char *text, bool logarithmic, double mean, double variance) {
    enum { DRAWS = 20000 };
    snug_space space = read_space(text);
    const snug_dimension *d = &space.dimensions[0];
    double sum = 0, squares = 0;
    for (size_t i = 1; i <= DRAWS; i++) {
        cJSON *value = snug_dimension_value(d, snug_space_draw(7, i, 0));
        double x = value->valuedouble;
        ck_assert(x >= d->low && x <= d->high);
        ck_assert(!d->distribution->whole || x == round(x));
        x = logarithmic ? log(x) : x;
        sum += x;
        squares += x * x;
        cJSON_Delete(value);
    }
    sum /= DRAWS;
    squares = squares / DRAWS - sum * sum;
    ck_assert_msg(fabs(sum - mean) < 4 * sqrt(variance / DRAWS), "%s: mean %g", text, sum);
    ck_assert_msg(fabs(squares / variance - 1) < 0.05, "%s: variance %g", text, squares);
    snug_space_clear(&space);
}

START_TEST(draws_have_the_moments_of_their_distributions) {
    check_moments("{\"a.b\": {\"uniform\": [-1, 3]}}", false, 1, 16.0 / 12);
    check_moments("{\"a.b\": {\"uniform\": [1000, 1000.5]}}", false, 1000.25, 0.25 / 12);
    check_moments("{\"a.b\": {\"log_uniform\": [0.001, 0.1]}}", true, log(0.01),
                  pow(log(100), 2) / 12);
    check_moments("{\"a.b\": {\"integer\": [3, 7]}}", false, 5, 2);
    check_moments("{\"a.b\": {\"log_integer\": [100, 10000]}}", true, log(1000),
                  pow(log(100), 2) / 12);
}
END_TEST

/* Each value of a list, and each whole number of a range, is drawn equally often. */
START_TEST(draws_take_all_values_equally_often) {
    enum { DRAWS = 6000 };
    snug_space space = read_space("{\"a.b\": [\"x\", {\"type\": \"y\"}, null], "
                                  "\"a.c\": {\"integer\": [1, 3]}}");
    size_t counts[3] = {0}, whole[3] = {0};
    for (size_t i = 1; i <= DRAWS; i++) {
        cJSON *value = snug_dimension_value(&space.dimensions[0], snug_space_draw(1, i, 0));
        counts[cJSON_IsString(value) ? 0 : cJSON_IsObject(value) ? 1 : 2]++;
        cJSON_Delete(value);
        value = snug_dimension_value(&space.dimensions[1], snug_space_draw(1, i, 1));
        whole[(size_t)value->valuedouble - 1]++;
        cJSON_Delete(value);
    }
    for (size_t i = 0; i < 3; i++) {
        ck_assert(fabs((double)counts[i] - DRAWS / 3.0) < 4 * sqrt(DRAWS * 2.0 / 9));
        ck_assert(fabs((double)whole[i] - DRAWS / 3.0) < 4 * sqrt(DRAWS * 2.0 / 9));
    }
    snug_space_clear(&space);
}
END_TEST

/*
 * Draws of Philox4x32-10 with the key (seed) and the counter (block, 0, trial, purpose), computed
 * by an independent program, tests/tune/draws.py: they must never change, for journals hold only
 * numbers of trials.
 */
START_TEST(draws_are_those_of_other_versions) {
    static const struct {
        uint64_t seed;
        size_t trial, dimension;
        double draw;
    } golden[] = {
#include "draws.inc"
    };
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
        double draw = snug_space_draw(golden[i].seed, golden[i].trial, golden[i].dimension);
        ck_assert_msg(draw == golden[i].draw, "%zu: %.17g", i, draw);
    }
}
END_TEST

START_TEST(rounds_to_four_digits) {
    snug_space space = read_space("{\"a.b\": {\"log_uniform\": [1e-5, 1]}}");
    cJSON *value = snug_dimension_value(&space.dimensions[0], 0.5);
    ck_assert_double_eq(value->valuedouble, 0.003162);
    cJSON_Delete(value);
    snug_space_clear(&space);
}
END_TEST

/* A value's position leads back to the value. */
START_TEST(positions_are_the_inverse_of_values) {
    snug_space space = read_space("{\"a.a\": {\"uniform\": [0, 1]}, \"a.b\": {\"log_uniform\": "
                                  "[0.01, 10]}, \"a.c\": [1, \"x\", {\"units\": 3}]}");
    for (size_t i = 0; i < space.count; i++) {
        for (size_t k = 0; k < 10; k++) {
            double wanted = snug_space_draw(3, k, i), got;
            cJSON *value = snug_dimension_value(&space.dimensions[i], wanted);
            ck_assert(snug_dimension_position(&space.dimensions[i], value, &got));
            ck_assert(i == 2 ? (size_t)(3 * got) == (size_t)(3 * wanted)
                             : fabs(got - wanted) < 1e-3);
            cJSON_Delete(value);
        }
    }
    cJSON *outside = cJSON_CreateNumber(11);
    double position;
    for (size_t i = 0; i < space.count; i++) {
        ck_assert(!snug_dimension_position(&space.dimensions[i], outside, &position));
    }
    cJSON_Delete(outside);
    snug_space_clear(&space);
}
END_TEST

START_TEST(grids_have_all_combinations) {
    snug_space space = read_space("{\"a.a\": [\"x\", \"y\"], \"a.b\": {\"log_uniform\": [0.01, 1], "
                                  "\"points\": 3}, \"a.c\": {\"integer\": [1, 4], \"points\": 2}}");
    static const double b[] = {0.01, 0.1, 1}, c[] = {1, 4};
    size_t count;
    ck_assert_int_eq(snug_space_grid_count(&space, &count), SNUG_OK);
    ck_assert_uint_eq(count, 12);
    for (size_t i = 0; i < count; i++) {
        cJSON *values[3];
        for (size_t k = 0; k < 3; k++) {
            values[k] = snug_space_grid_value(&space, i, k);
        }
        ck_assert_str_eq(values[0]->valuestring, i / 6 == 0 ? "x" : "y");
        ck_assert_double_eq(values[1]->valuedouble, b[i / 2 % 3]);
        ck_assert_double_eq(values[2]->valuedouble, c[i % 2]);
        for (size_t k = 0; k < 3; k++) {
            cJSON_Delete(values[k]);
        }
    }
    snug_space_clear(&space);
    space = read_space("{\"a.a\": {\"uniform\": [0, 1]}}");
    ck_assert_int_eq(snug_space_grid_count(&space, &count), SNUG_ERROR_CONFIG);
    expect_location("a.a: a grid needs a list of values");
    snug_space_clear(&space);
    space = read_space("{\"a.a\": {\"uniform\": [0, 1], \"points\": 1000}, \"a.b\": {\"uniform\": "
                       "[0, 1], \"points\": 1000}, \"a.c\": [1, 2]}");
    ck_assert_int_eq(snug_space_grid_count(&space, &count), SNUG_ERROR_CONFIG);
    expect_location("the grid has more than");
    snug_space_clear(&space);
}
END_TEST

static Suite *space(void) {
    Suite *suite = suite_create("space");
    TCase *tests = tcase_create("space");
    tcase_add_test(tests, refuses_wrong_spaces);
    tcase_add_test(tests, draws_take_all_values_equally_often);
    tcase_add_test(tests, draws_are_those_of_other_versions);
    tcase_add_test(tests, rounds_to_four_digits);
    tcase_add_test(tests, positions_are_the_inverse_of_values);
    tcase_add_test(tests, grids_have_all_combinations);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many draws");
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, draws_have_the_moments_of_their_distributions);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(space)
