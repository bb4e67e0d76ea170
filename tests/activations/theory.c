/* The theory for any activation: golden moments, fixed points, correlations, and random numbers. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include <snug/theory.h>

#include "activations/scalar_function.h"
#include "core/memory.h"
#include "files/file.h"
#include "support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/registry.h"
#include "support/suite.h"

static void expect_close(const char *what, double value, double expected, double tolerance) {
    ck_assert_msg(fabs(value - expected) <= tolerance, "%s: %.17g, not %.17g", what, value,
                  expected);
}

static snug_theory_layer layer_of(const char *spec, double mean, double variance) {
    snug_theory_layer layer;
    snug_theory_weights weights = {.omega = 1.0, .tau = 1.0};
    ck_assert_msg(snug_theory_activation(spec, &weights, mean, variance, &layer) == SNUG_OK, "%s",
                  snug_error());
    return layer;
}

/* ---- golden values --------------------------------------------------------------------------- */

static double number(const cJSON *row, const char *key) {
    return strtod(cJSON_GetObjectItemCaseSensitive(row, key)->valuestring, NULL);
}

START_TEST(moments_of_standard_normal_numbers_are_the_golden_ones) {
    size_t size = 0;
    char *string = snug_file_read(SNUG_TEST_DIR "/vectors/theory.json", &size);
    ck_assert_ptr_nonnull(string);
    cJSON *json = cJSON_ParseWithLength(string, size);
    const cJSON *row = NULL;
    int count = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(json, "activations")) {
        snug_theory_layer y = layer_of(row->string, 0.0, 1.0);
        expect_close("mean", y.mean, number(row, "mean"), 1e-13);
        expect_close("second moment", y.second_moment, number(row, "second"), 1e-13);
        expect_close("squared slope", y.squared_slope, number(row, "slope"), 1e-13);
        expect_close("deviation", sqrt(y.variance), number(row, "standardized_scale"), 1e-13);
        expect_close("chi1", y.correlation_near_1, number(row, "chi1"), 1e-12);
        count++;
    }
    ck_assert_int_eq(count, 10);
    cJSON_Delete(json);
    snug_release(string);
}
END_TEST

/* ---- derivatives ----------------------------------------------------------------------------- */

/* By central differences; thresholded_relu jumps, which its derivative does not show. */
START_TEST(jacobians_are_those_of_central_differences) {
    static const char *const specs[] = {"selu",     "gelu",  "thresholded_relu",
                                        "softplus", "relu6", "mish"};
    double mean = 0.4, variance = 0.8, step = 1e-4;
    snug_theory_layer y = layer_of(specs[_i], mean, variance);
    snug_theory_layer left = layer_of(specs[_i], mean - step, variance);
    snug_theory_layer right = layer_of(specs[_i], mean + step, variance);
    snug_theory_layer low = layer_of(specs[_i], mean, variance - step);
    snug_theory_layer high = layer_of(specs[_i], mean, variance + step);
    double by = 2.0 * step;
    expect_close(specs[_i], y.jacobian[0][0], (right.mean - left.mean) / by, 1e-7);
    expect_close(specs[_i], y.jacobian[1][0], (right.variance - left.variance) / by, 1e-7);
    expect_close(specs[_i], y.jacobian[0][1], (high.mean - low.mean) / by, 1e-7);
    expect_close(specs[_i], y.jacobian[1][1], (high.variance - low.variance) / by, 1e-7);
}
END_TEST

/* ---- fixed points ---------------------------------------------------------------------------- */

static snug_theory_fixed_point point_of(const char *spec, const char *convention) {
    snug_theory_fixed_point point;
    snug_theory_weights weights;
    ck_assert_int_eq(snug_theory_convention(convention, &weights), SNUG_OK);
    ck_assert_msg(snug_theory_find_fixed_point(spec, &weights, &point) == SNUG_OK, "%s",
                  snug_error());
    return point;
}

START_TEST(selu_has_an_attracting_fixed_point) {
    snug_theory_fixed_point point = point_of("selu", NULL);
    ck_assert(point.found && point.attracting);
    expect_close("mean", point.mean, 0.0, 1e-14);
    expect_close("variance", point.variance, 1.0, 1e-13);
    expect_close("rate", point.rate, 0.78264788319681289, 1e-12);
    expect_close("norm", point.norm, 0.78767336046571557, 1e-12);
    expect_close("gradients", point.layer.gradient_growth, 1.0715749924557993, 1e-12);
    expect_close("correlation", point.layer.correlation_near_0, 0.97068035230071026, 1e-12);
    expect_close("limit", point.limit, 1.0, 1e-13);
}
END_TEST

/* Constants that the solver gives, in each convention: the point is found again, or one like it. */
START_TEST(fixed_points_that_were_solved_for_are_found) {
    static const double targets[][2] = {{0.0, 2.0}, {-0.1, 1.7}, {0.3, 0.6}};
    double mean = targets[_i][0], variance = targets[_i][1];
    for (size_t i = 0; snug_theory_convention_name(i) != NULL; i++) {
        const char *convention = snug_theory_convention_name(i);
        double alpha, scale;
        char spec[128];
        ck_assert_int_eq(snug_theory_solve(mean, variance, convention, &alpha, &scale), SNUG_OK);
        snprintf(spec, sizeof spec, "{\"type\": \"selu\", \"alpha\": %.17g, \"scale\": %.17g}",
                 alpha, scale);
        snug_theory_fixed_point point = point_of(spec, convention);
        ck_assert_msg(point.found, "%s", convention);
        expect_close("mean", point.layer.mean, point.mean, 1e-12);
        expect_close("variance", point.layer.variance, point.variance, 1e-12);
        if (point.attracting) {
            expect_close("mean", point.mean, mean, 1e-11);
            expect_close("variance", point.variance, variance, 1e-11);
        }
    }
}
END_TEST

START_TEST(activations_without_a_fixed_point_have_a_limit) {
    static const char *const falling[] = {"elu", "relu", "tanh", "gelu", "sigmoid", "softsign"};
    for (size_t i = 0; i < sizeof falling / sizeof *falling; i++) {
        snug_theory_fixed_point point = point_of(falling[i], NULL);
        ck_assert_msg(!point.found && !point.attracting && point.limit == 0.0, "%s", falling[i]);
    }
    ck_assert(isinf(point_of("exp", NULL).limit));
    /* With random weights the mean is made into variance again, of which sigmoid has enough. */
    snug_theory_fixed_point sigmoid = point_of("sigmoid", "random");
    ck_assert(sigmoid.found && sigmoid.attracting);
    expect_close("mean", sigmoid.mean, 0.5, 1e-14);
    expect_close("variance", sigmoid.layer.variance, sigmoid.variance, 1e-14);
}
END_TEST

/* By construction they keep mean 0 and variance 1; that is said even where another one attracts. */
START_TEST(standardized_activations_have_their_fixed_point) {
    static const char *const names[] = {"tanh",       "sigmoid", "elu",  "softsign", "mish", "gelu",
                                        "leaky_relu", "relu",    "silu", "relu6",    "exp"};
    char spec[64];
    snprintf(spec, sizeof spec, "{\"type\": \"standardized\", \"of\": \"%s\"}", names[_i]);
    for (size_t i = 0; snug_theory_convention_name(i) != NULL; i++) {
        snug_theory_fixed_point point = point_of(spec, snug_theory_convention_name(i));
        ck_assert_msg(point.found, "%s, %zu", names[_i], i);
        expect_close("mean", point.mean, 0.0, 1e-13);
        expect_close("variance", point.variance, 1.0, 1e-13);
    }
}
END_TEST

static const char mish[] = "{\"type\": \"standardized\", \"of\": \"mish\"}";
static const char gelu[] = "{\"type\": \"standardized\", \"of\": \"gelu\"}";
static const char relu[] = "{\"type\": \"standardized\", \"of\": \"relu\"}";

/* Fixed points whose variances differ by a few percent: (0, 1) repels very slowly. */
START_TEST(fixed_points_next_to_each_other_are_found) {
    snug_theory_fixed_point sum = point_of(mish, "zero_sum"), random = point_of(mish, "random");
    expect_close("rate", sum.rate, 1.00098, 1e-5);
    expect_close("rate", random.rate, sum.rate, 1e-13);
    ck_assert(!sum.attracting && !random.attracting);
    expect_close("other", sum.other_variance, 1.046, 1e-3);
    expect_close("other", random.other_variance, 0.986, 1e-3);
    ck_assert(sum.other_rate < 1.0 && random.other_rate < 1.0);
    expect_close("above", sum.limit_above, sum.other_variance, 1e-12);
    expect_close("below", random.limit_below, random.other_variance, 1e-12);
    ck_assert(sum.limit_below == 0.0 && isinf(random.limit_above));
    /* A layer keeps the other point. */
    snug_theory_weights weights = {.tau = 1.0, .random = true};
    double mean = random.other_mean, variance = random.other_variance;
    snug_theory_layer layer;
    ck_assert_int_eq(snug_theory_activation(mish, &weights, mean, variance, &layer), SNUG_OK);
    expect_close("mean", layer.mean, mean, 1e-12);
    expect_close("variance", layer.variance, variance, 1e-12);
}
END_TEST

/* The point at variance 1 repels: below it layers approach another one, above it none. */
START_TEST(limits_from_both_sides_of_a_repelling_point_differ) {
    snug_theory_fixed_point point = point_of(gelu, "random");
    ck_assert(point.found && !point.attracting && isnan(point.limit));
    expect_close("rate", point.rate, 1.062, 1e-3);
    expect_close("below", point.limit_below, 0.5912, 1e-3);
    expect_close("other", point.other_variance, point.limit_below, 1e-12);
    ck_assert(isinf(point.limit_above));
    point = point_of(gelu, "zero_sum");
    expect_close("above", point.limit_above, 24.33, 0.01);
    expect_close("below", point.limit_below, 0.0, 0.0);
    expect_close("other", point.other_mean, 2.80, 0.01);
}
END_TEST

/*
 * Leaky or not, its variance without that of the mean is proportional to that of x: every variance
 * is kept. With random weights q becomes q + c (sqrt(q) - 1)^2, which repels above 1 alone.
 */
START_TEST(lines_and_double_roots_of_fixed_points_are_neither_attracting_nor_repelling) {
    snug_theory_fixed_point point = point_of(relu, "zero_sum");
    expect_close("rate", point.rate, 1.0, 1e-13);
    ck_assert(!point.attracting && isnan(point.limit_below) && isnan(point.limit_above));
    point = point_of(relu, "random");
    expect_close("rate", point.rate, 1.0, 1e-13);
    ck_assert(!point.attracting && isinf(point.limit_above));
    expect_close("below", point.limit_below, 1.0, 1e-13);
    for (size_t i = 0; snug_theory_convention_name(i) != NULL; i++) {
        point = point_of("identity", snug_theory_convention_name(i));
        expect_close("rate", point.rate, 1.0, 1e-13);
        ck_assert(point.found && !point.attracting && isnan(point.limit));
    }
}
END_TEST

/* ---- layers and correlation ------------------------------------------------------------------ */

START_TEST(iterates_of_selu_are_the_golden_ones) {
    double means[6] = {0.0}, variances[6] = {4.0};
    ck_assert_int_eq(snug_theory_iterate("selu", NULL, 5, means, variances), SNUG_OK);
    expect_close("mean", means[1], 0.25482844295315726, 1e-14);
    expect_close("mean", means[5], 0.059416086413537385, 1e-13);
    expect_close("variance", variances[1], 2.9411019265174945, 1e-13);
    expect_close("variance", variances[5], 1.4841518003443066, 1e-13);
}
END_TEST

/*
 * E max(z1, 0) max(z2, 0) = (sin(a) + (pi - a) cos(a)) / (2 pi) with cos(a) the correlation (Cho,
 * Saul 2009, "Kernel methods for deep learning").
 */
START_TEST(correlations_of_relu_are_those_of_the_arc_cosine_kernel) {
    static const double correlations[] = {-1.0, -0.6, 0.0, 0.3, 0.9, 0.9999, 1.0};
    double pi = acos(-1.0), c = correlations[_i], a = acos(c), next;
    double product = (sin(a) + (pi - a) * c) / (2.0 * pi);
    double expected = (product - 0.5 / pi) / (0.5 - 0.5 / pi);
    ck_assert_int_eq(snug_theory_correlation("relu", NULL, 0.0, 7.0, c, &next), SNUG_OK);
    expect_close("correlation", next, expected, 1e-9);
}
END_TEST

START_TEST(correlations_have_the_slopes_that_layers_give) {
    double step = 1e-4, small, near;
    snug_theory_layer y = layer_of("selu", 0.0, 1.0);
    ck_assert_int_eq(snug_theory_correlation("selu", NULL, 0.3, 1.0, step, &small), SNUG_OK);
    expect_close("near 0", small / step, y.correlation_near_0, 1e-4);
    ck_assert_int_eq(snug_theory_correlation("gelu", NULL, 0.0, 1.0, 1.0 - step, &near), SNUG_OK);
    y = layer_of("gelu", 0.0, 1.0);
    expect_close("near 1", (1.0 - near) / step, y.correlation_near_1, 1e-3);
    /* Random weights share the mean: uncorrelated samples have a correlation of m^2 / (v + m^2). */
    snug_theory_weights random = {.tau = 1.0, .random = true};
    double shared, same;
    ck_assert_int_eq(snug_theory_correlation("tanh", &random, 1.0, 3.0, 0.0, &shared), SNUG_OK);
    ck_assert_int_eq(snug_theory_correlation("tanh", NULL, 0.0, 4.0, 0.25, &same), SNUG_OK);
    expect_close("shared", shared, same, 1e-12);
}
END_TEST

/* The slope at correlation 0 of a function that jumps is that of its mean. */
START_TEST(correlations_near_0_have_the_slope_of_functions_that_jump) {
    double step = 1e-4, next;
    snug_theory_layer y = layer_of("thresholded_relu", 0.0, 1.0);
    /* E z f(z) = phi(1) + 1 - Phi(1) */
    double slope = 0.24197072451914337 + 0.15865525393145705;
    expect_close("near 0", y.correlation_near_0, slope * slope / y.variance, 1e-12);
    ck_assert_int_eq(snug_theory_correlation("thresholded_relu", NULL, 0.0, 1.0, step, &next),
                     SNUG_OK);
    expect_close("near 0", next / step, y.correlation_near_0, 1e-4);
}
END_TEST

/* The next layer takes what one returns: where double precision rounds, too. */
START_TEST(correlations_stay_between_minus_1_and_1) {
    static const struct {
        const char *spec;
        double variance, sign;
    } cases[] = {{"tanh", 1.0, 1.0}, {"softsign", 1.0, 1.0}, {"hard_sigmoid", 0.01, -1.0}};
    double c = cases[_i].sign * (1.0 - 0.5 * DBL_EPSILON), next;
    ck_assert_int_eq(
        snug_theory_correlation(cases[_i].spec, NULL, 0.1, cases[_i].variance, c, &next), SNUG_OK);
    ck_assert_double_le(fabs(next), 1.0);
    expect_close("correlation", next, c, 1e-9);
}
END_TEST

/* ---- random numbers -------------------------------------------------------------------------- */

enum { SAMPLES = 100000 };

/* Mean of n numbers, and the standard error of the mean. */
static void check_mean(const char *name, const char *what, const float *values, double power,
                       double expected) {
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < SAMPLES; i++) {
        double value = pow((double)values[i], power);
        sum += value;
        squares += value * value;
    }
    double mean = sum / SAMPLES, error = sqrt((squares / SAMPLES - mean * mean) / SAMPLES);
    ck_assert_msg(fabs(mean - expected) <= 4.0 * error + 1e-6 * fabs(expected),
                  "%s of %s: %g of random numbers, %g in theory, standard error %g", what, name,
                  mean, expected, error);
}

static void check_samples(const snug_activation_kind *kind, const void *config, const float *z,
                          double mean, double variance, float *y) {
    snug_activation_function f;
    snug_activation_function_init(&f, kind, config);
    snug_gaussian_moments expected = snug_theory_moments(&f.function, mean, variance);
    kind->forward(config, 1, SAMPLES, z, y);
    check_mean(kind->base.name, "mean", y, 1.0, expected.mean);
    check_mean(kind->base.name, "second moment", y, 2.0, expected.second_moment);
    kind->derivative(config, SAMPLES, z, y);
    check_mean(kind->base.name, "slope", y, 1.0, expected.slope);
    check_mean(kind->base.name, "squared slope", y, 2.0, expected.squared_slope);
}

START_TEST(random_numbers_agree_with_the_quadrature) {
    double mean = 0.25, variance = 1.3;
    const snug_random stream = {.seed = 2515};
    float *z = malloc(SAMPLES * sizeof *z), *y = malloc(SAMPLES * sizeof *y);
    ck_assert(z != NULL && y != NULL);
    snug_random_normal(&stream, 0, SAMPLES, z);
    for (size_t i = 0; i < SAMPLES; i++) {
        z[i] = (float)(mean + sqrt(variance) * (double)z[i]);
    }
    size_t met = 0;
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_ACTIVATION); i++) {
        snug_object *object = activation_of_kind(snug_builtin_kinds(SNUG_GROUP_ACTIVATION)[i]);
        const snug_activation_kind *kind = activation_kind(object);
        if (snug_activation_is_elementwise(kind)) {
            check_samples(kind, snug_object_config(object), z, mean, variance, y);
            met++;
        }
        snug_object_free(object);
    }
    ck_assert_uint_ge(met, 20);
    free(z);
    free(y);
}
END_TEST

/* ---- functions that grow fast, and that are not defined -------------------------------------- */

/* E e^(k z) = e^(k^2 v / 2) for z ~ N(0, v): most of E e^(2 z) is 2 sqrt(v) deviations away. */
START_TEST(moments_of_the_exponential_function_are_exact_until_they_overflow) {
    static const double variances[] = {0.01, 1.0, 20.0, 60.0, 100.0, 110.0};
    for (size_t i = 0; i < sizeof variances / sizeof *variances; i++) {
        double v = variances[i];
        snug_theory_layer y;
        ck_assert_msg(snug_theory_activation("exp", NULL, 0.0, v, &y) == SNUG_OK, "%s",
                      snug_error());
        ck_assert_double_eq_tol(y.mean / exp(0.5 * v), 1.0, 1e-12);
        ck_assert_double_eq_tol(y.second_moment / exp(2.0 * v), 1.0, 1e-12);
        ck_assert_double_eq_tol(y.variance / (exp(v) * expm1(v)), 1.0, 1e-12);
        ck_assert_double_eq_tol(y.jacobian[0][1] / (0.5 * y.mean), 1.0, 1e-11);
    }
}
END_TEST

START_TEST(moments_that_overflow_are_refused) {
    static const double overflowing[] = {130.0, 180.0, 300.0, 1000.0, 1e4};
    snug_theory_layer y = {.mean = 7.0};
    for (size_t i = 0; i < sizeof overflowing / sizeof *overflowing; i++) {
        ck_assert_int_eq(snug_theory_activation("exp", NULL, 0.0, overflowing[i], &y),
                         SNUG_ERROR_ARGUMENT);
        expect_location("mean and variance:");
    }
    ck_assert_int_eq(
        snug_theory_activation("selu", &(snug_theory_weights){1.0, 1.0, false}, 1e300, 1.0, &y),
        SNUG_ERROR_ARGUMENT);
    ck_assert_double_eq(y.mean, 7.0);
    double means[4] = {0.0}, variances[4] = {1.0}, correlation;
    ck_assert_int_eq(snug_theory_iterate("exp", NULL, 3, means, variances), SNUG_ERROR_ARGUMENT);
    expect_location("layer 3: mean and variance:");
    ck_assert_int_eq(snug_theory_correlation("exp", NULL, 0.0, 200.0, 0.5, &correlation),
                     SNUG_ERROR_ARGUMENT);
    expect_location("mean and variance:");
}
END_TEST

static void forward_nan(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = x[i] < -2.0F ? NAN : x[i];
    }
}

static void slope_nan(const void *config, size_t n, const float *x, float *dydx) {
    forward_nan(config, n, 1, x, dydx);
}

static void backward_nan(const void *config, size_t rows, size_t columns, const float *x,
                         const float *y, const float *dy, float *dx) {
    (void)y;
    (void)dy;
    forward_nan(config, rows, columns, x, dx);
}

START_TEST(functions_that_are_not_defined_everywhere_are_refused) {
    static const snug_activation_kind kind = {.base = {.name = "partly", .summary = "x from -2 on"},
                                              .flags = SNUG_READS_INPUT,
                                              .forward = forward_nan,
                                              .backward = backward_nan,
                                              .derivative = slope_nan};
    snug_theory_layer y;
    snug_theory_fixed_point point;
    ck_assert_int_eq(snug_register_activation(&kind), SNUG_OK);
    ck_assert_int_eq(snug_theory_activation("partly", NULL, 0.0, 1.0, &y), SNUG_ERROR_ARGUMENT);
    expect_location("mean and variance:");
    ck_assert_int_eq(snug_theory_find_fixed_point("partly", NULL, &point), SNUG_ERROR_ARGUMENT);
    expect_location("mean and variance:");
}
END_TEST

/* ---- without memory, and wrong arguments ----------------------------------------------------- */

/* The functions of the theory that take a specification, each with results of the right size. */
static snug_status call(int index) {
    static const char spec[] = "{\"type\": \"elu\", \"alpha\": 0.5}";
    snug_theory_layer layer;
    snug_theory_fixed_point point;
    double means[3] = {0.0}, variances[3] = {1.0}, correlation;
    switch (index) {
    case 0:
        return snug_theory_activation(spec, NULL, 0.0, 1.0, &layer);
    case 1:
        return snug_theory_iterate(spec, NULL, 2, means, variances);
    case 2:
        return snug_theory_find_fixed_point(spec, NULL, &point);
    default:
        return snug_theory_correlation(spec, NULL, 0.0, 1.0, 1.0, &correlation);
    }
}

START_TEST(every_allocation_may_fail) {
    snug_status status = SNUG_ERROR_MEMORY;
    size_t failures = 0;
    for (size_t i = 0; status != SNUG_OK; i++) {
        failing_start(i);
        status = call(_i);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert(status == SNUG_OK || status == SNUG_ERROR_MEMORY);
        failures += status != SNUG_OK;
    }
    ck_assert_uint_ge(failures, 2);
}
END_TEST

START_TEST(wrong_arguments_are_refused) {
    snug_theory_layer y;
    snug_theory_fixed_point point;
    double numbers[2] = {0.0};
    ck_assert_int_ne(snug_theory_activation("seluu", NULL, 0.0, 1.0, &y), SNUG_OK);
    expect_location("unknown activation \"seluu\"");
    ck_assert_int_ne(snug_theory_activation("softmax", NULL, 0.0, 1.0, &y), SNUG_OK);
    expect_location("softmax:");
    ck_assert_int_ne(snug_theory_activation(NULL, NULL, 0.0, 1.0, &y), SNUG_OK);
    expect_location("spec:");
    ck_assert_int_ne(snug_theory_activation("selu", NULL, 0.0, 1.0, NULL), SNUG_OK);
    expect_location("the layer:");
    ck_assert_int_ne(snug_theory_find_fixed_point("selu", NULL, NULL), SNUG_OK);
    expect_location("the fixed point:");
    ck_assert_int_ne(snug_theory_find_fixed_point("softmax", NULL, &point), SNUG_OK);
    expect_location("softmax:");
    ck_assert_int_ne(snug_theory_iterate("selu", NULL, 1, NULL, numbers), SNUG_OK);
    expect_location("the means:");
    ck_assert_int_ne(snug_theory_iterate("selu", NULL, 1, numbers, NULL), SNUG_OK);
    expect_location("the variances:");
    ck_assert_int_ne(snug_theory_correlation("selu", NULL, 0.0, 1.0, 1.5, numbers), SNUG_OK);
    expect_location("correlation:");
    ck_assert_int_ne(snug_theory_correlation("selu", NULL, 0.0, 1.0, 0.5, NULL), SNUG_OK);
    expect_location("the correlation:");
}
END_TEST

static Suite *theory_suite(void) {
    Suite *suite = suite_create("theory");
    TCase *tests = tcase_create("activations");
    tcase_add_test(tests, moments_of_standard_normal_numbers_are_the_golden_ones);
    tcase_add_loop_test(tests, jacobians_are_those_of_central_differences, 0, 6);
    tcase_add_test(tests, selu_has_an_attracting_fixed_point);
    tcase_add_loop_test(tests, fixed_points_that_were_solved_for_are_found, 0, 3);
    tcase_add_test(tests, activations_without_a_fixed_point_have_a_limit);
    tcase_add_loop_test(tests, standardized_activations_have_their_fixed_point, 0, 11);
    tcase_add_test(tests, fixed_points_next_to_each_other_are_found);
    tcase_add_test(tests, limits_from_both_sides_of_a_repelling_point_differ);
    tcase_add_test(tests,
                   lines_and_double_roots_of_fixed_points_are_neither_attracting_nor_repelling);
    tcase_add_test(tests, iterates_of_selu_are_the_golden_ones);
    tcase_add_test(tests, moments_of_the_exponential_function_are_exact_until_they_overflow);
    tcase_add_test(tests, moments_that_overflow_are_refused);
    tcase_add_loop_test(tests, correlations_of_relu_are_those_of_the_arc_cosine_kernel, 0, 7);
    tcase_add_test(tests, correlations_have_the_slopes_that_layers_give);
    tcase_add_test(tests, correlations_near_0_have_the_slope_of_functions_that_jump);
    tcase_add_loop_test(tests, correlations_stay_between_minus_1_and_1, 0, 3);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, 4);
    tcase_add_test(tests, wrong_arguments_are_refused);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many random numbers");
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, random_numbers_agree_with_the_quadrature);
    suite_add_tcase(suite, many);
    /* It registers a kind, which other tests would meet in one process, as under Valgrind. */
    TCase *own = tcase_create("own");
    tcase_set_tags(own, "exhaustive");
    tcase_add_test(own, functions_that_are_not_defined_everywhere_are_refused);
    suite_add_tcase(suite, own);
    return suite;
}

REGISTER_SUITE(theory_suite)
