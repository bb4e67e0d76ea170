/* Moments by quadrature, against closed forms. */
#include <math.h>

#include "support/suite.h"
#include "theory/quadrature.h"

static double relu(const void *context, double x) {
    (void)context;
    return x > 0.0 ? x : 0.0;
}

static double relu_slope(const void *context, double x) {
    (void)context;
    return x > 0.0 ? 1.0 : 0.0;
}

/* The error function. */
static double erf_value(const void *context, double x) {
    (void)context;
    return erf(x);
}

static double erf_slope(const void *context, double x) {
    (void)context;
    return 1.1283791670955126 * exp(-x * x);
}

static double power(const void *context, double x) {
    return pow(x, *(const double *)context);
}

static double power_slope(const void *context, double x) {
    double exponent = *(const double *)context;
    return exponent * pow(x, exponent - 1.0);
}

static void close_to(const char *what, double value, double expected, double size) {
    ck_assert_msg(fabs(value - expected) <= 1e-13 * size, "%s: %.17g, not %.17g", what, value,
                  expected);
}

static const double means[] = {0.0, 0.3, -2.5, 40.0};
static const double variances[] = {1e-12, 1e-3, 1.0, 7.0, 1e4};

enum { MEANS = sizeof means / sizeof *means, CASES = MEANS * sizeof variances / sizeof *variances };

/* Johnson et al., "Continuous univariate distributions": the rectified normal distribution. */
START_TEST(moments_of_relu_are_those_of_the_rectified_normal_distribution) {
    static const double kink = 0.0;
    double m = means[_i % MEANS], v = variances[_i / MEANS], s = sqrt(v);
    double above = 0.5 * erfc(-m / (s * sqrt(2.0)));
    double density = exp(-0.5 * m * m / v) / sqrt(2.0 * acos(-1.0));
    double mean = m * above + s * density, second = (m * m + v) * above + m * s * density;
    for (size_t kinks = 0; kinks < 2; kinks++) {
        snug_scalar_function f = {relu, relu_slope, NULL, &kink, kinks, 0.0};
        snug_gaussian_moments y = snug_theory_moments(&f, m, v);
        close_to("mean", y.mean, mean, fmax(fabs(m), s));
        close_to("second moment", y.second_moment, second, m * m + v);
        close_to("slope", y.slope, above, 1.0);
        close_to("squared slope", y.squared_slope, above, 1.0);
    }
}
END_TEST

/* E erf(z), and for mean 0 E erf(z)^2 = 2/pi asin(2 v / (1 + 2 v)) (Williams 1997). */
START_TEST(moments_of_erf_are_known_in_closed_form) {
    double m = means[_i % MEANS], v = variances[_i / MEANS], pi = acos(-1.0);
    snug_scalar_function f = {.value = erf_value, .derivative = erf_slope};
    snug_gaussian_moments y = snug_theory_moments(&f, m, v);
    close_to("mean", y.mean, erf(m / sqrt(1.0 + 2.0 * v)), 1.0);
    close_to("slope", y.slope, 2.0 / sqrt(pi * (1.0 + 2.0 * v)) * exp(-m * m / (1.0 + 2.0 * v)),
             1.0);
    close_to("squared slope", y.squared_slope,
             4.0 / pi / sqrt(1.0 + 4.0 * v) * exp(-2.0 * m * m / (1.0 + 4.0 * v)), 1.0);
    if (m == 0.0) {
        close_to("variance", y.variance, 2.0 / pi * asin(2.0 * v / (1.0 + 2.0 * v)), y.variance);
    }
}
END_TEST

/* z^2 has the variance 4 m^2 v + 2 v^2, which E f^2 - (E f)^2 would lose where v is small. */
START_TEST(a_variance_far_below_the_mean_keeps_its_digits) {
    double m = means[_i % MEANS], v = variances[_i / MEANS], exponent = 2.0;
    snug_scalar_function f = {.value = power, .derivative = power_slope, .context = &exponent};
    snug_gaussian_moments y = snug_theory_moments(&f, m, v);
    double variance = 4.0 * m * m * v + 2.0 * v * v;
    double rounding = 1e-13 + 1e-15 * fabs(m) / sqrt(v);
    ck_assert_double_eq_tol(y.variance, variance, variance * rounding);
    close_to("mean", y.mean, m * m + v, m * m + v);
}
END_TEST

START_TEST(a_variance_of_zero_gives_the_moments_of_a_constant) {
    double exponent = 3.0;
    snug_scalar_function f = {.value = power, .derivative = power_slope, .context = &exponent};
    snug_gaussian_moments y = snug_theory_moments(&f, 2.0, 0.0);
    ck_assert(y.mean == 8.0 && y.variance == 0.0 && y.second_moment == 64.0);
    ck_assert(y.slope == 12.0 && y.squared_slope == 144.0);
}
END_TEST

static Suite *quadrature_suite(void) {
    Suite *suite = suite_create("quadrature");
    TCase *tests = tcase_create("moments");
    tcase_add_loop_test(tests, moments_of_relu_are_those_of_the_rectified_normal_distribution, 0,
                        CASES);
    tcase_add_loop_test(tests, moments_of_erf_are_known_in_closed_form, 0, CASES);
    tcase_add_loop_test(tests, a_variance_far_below_the_mean_keeps_its_digits, 0, CASES);
    tcase_add_test(tests, a_variance_of_zero_gives_the_moments_of_a_constant);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(quadrature_suite)
