/*
 * Activations made self-normalizing: selu with "epsilon", serlu, standardized and
 * gaussian_poincare, against golden values with 25 digits (tests/vectors/theory.json).
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "activations/scalar_function.h"
#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "json/json_print.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

/* ---- golden values --------------------------------------------------------------------------- */

static cJSON *read_vectors(void) {
    size_t size = 0;
    char *string = snug_file_read(SNUG_TEST_DIR "/vectors/theory.json", &size);
    ck_assert_ptr_nonnull(string);
    cJSON *json = cJSON_ParseWithLength(string, size);
    ck_assert_ptr_nonnull(json);
    snug_release(string);
    return json;
}

static const cJSON *get(const cJSON *object, const char *key) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(member != NULL, "the vectors lack \"%s\"", key);
    return member;
}

/* A number that is written as a string of many digits. */
static double digits_of(const cJSON *object, const char *key) {
    return strtod(get(object, key)->valuestring, NULL);
}

static void expect_near(const char *spec, const char *what, double got, double expected,
                        double tolerance) {
    ck_assert_msg(fabs(got - expected) <= tolerance, "%s: %s is %.17g, not %.17g", spec, what, got,
                  expected);
}

/* ---- functions in double --------------------------------------------------------------------- */

/* Sets f to the function of an activation, in double. */
static void function_of(const snug_object *object, snug_activation_function *f) {
    snug_activation_function_init(f, activation_kind(object), snug_object_config(object));
}

static double value_at(const snug_object *object, double x) {
    snug_activation_function f;
    function_of(object, &f);
    return f.function.value(f.function.context, x);
}

static double slope_at(const snug_object *object, double x) {
    snug_activation_function f;
    function_of(object, &f);
    return f.function.derivative(f.function.context, x);
}

static snug_gaussian_moments moments_of(const snug_object *object) {
    snug_activation_function f;
    function_of(object, &f);
    return snug_theory_moments(&f.function, 0.0, 1.0);
}

/* ---- SELU of an epsilon, SERLU --------------------------------------------------------------- */

static void check_epsilon(const cJSON *row) {
    char spec[80];
    double epsilon = digits_of(row, "epsilon"), scale = digits_of(row, "scale");
    snprintf(spec, sizeof spec, "{\"type\": \"selu\", \"epsilon\": %.17g}", epsilon);
    snug_object *selu = activation_new(spec);
    snug_gaussian_moments m = moments_of(selu);
    expect_near(spec, "scale", value_at(selu, 1.0), scale, 1e-12);
    expect_near(spec, "the limit", value_at(selu, -800.0), -scale * digits_of(row, "alpha"), 1e-12);
    expect_near(spec, "the mean", m.mean, digits_of(row, "mean"), 1e-12);
    expect_near(spec, "E f^2", m.second_moment, 1.0, 1e-12);
    expect_near(spec, "E f'^2", m.squared_slope, 1.0 + epsilon, 1e-12);
    snug_object_free(selu);
}

START_TEST(selu_of_an_epsilon_has_its_moments) {
    cJSON *vectors = read_vectors();
    const cJSON *set = get(vectors, "selu_epsilon"), *row = NULL;
    int rows = 0;
    cJSON_ArrayForEach(row, get(set, "values")) {
        check_epsilon(row);
        rows++;
    }
    ck_assert_int_ge(rows, 4);
    char spec[80];
    snprintf(spec, sizeof spec, "{\"type\": \"selu\", \"epsilon\": %s}",
             get(set, "selu_itself")->valuestring);
    snug_object *same = activation_new(spec), *selu = activation_new("selu");
    for (double x = -3.0; x <= 3.0; x += 0.75) {
        expect_near(spec, "a value", value_at(same, x), value_at(selu, x), 1e-11);
    }
    snug_object_free(same);
    snug_object_free(selu);
    cJSON_Delete(vectors);
}
END_TEST

START_TEST(epsilon_is_in_place_of_alpha_and_scale) {
    snug_object *selu = activation_new("{\"type\": \"selu\", \"epsilon\": 0.03}");
    snug_object *copy = snug_object_copy(selu);
    cJSON *json = snug_object_write(copy);
    char *written = snug_json_print(json, false);
    ck_assert_str_eq(written, "{\"type\":\"selu\",\"epsilon\":0.03}");
    expect_near("a copy", "scale", value_at(copy, 1.0), 1.27453455777677897, 1e-12);
    snug_release(written);
    cJSON_Delete(json);
    snug_object_free(copy);
    snug_object_free(selu);
    selu = activation_new("{\"type\": \"selu\", \"epsilon\": null, \"alpha\": 2}");
    json = snug_object_write(selu);
    written = snug_json_print(json, false);
    ck_assert_ptr_null(strstr(written, "epsilon")); /* earlier versions do not know it */
    snug_release(written);
    cJSON_Delete(json);
    snug_object_free(selu);
}
END_TEST

START_TEST(serlu_has_mean_0_and_variance_1) {
    cJSON *vectors = read_vectors();
    const cJSON *golden = get(vectors, "serlu");
    snug_object *serlu = activation_new("serlu");
    snug_gaussian_moments m = moments_of(serlu);
    double scale = digits_of(golden, "scale"), alpha = digits_of(golden, "alpha");
    expect_near("serlu", "scale", value_at(serlu, 1.0), scale, 1e-15);
    expect_near("serlu", "f(-1)", value_at(serlu, -1.0), -scale * alpha * exp(-1.0), 1e-15);
    expect_near("serlu", "the mean", m.mean, 0.0, 1e-14);
    expect_near("serlu", "the variance", m.variance, 1.0, 1e-14);
    expect_near("serlu", "chi1", m.squared_slope, digits_of(golden, "chi1"), 1e-13);
    snug_object_free(serlu);
    cJSON_Delete(vectors);
}
END_TEST

/* ---- around other activations ---------------------------------------------------------------- */

/* The object of {"type": kind, "of": name}. */
static snug_object *wrapped(const char *kind, const char *name) {
    char spec[120];
    snprintf(spec, sizeof spec, "{\"type\": \"%s\", \"of\": \"%s\"}", kind, name);
    return activation_new(spec);
}

/* Values and slopes are those of factor f + shift. */
static void check_affine(const snug_object *object, const char *name, double factor, double shift) {
    snug_object *f = activation_new(name);
    for (double x = -6.05; x < 7.0; x += 1.1) {
        double value = factor * value_at(f, x) + shift, slope = factor * slope_at(f, x);
        expect_near(name, "a value", value_at(object, x), value, 1e-12 * fmax(1.0, fabs(value)));
        expect_near(name, "a slope", slope_at(object, x), slope, 1e-12 * fmax(1.0, fabs(slope)));
    }
    snug_object_free(f);
}

static void check_standardized(const cJSON *row) {
    snug_object *object = wrapped("standardized", row->string);
    snug_gaussian_moments m = moments_of(object);
    double scale = digits_of(row, "standardized_scale");
    check_affine(object, row->string, 1.0 / scale, -digits_of(row, "standardized_shift") / scale);
    expect_near(row->string, "the mean", m.mean, 0.0, 1e-12);
    expect_near(row->string, "the variance", m.variance, 1.0, 1e-12);
    expect_near(row->string, "chi1", m.squared_slope, digits_of(row, "chi1"), 1e-12);
    snug_object_free(object);
}

static void check_poincare(const cJSON *row) {
    snug_object *object = wrapped("gaussian_poincare", row->string);
    snug_gaussian_moments m = moments_of(object);
    check_affine(object, row->string, digits_of(row, "gp_a"), digits_of(row, "gp_b_small"));
    expect_near(row->string, "E g^2", m.second_moment, 1.0, 1e-12);
    expect_near(row->string, "E g'^2", m.squared_slope, 1.0, 1e-12);
    snug_object_free(object);
}

START_TEST(wrapped_activations_have_their_golden_constants) {
    cJSON *vectors = read_vectors();
    const cJSON *row = NULL;
    int rows = 0;
    cJSON_ArrayForEach(row, get(vectors, "activations")) {
        check_standardized(row);
        check_poincare(row);
        rows++;
    }
    ck_assert_int_ge(rows, 10);
    cJSON_Delete(vectors);
}
END_TEST

/* Whatever is registered can be standardized, unless it works on whole rows. */
START_TEST(every_elementwise_activation_can_be_standardized) {
    size_t count = 0;
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i)) != NULL; i++) {
        if (!snug_activation_is_elementwise((const snug_activation_kind *)(const void *)kind)) {
            continue;
        }
        snug_object *object = wrapped("standardized", kind->name);
        snug_gaussian_moments m = moments_of(object);
        expect_near(kind->name, "the mean", m.mean, 0.0, 1e-11);
        expect_near(kind->name, "the variance", m.variance, 1.0, 1e-11);
        snug_object_free(object);
        count++;
    }
    ck_assert_uint_ge(count, 23);
}
END_TEST

START_TEST(nested_activations_keep_their_fields) {
    snug_object *object =
        activation_new("{\"type\": \"standardized\", \"of\": {\"type\": \"gaussian_poincare\", "
                       "\"of\": {\"type\": \"leaky_relu\", \"slope\": 0.2}}}");
    snug_object *plain = activation_new(
        "{\"type\": \"standardized\", \"of\": {\"type\": \"leaky_relu\", \"slope\": 0.2}}");
    /* m = (1 - slope) / sqrt(2 pi), s^2 = (1 + slope^2) / 2 - m^2 */
    double m = 0.8 * 0.3989422804014327, s = sqrt(0.52 - m * m);
    expect_near("leaky_relu", "f(0)", value_at(plain, 0.0), -m / s, 1e-13);
    expect_near("leaky_relu", "f(-2)", value_at(plain, -2.0), (-0.4 - m) / s, 1e-13);
    for (double x = -2.5; x < 3.0; x += 0.7) {
        expect_near("nested", "a value", value_at(object, x), value_at(plain, x), 1e-12);
    }
    snug_object_free(plain);
    snug_object_free(object);
}
END_TEST

/* ---- an activation that a program registers -------------------------------------------------- */

/* How often forward() was called. */
static size_t calls;

/* x / (1 + x^2), without functions in double. */
static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    calls++;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = x[i] / (1.0F + x[i] * x[i]);
    }
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    for (size_t i = 0; i < n; i++) {
        float square = x[i] * x[i];
        dydx[i] = (1.0F - square) / ((1.0F + square) * (1.0F + square));
    }
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)y;
    for (size_t i = 0; i < rows * columns; i++) {
        float slope;
        derivative(config, 1, x + i, &slope);
        dx[i] = slope * dy[i];
    }
}

static const snug_activation_kind own_kind = {.base = {.name = "own", .summary = "x / (1 + x^2)"},
                                              .flags = SNUG_READS_INPUT,
                                              .forward = forward,
                                              .backward = backward,
                                              .derivative = derivative};

START_TEST(an_activation_of_a_program_can_be_wrapped) {
    ck_assert_int_eq(snug_register_activation(&own_kind), SNUG_OK);
    snug_object *object = wrapped("standardized", "own");
    double square = 0.0;
    for (int i = -200000; i <= 200000; i++) { /* the trapezoidal rule, exact for such functions */
        double z = 1e-4 * (double)i, f = z / (1.0 + z * z);
        square += 1e-4 * f * f * exp(-0.5 * z * z) * 0.3989422804014327;
    }
    expect_near("own", "f(1)", value_at(object, 1.0), 0.5 / sqrt(square), 1e-5);
    expect_near("own", "f(0)", value_at(object, 0.0), 0.0, 1e-6);
    snug_object_free(object);
    object = wrapped("gaussian_poincare", "own");
    ck_assert_double_gt(value_at(object, 0.0), 0.1); /* of the two roots +-b the positive one */
    snug_object_free(object);
}
END_TEST

/* 3 for x above 0.3, -1 otherwise: it varies, though its slope is 0 wherever it has one. */
static void forward_step(const void *config, size_t rows, size_t columns, const float *x,
                         float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = x[i] > 0.3F ? 3.0F : -1.0F;
    }
}

static void zero_slope(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    (void)x;
    memset(dydx, 0, n * sizeof *dydx);
}

START_TEST(a_step_can_be_standardized) {
    static snug_activation_kind kind;
    kind = own_kind, kind.base.name = "step";
    kind.forward = forward_step, kind.derivative = zero_slope;
    ck_assert_int_eq(snug_register_activation(&kind), SNUG_OK);
    snug_object *object = wrapped("standardized", "step");
    double above = 0.5 * erfc(0.3 * sqrt(0.5)); /* P(x > 0.3) */
    double mean = 4.0 * above - 1.0, deviation = 4.0 * sqrt(above * (1.0 - above));
    expect_near("step", "f(1)", value_at(object, 1.0), (3.0 - mean) / deviation, 1e-5);
    expect_near("step", "f(-1)", value_at(object, -1.0), (-1.0 - mean) / deviation, 1e-5);
    snug_object_free(object);
    snug_object *refused = snug_object_parse(SNUG_GROUP_ACTIVATION,
                                             "{\"type\": \"gaussian_poincare\", \"of\": \"step\"}");
    ck_assert_ptr_null(refused);
    expect_location("of must be continuous");
}
END_TEST

/* Returns how often moments of an activation call forward() of the kind above. */
static size_t count_calls(const snug_object *object) {
    size_t before = calls;
    snug_gaussian_moments m = moments_of(object);
    ck_assert_double_gt(m.variance, 0.0);
    return calls - before;
}

/* A wrapper has no more digits than what it wraps: to look for them would take many more points. */
START_TEST(a_wrapper_is_as_precise_as_what_it_wraps) {
    static snug_activation_kind kind;
    kind = own_kind, kind.base.name = "counted";
    ck_assert_int_eq(snug_register_activation(&kind), SNUG_OK);
    snug_object *own = activation_new("counted"), *object = wrapped("standardized", "counted");
    snug_object *nested = activation_new("{\"type\": \"standardized\", \"of\": {\"type\": "
                                         "\"gaussian_poincare\", \"of\": \"counted\"}}");
    size_t plain = count_calls(own);
    ck_assert_uint_gt(plain, 0);
    ck_assert_uint_le(count_calls(object), 2 * plain);
    ck_assert_uint_le(count_calls(nested), 2 * plain);
    snug_object_free(nested);
    snug_object_free(object);
    snug_object_free(own);
}
END_TEST

/* ---- float32 --------------------------------------------------------------------------------- */

/* Whether f is large or near 0: within ulps of the larger of 1 and the value. */
START_TEST(values_in_float_are_those_in_double) {
    static const char *const names[] = {"gelu", "relu", "elu", "tanh", "sigmoid", "softplus"};
    enum { NAMES = sizeof names / sizeof *names, N = 4001 };
    static float x[N], y[N], dydx[N];
    snug_cpu_force((snug_cpu)(_i / 2));
    for (size_t k = 0; k < NAMES; k++) {
        snug_object *object = wrapped(_i % 2 ? "gaussian_poincare" : "standardized", names[k]);
        for (int i = 0; i < N; i++) {
            x[i] = 0.004F * (float)i - 8.0F;
        }
        activation_kind(object)->forward(snug_object_config(object), 1, N, x, y);
        activation_kind(object)->derivative(snug_object_config(object), N, x, dydx);
        for (size_t i = 0; i < N; i++) {
            double value = value_at(object, (double)x[i]), slope = slope_at(object, (double)x[i]);
            expect_near(names[k], "a value", (double)y[i], value, 4.0 * ulp_of(fmax(4.0, value)));
            expect_near(names[k], "a slope", (double)dydx[i], slope,
                        4.0 * ulp_of(fmax(1.0, slope)));
        }
        snug_object_free(object);
    }
}
END_TEST

/* ---- what cannot be -------------------------------------------------------------------------- */

#define NEST "{\"type\": \"standardized\", \"of\": "
static const struct {
    const char *spec, *location;
} wrong[] = {
    {"{\"type\": \"selu\", \"epsilon\": 0.03, \"alpha\": 1.6732632423543772}", "epsilon:"},
    {"{\"type\": \"selu\", \"scale\": 1, \"epsilon\": 0.03}", "epsilon:"},
    {"{\"type\": \"selu\", \"epsilon\": 0}", "epsilon:"},
    {"{\"type\": \"selu\", \"epsilon\": 0.16}", "epsilon:"},
    {"{\"type\": \"selu\", \"epsilon\": \"small\"}", "epsilon:"},
    {"{\"type\": \"serlu\", \"alpha\": 0}", "alpha:"},
    {NEST "\"softmax\"}", "of must be an activation of single numbers: \"softmax\""},
    {"{\"type\": \"gaussian_poincare\", \"of\": \"log_softmax\"}", "of must be an activation of"},
    {NEST "\"gelo\"}", "of:"},
    {NEST "null}", "of:"},
    {NEST "{\"type\": \"elu\", \"alpha\": -1}}", "of.alpha:"},
    {NEST "{\"type\": \"hard_tanh\", \"min\": 50, \"max\": 60}}", "of must vary"},
    {"{\"type\": \"gaussian_poincare\", \"of\": \"thresholded_relu\"}", "of must be continuous"},
    {NEST NEST NEST NEST NEST "\"relu\"}}}}}", "of must not be wrapped more than 4 times"},
};

START_TEST(wrong_wrappers_are_refused) {
    ck_assert_msg(snug_object_parse(SNUG_GROUP_ACTIVATION, wrong[_i].spec) == NULL, "%s is taken",
                  wrong[_i].spec);
    expect_location(wrong[_i].location);
}
END_TEST

static Suite *normalized_suite(void) {
    Suite *suite = suite_create("normalized");
    TCase *tests = tcase_create("normalized");
    tcase_add_test(tests, selu_of_an_epsilon_has_its_moments);
    tcase_add_test(tests, epsilon_is_in_place_of_alpha_and_scale);
    tcase_add_test(tests, serlu_has_mean_0_and_variance_1);
    tcase_add_test(tests, wrapped_activations_have_their_golden_constants);
    tcase_add_test(tests, every_elementwise_activation_can_be_standardized);
    tcase_add_test(tests, nested_activations_keep_their_fields);
    tcase_add_loop_test(tests, values_in_float_are_those_in_double, 0, 2 * SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, wrong_wrappers_are_refused, 0, sizeof wrong / sizeof *wrong);
    suite_add_tcase(suite, tests);
    /* It registers a kind, which other tests would meet in one process, as under Valgrind. */
    TCase *own = tcase_create("own");
    tcase_set_tags(own, "exhaustive");
    tcase_add_test(own, an_activation_of_a_program_can_be_wrapped);
    tcase_add_test(own, a_step_can_be_standardized);
    tcase_add_test(own, a_wrapper_is_as_precise_as_what_it_wraps);
    suite_add_tcase(suite, own);
    return suite;
}

REGISTER_SUITE(normalized_suite)
