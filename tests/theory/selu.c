/* SELU's mapping of mean and variance in closed form. */
#include <math.h>

#include <snug/activation.h>
#include <snug/theory.h>

#include "support.h"
#include "support/errors.h"
#include "support/suite.h"
#include "theory/mapping.h"

static const double alpha01 = SNUG_SELU_ALPHA, scale01 = SNUG_SELU_SCALE;

static snug_theory_layer map(double alpha, double scale, snug_theory_weights weights, double mean,
                             double variance) {
    snug_theory_layer layer;
    ck_assert_msg(snug_theory_selu(alpha, scale, &weights, mean, variance, &layer) == SNUG_OK, "%s",
                  snug_error());
    return layer;
}

/* ---- golden values --------------------------------------------------------------------------- */

static void check_jacobian(const cJSON *row, const snug_theory_layer *layer) {
    const cJSON *jacobian = cJSON_GetObjectItemCaseSensitive(row, "J");
    for (int i = 0; i < 2 && jacobian != NULL; i++) {
        for (int j = 0; j < 2; j++) {
            double expected = cJSON_GetArrayItem(cJSON_GetArrayItem(jacobian, i), j)->valuedouble;
            expect_close("Jacobian", layer->jacobian[i][j], expected, 1e-12);
        }
    }
    if (jacobian != NULL) {
        expect_close("spectral norm", snug_theory_spectral_norm(layer),
                     vectors_number(row, "spectral_norm"), 1e-12);
    }
}

static void check_row(const cJSON *row, double alpha, double scale) {
    snug_theory_weights weights = {.omega = vectors_number(row, "omega"),
                                   .tau = vectors_number(row, "tau")};
    snug_theory_layer layer =
        map(alpha, scale, weights, vectors_number(row, "mu"), vectors_number(row, "nu"));
    double mean = vectors_number(row, "mu_new"), variance = vectors_number(row, "nu_new");
    expect_close("mean", layer.mean, mean, 1e-12 * fmax(fabs(mean), sqrt(variance)));
    /* More than what is asked for: the variance has its digits where it is small, too. */
    expect_close("variance", layer.variance, variance, 1e-12 * variance);
    check_jacobian(row, &layer);
}

START_TEST(mean_variance_and_jacobian_are_the_golden_ones) {
    cJSON *json = vectors_read("mapping_g.json");
    const cJSON *row = NULL;
    int count = 0;
    cJSON_ArrayForEach(row, vectors_get(json, "selu")) {
        check_row(row, alpha01, scale01);
        count++;
    }
    cJSON_ArrayForEach(row, vectors_get(json, "other_lambda_alpha")) {
        check_row(row, vectors_number(row, "alpha"), vectors_number(row, "lambda"));
        count++;
    }
    ck_assert_int_eq(count, 28);
    cJSON_Delete(json);
}
END_TEST

static void check_iterates(const cJSON *row) {
    const cJSON *states = cJSON_GetObjectItemCaseSensitive(row, "mu_nu_after_layers_0_to_100");
    ck_assert_msg(states != NULL, "no iterates");
    snug_theory_weights weights = {.omega = vectors_number(row, "omega"),
                                   .tau = vectors_number(row, "tau")};
    snug_theory_layer layer = {.mean = states->child->child->valuedouble,
                               .variance = states->child->child->next->valuedouble};
    const cJSON *state = NULL;
    cJSON_ArrayForEach(state, states) {
        double mean = state->child->valuedouble, variance = state->child->next->valuedouble;
        double size = 1e-12 * fmax(1.0, variance);
        expect_close("mean", layer.mean, mean, size);
        expect_close("variance", layer.variance, variance, size);
        layer = map(alpha01, scale01, weights, layer.mean, layer.variance);
    }
}

START_TEST(a_hundred_layers_follow_the_golden_iterates) {
    cJSON *json = vectors_read("mapping_g.json");
    const cJSON *row = NULL;
    ck_assert_int_eq(cJSON_GetArraySize(vectors_get(json, "iterates")), 6);
    cJSON_ArrayForEach(row, vectors_get(json, "iterates")) {
        check_iterates(row);
    }
    cJSON_Delete(json);
}
END_TEST

/* ---- the closed form and the quadrature ------------------------------------------------------ */

static double value(const void *context, double x) {
    const double *constants = context;
    return constants[1] * (x > 0.0 ? x : constants[0] * expm1(x));
}

static double derivative(const void *context, double x) {
    const double *constants = context;
    return constants[1] * (x > 0.0 ? 1.0 : constants[0] * exp(x));
}

static const double constants[][2] = {{SNUG_SELU_ALPHA, SNUG_SELU_SCALE}, {0.01, 3.0}, {40.0, 0.2}};
static const double input_means[] = {0.0, 0.01, -0.7, 2.0, -9.0, 25.0};

enum { CONSTANTS = sizeof constants / sizeof *constants };

static void compare(const double *selu, double mean, double variance) {
    static const double kink = 0.0;
    snug_scalar_function f = {value, derivative, selu, &kink, 1, 0.0};
    snug_gaussian_function numeric = snug_gaussian_by_quadrature(&f);
    snug_theory_weights weights = {.omega = 1.0, .tau = 1.0};
    snug_theory_layer y, closed = map(selu[0], selu[1], weights, mean, variance);
    snug_map_layer(&numeric, &weights, mean, variance, &y);
    double deviation = sqrt(y.variance);
    expect_close("mean", closed.mean, y.mean, 1e-12 * fmax(fabs(y.mean), deviation));
    expect_close("variance", closed.variance, y.variance, 1e-12 * fmax(y.variance, deviation));
    expect_close("slope", closed.slope, y.slope, 1e-12 * y.slope);
    expect_close("squared slope", closed.squared_slope, y.squared_slope, 1e-12 * y.squared_slope);
    double growth = fmax(1.0, y.squared_slope) / fmin(1.0, sqrt(variance));
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            double tolerance = 1e-12 * growth * fmax(1.0, deviation);
            expect_close("Jacobian", closed.jacobian[i][j], y.jacobian[i][j], tolerance);
        }
    }
}

START_TEST(the_closed_form_agrees_with_the_quadrature) {
    for (size_t m = 0; m < sizeof input_means / sizeof *input_means; m++) {
        for (double variance = 1e-12; variance < 2e4; variance *= 10.0) {
            compare(constants[_i], input_means[m], variance);
        }
    }
}
END_TEST

/* ---- random weights -------------------------------------------------------------------------- */

/* Their Jacobian by differences, and mean and variance as those of N(0, variance + mean^2). */
START_TEST(random_weights_turn_the_mean_into_variance) {
    snug_theory_weights weights = {.tau = 1.2, .random = true}, fixed = {.tau = 1.2};
    double mean = 0.4, variance = 0.7, step = 1e-5;
    snug_theory_layer y = map(alpha01, scale01, weights, mean, variance);
    snug_theory_layer same = map(alpha01, scale01, fixed, 0.0, variance + mean * mean);
    expect_close("mean", y.mean, same.mean, 1e-15);
    expect_close("variance", y.variance, same.variance, 1e-15);
    snug_theory_layer up = map(alpha01, scale01, weights, mean + step, variance);
    snug_theory_layer down = map(alpha01, scale01, weights, mean - step, variance);
    expect_close("Jacobian", y.jacobian[0][0], (up.mean - down.mean) / (2.0 * step), 1e-9);
    expect_close("Jacobian", y.jacobian[1][0], (up.variance - down.variance) / (2.0 * step), 1e-9);
}
END_TEST

/* ---- constants, and numbers that overflow ---------------------------------------------------- */

START_TEST(a_constant_has_no_correlation) {
    snug_theory_layer y = map(alpha01, scale01, (snug_theory_weights){.tau = 1.0}, 0.0, 0.0);
    expect_close("variance", y.variance, 0.0, 0.0);
    ck_assert(isnan(y.correlation_near_0) && isnan(y.correlation_near_1));
}
END_TEST

START_TEST(moments_that_overflow_are_refused) {
    snug_theory_weights random = {.tau = 1.0, .random = true}, unit = {.omega = 1.0, .tau = 1.0};
    snug_theory_layer y;
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, &unit, 1e10, 1e300, &y), SNUG_ERROR_ARGUMENT);
    expect_location("mean and variance:");
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, &random, 1e200, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("mean and variance:");
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, NULL, 0.0, 1e100, &y), SNUG_OK);
}
END_TEST

/* ---- wrong arguments ------------------------------------------------------------------------- */

START_TEST(wrong_arguments_are_refused) {
    snug_theory_layer y;
    ck_assert_int_eq(snug_theory_selu(0.0, 1.0, NULL, 0.0, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("alpha:");
    ck_assert_int_eq(snug_theory_selu(1.0, NAN, NULL, 0.0, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("scale:");
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, NULL, INFINITY, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("mean:");
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, NULL, 0.0, -1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("variance:");
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, NULL, 0.0, 1.0, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the layer:");
    snug_theory_weights weights = {.omega = NAN, .tau = 1.0};
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, &weights, 0.0, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("omega:");
    weights = (snug_theory_weights){.omega = 0.1, .tau = 1.0, .random = true};
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, &weights, 0.0, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("omega:");
    weights = (snug_theory_weights){.omega = 0.1};
    ck_assert_int_eq(snug_theory_selu(1.0, 1.0, &weights, 0.0, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("tau:");
}
END_TEST

static Suite *selu_suite(void) {
    Suite *suite = suite_create("selu");
    TCase *tests = tcase_create("mapping");
    tcase_add_test(tests, mean_variance_and_jacobian_are_the_golden_ones);
    tcase_add_test(tests, a_hundred_layers_follow_the_golden_iterates);
    tcase_add_loop_test(tests, the_closed_form_agrees_with_the_quadrature, 0, CONSTANTS);
    tcase_add_test(tests, random_weights_turn_the_mean_into_variance);
    tcase_add_test(tests, a_constant_has_no_correlation);
    tcase_add_test(tests, moments_that_overflow_are_refused);
    tcase_add_test(tests, wrong_arguments_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(selu_suite)
