/* Activations as functions in double, and their moments of Gaussian numbers. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "activations/scalar_function.h"
#include "core/memory.h"
#include "files/file.h"
#include "support.h"
#include "support/registry.h"
#include "support/suite.h"

/* Calls a check for each activation. */
static void for_each_kind(void (*check)(const snug_activation_kind *kind, const void *config)) {
    size_t count = 0;
    for (; snug_builtin_kinds(SNUG_GROUP_ACTIVATION)[count] != NULL; count++) {
        snug_object *object = activation_of_kind(snug_builtin_kinds(SNUG_GROUP_ACTIVATION)[count]);
        check(activation_kind(object), snug_object_config(object));
        snug_object_free(object);
    }
    ck_assert_uint_eq(count, built_in_count(SNUG_GROUP_ACTIVATION));
}

/* ---- agreement with the functions in float --------------------------------------------------- */

static void check_agreement(const snug_activation_kind *kind, const void *config) {
    snug_activation_function f;
    snug_activation_function_init(&f, kind, config);
    ck_assert_msg((kind->exact != NULL) == snug_activation_is_elementwise(kind),
                  "%s has no function in double", kind->base.name);
    for (int i = -400; i <= 400 && kind->exact != NULL; i++) {
        float x = 0.0631F * (float)i, y, slope;
        kind->forward(config, 1, 1, &x, &y);
        kind->derivative(config, 1, &x, &slope);
        double exact = f.function.value(&f, (double)x);
        double derivative = f.function.derivative(&f, (double)x);
        ck_assert_msg(fabs(exact - (double)y) <= 1e-6 * fmax(1.0, fabs(exact)),
                      "%s at %g: %.10g, not %.10g", kind->base.name, (double)x, exact, (double)y);
        ck_assert_msg(fabs(derivative - (double)slope) <= 1e-6 * fmax(1.0, fabs(derivative)),
                      "slope of %s at %g: %.10g, not %.10g", kind->base.name, (double)x, derivative,
                      (double)slope);
    }
}

START_TEST(functions_in_double_agree_with_those_in_float) {
    for_each_kind(check_agreement);
}
END_TEST

static void check_kinks(const snug_activation_kind *kind, const void *config) {
    snug_activation_function f;
    snug_activation_function_init(&f, kind, config);
    ck_assert_uint_le(f.function.kink_count, SNUG_KINKS_MAX);
    for (size_t i = 0; i + 1 < f.function.kink_count; i++) {
        ck_assert_double_lt(f.kinks[i], f.kinks[i + 1]);
    }
}

START_TEST(kinks_ascend) {
    for_each_kind(check_kinks);
}
END_TEST

/* ---- golden moments -------------------------------------------------------------------------- */

static cJSON *read_json(const char *path) {
    size_t size = 0;
    char *string = snug_file_read(path, &size);
    ck_assert_ptr_nonnull(string);
    cJSON *json = cJSON_ParseWithLength(string, size);
    ck_assert_ptr_nonnull(json);
    snug_release(string);
    return json;
}

static const cJSON *get(const cJSON *object, const char *key) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(member != NULL, "no \"%s\"", key);
    return member;
}

static double number(const cJSON *array, int index) {
    const cJSON *item = cJSON_GetArrayItem(array, index);
    return cJSON_IsString(item) ? strtod(item->valuestring, NULL) : item->valuedouble;
}

static void expect_near(const cJSON *row, const char *what, double got, double expected,
                        double tolerance) {
    if (!(fabs(got - expected) <= tolerance)) {
        ck_abort_msg("%s: %s is %.17g, not %.17g", cJSON_PrintUnformatted(row), what, got,
                     expected);
    }
}

/* Numbers of a row: mean, variance, E f', E f'^2, each to `digits` of its scale. */
static void check_moments(const cJSON *row, const snug_scalar_function *f, double digits) {
    const cJSON *input = get(row, "input"), *moments = get(row, "moments");
    snug_gaussian_moments y = snug_theory_moments(f, number(input, 0), number(input, 1));
    double mean = number(moments, 0), variance = number(moments, 1);
    double squared_slope = number(moments, 3);
    expect_near(row, "mean", y.mean, mean, digits * fmax(fabs(mean), sqrt(variance)));
    expect_near(row, "variance", y.variance, variance, digits * variance);
    expect_near(row, "second moment", y.second_moment, variance + mean * mean,
                digits * (variance + mean * mean));
    expect_near(row, "slope", y.slope, number(moments, 2), digits * sqrt(squared_slope));
    expect_near(row, "squared slope", y.squared_slope, squared_slope, digits * squared_slope);
}

/* A row's activation: by its own functions, without its kinks, and by those in float alone. */
static void check_row(const cJSON *row) {
    const cJSON *json = get(row, "activation");
    snug_object *object = snug_object_read(SNUG_GROUP_ACTIVATION, json, "activation");
    ck_assert_msg(object != NULL, "%s", snug_error());
    snug_activation_kind kind = *activation_kind(object);
    const void *config = snug_object_config(object);
    snug_activation_function f;
    snug_activation_function_init(&f, &kind, config);
    check_moments(row, &f.function, 1e-12);
    /* Squares that floats cannot hold. */
    if (number(get(row, "moments"), 1) > (double)FLT_MAX) {
        snug_object_free(object);
        return;
    }
    kind.exact = kind.exact_derivative = NULL;
    snug_activation_function_init(&f, &kind, config);
    check_moments(row, &f.function, 1e-6);
    kind.kinks = NULL;
    snug_activation_function_init(&f, &kind, config);
    check_moments(row, &f.function, 1e-6);
    snug_object_free(object);
}

START_TEST(moments_are_those_of_an_independent_quadrature) {
    cJSON *json = read_json(SNUG_TEST_DIR "/vectors/moments.json");
    const cJSON *row = NULL;
    int count = 0;
    cJSON_ArrayForEach(row, get(json, "rows")) {
        check_row(row);
        count++;
    }
    ck_assert_int_ge(count, 100);
    cJSON_Delete(json);
}
END_TEST

static Suite *scalar_function_suite(void) {
    Suite *suite = suite_create("scalar_function");
    TCase *tests = tcase_create("double");
    tcase_add_test(tests, functions_in_double_agree_with_those_in_float);
    tcase_add_test(tests, kinks_ascend);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many nodes");
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, moments_are_those_of_an_independent_quadrature);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(scalar_function_suite)
