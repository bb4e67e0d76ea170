/* Constants of SELU for given fixed points. */
#include <math.h>
#include <string.h>

#include <snug/activation.h>
#include <snug/theory.h>

#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

static void expect_constants(double mean, double variance, const char *convention, double alpha,
                             double scale) {
    double a = 0.0, l = 0.0;
    snug_status status = snug_theory_solve(mean, variance, convention, &a, &l);
    ck_assert_msg(status == SNUG_OK, "%g, %g: %s", mean, variance, snug_error());
    expect_close("alpha", a, alpha, 1e-12);
    expect_close("scale", l, scale, 1e-12);
}

static const char *convention_of(const cJSON *row) {
    const cJSON *omega = cJSON_GetObjectItemCaseSensitive(row, "omega");
    if (omega == NULL) {
        return "random";
    }
    return omega->valuedouble > 0.0 ? "unit_sum" : "zero_sum";
}

START_TEST(constants_are_the_golden_ones) {
    cJSON *json = vectors_read("constants.json");
    const cJSON *row = NULL;
    int count = 0;
    cJSON_ArrayForEach(row, vectors_get(json, "fixed_points")) {
        const char *convention = convention_of(row);
        double mean = vectors_number(row, "mean"), variance = vectors_number(row, "var");
        double alpha = vectors_number(row, "alpha_str"), scale = vectors_number(row, "lambda_str");
        expect_constants(mean, variance, convention, alpha, scale);
        if (cJSON_GetObjectItemCaseSensitive(row, "spectral_norm") != NULL) {
            snug_theory_weights weights;
            snug_theory_layer layer;
            ck_assert_int_eq(snug_theory_convention(convention, &weights), SNUG_OK);
            ck_assert_int_eq(snug_theory_selu(alpha, scale, &weights, mean, variance, &layer), 0);
            expect_close("norm", snug_theory_spectral_norm(&layer),
                         vectors_number(row, "spectral_norm"), 1e-12);
        }
        count++;
    }
    ck_assert_int_ge(count, 10);
    cJSON_Delete(json);
}
END_TEST

START_TEST(mean_0_and_variance_1_give_the_constants_of_the_paper) {
    for (size_t i = 0; snug_theory_convention_name(i) != NULL; i++) {
        expect_constants(0.0, 1.0, snug_theory_convention_name(i), SNUG_SELU_ALPHA,
                         SNUG_SELU_SCALE);
    }
    expect_constants(0.0, 1.0, NULL, SNUG_SELU_ALPHA, SNUG_SELU_SCALE);
}
END_TEST

/* Of whatever size mean and variance are: a layer with the constants keeps them. */
START_TEST(a_layer_keeps_what_was_solved_for) {
    static const double targets[][2] = {{0.0, 1e-8}, {1e-5, 1e-8}, {0.0, 1e4}, {-30.0, 1e4},
                                        {0.3, 0.4},  {-0.4, 0.5},  {7.0, 300}, {0.0, 1e-12}};
    double mean = targets[_i][0], variance = targets[_i][1];
    for (size_t i = 0; snug_theory_convention_name(i) != NULL; i++) {
        const char *convention = snug_theory_convention_name(i);
        double alpha, scale, deviation = sqrt(variance);
        snug_theory_weights weights;
        snug_theory_layer layer;
        ck_assert_int_eq(snug_theory_convention(convention, &weights), SNUG_OK);
        snug_status status = snug_theory_solve(mean, variance, convention, &alpha, &scale);
        ck_assert_msg(status == SNUG_OK, "%s: %s", convention, snug_error());
        status = snug_theory_selu(alpha, scale, &weights, mean, variance, &layer);
        ck_assert_int_eq(status, SNUG_OK);
        expect_close("mean", layer.mean, mean, 1e-12 * fmax(fabs(mean), deviation));
        expect_close("variance", layer.variance, variance, 1e-12 * variance);
    }
}
END_TEST

/* Beyond E max(z, 0) / sqrt(E max(z, 0)^2) = 1 / sqrt(pi) = 0.5642 for z ~ N(0, 1). */
START_TEST(means_that_no_selu_keeps_are_refused) {
    double alpha, scale, limit = sqrt(1.0 / acos(-1.0));
    double mean = limit / sqrt(1.0 - limit * limit);
    ck_assert_int_eq(snug_theory_solve(0.999 * mean, 1.0, NULL, &alpha, &scale), SNUG_OK);
    ck_assert_int_eq(snug_theory_solve(1.001 * mean, 1.0, NULL, &alpha, &scale),
                     SNUG_ERROR_ARGUMENT);
    expect_location("no SELU keeps a mean of 0.684015 and a variance of 1");
    ck_assert_int_eq(snug_theory_solve(-2.0, 1.0, "random", &alpha, &scale), SNUG_ERROR_ARGUMENT);
    expect_location("no SELU keeps a mean of -2 and a variance of 1");
}
END_TEST

/* So far from 0, or so large, that E max(z, 0)^2 or the part below 0 is 0 or infinite. */
START_TEST(means_and_variances_beyond_double_precision_are_refused) {
    static const struct {
        double mean, variance;
        const char *convention;
    } cases[] = {{1.0, 1e-6, "unit_sum"}, {-1.0, 1e-6, "unit_sum"}, {1e200, 1.0, "random"}};
    double alpha, scale;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(snug_theory_solve(cases[i].mean, cases[i].variance, cases[i].convention,
                                           &alpha, &scale),
                         SNUG_ERROR_ARGUMENT);
        expect_location("mean and variance:");
    }
    /* Its square overflows. */
    ck_assert_int_eq(snug_theory_solve(1e200, 1.0, NULL, &alpha, &scale), SNUG_ERROR_ARGUMENT);
    expect_location("no SELU keeps a mean of 1e+200 and a variance of 1");
}
END_TEST

/* For mean 0 the rate of a small variance v is 1 - sqrt(v / (2 pi)) + ..., by expansion. */
START_TEST(the_rate_is_right_from_the_least_to_the_largest_variance) {
    static const double variances[] = {1e-16, 1e-12, 1e-8};
    double alpha, scale, pi = acos(-1.0);
    snug_theory_layer layer;
    for (size_t i = 0; i < sizeof variances / sizeof *variances; i++) {
        double v = variances[i];
        ck_assert_int_eq(snug_theory_solve(0.0, v, NULL, &alpha, &scale), SNUG_OK);
        ck_assert_int_eq(snug_theory_selu(alpha, scale, NULL, 0.0, v, &layer), SNUG_OK);
        double distance = sqrt(v / (2.0 * pi));
        expect_close("rate", 1.0 - snug_theory_spectral_radius(&layer), distance, 1e-3 * distance);
    }
    ck_assert_int_eq(snug_theory_solve(0.0, 1e16, NULL, &alpha, &scale), SNUG_OK);
    ck_assert_int_eq(snug_theory_selu(alpha, scale, NULL, 0.0, 1e16, &layer), SNUG_OK);
    expect_close("rate", snug_theory_spectral_radius(&layer), 0.611, 1e-3);
}
END_TEST

START_TEST(variances_too_small_or_large_for_a_rate_are_refused) {
    static const double variances[] = {1e-300, 9e-17, 1.1e16, 1e300};
    double alpha, scale;
    ck_assert_int_eq(snug_theory_solve(0.0, variances[_i], NULL, &alpha, &scale),
                     SNUG_ERROR_ARGUMENT);
    expect_location("variance: must be between 1e-16 and 1e+16");
}
END_TEST

START_TEST(wrong_arguments_are_refused) {
    double alpha, scale;
    ck_assert_int_eq(snug_theory_solve(0.0, 0.0, NULL, &alpha, &scale), SNUG_ERROR_ARGUMENT);
    expect_location("variance:");
    ck_assert_int_eq(snug_theory_solve(0.0, NAN, NULL, &alpha, &scale), SNUG_ERROR_ARGUMENT);
    expect_location("variance:");
    ck_assert_int_eq(snug_theory_solve(0.0, 1.0, "zero", &alpha, &scale), SNUG_ERROR_ARGUMENT);
    expect_location("convention:");
    ck_assert_int_eq(snug_theory_solve(0.0, 1.0, NULL, NULL, &scale), SNUG_ERROR_ARGUMENT);
    expect_location("alpha:");
    ck_assert_int_eq(snug_theory_solve(0.0, 1.0, NULL, &alpha, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the scale:");
    ck_assert_int_eq(snug_theory_convention(NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the weights:");
}
END_TEST

static Suite *solver_suite(void) {
    Suite *suite = suite_create("solver");
    TCase *tests = tcase_create("constants");
    tcase_add_test(tests, constants_are_the_golden_ones);
    tcase_add_test(tests, mean_0_and_variance_1_give_the_constants_of_the_paper);
    tcase_add_loop_test(tests, a_layer_keeps_what_was_solved_for, 0, 8);
    tcase_add_test(tests, means_that_no_selu_keeps_are_refused);
    tcase_add_test(tests, means_and_variances_beyond_double_precision_are_refused);
    tcase_add_test(tests, the_rate_is_right_from_the_least_to_the_largest_variance);
    tcase_add_loop_test(tests, variances_too_small_or_large_for_a_rate_are_refused, 0, 4);
    tcase_add_test(tests, wrong_arguments_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(solver_suite)
