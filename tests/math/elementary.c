/* The exponential functions of kernels against the C library in double, on every path. */
#include <math.h>

#include "math/elementary.h"
#include "math/softmax.h"
#include "support/suite.h"

enum { BLOCK = 1024 };

SNUG_KERNEL(expm1_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        y[i] = snug_expm1_negative(fused, x[i]);
    }
}

SNUG_KERNEL(exp_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        y[i] = snug_exp_negative(fused, x[i]);
    }
}

SNUG_KERNEL(expm1_where_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        y[i] = snug_expm1_where_negative(fused, x[i]);
    }
}

SNUG_KERNEL(log1p_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        y[i] = snug_log1p_unit(fused, x[i]);
    }
}

SNUG_KERNEL(root_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        y[i] = snug_fast_sqrt(fused, x[i]);
    }
}

SNUG_KERNEL(sine_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        float cosine;
        snug_sincos_turns(fused, x[i], &y[i], &cosine);
    }
}

SNUG_KERNEL(cosine_block, (const float *x, float *y), (x, y)) {
#pragma omp simd
    for (size_t i = 0; i < BLOCK; i++) {
        float sine;
        snug_sincos_turns(fused, x[i], &sine, &y[i]);
    }
}

/* Distance of y from the exact value in steps of float there. */
static double error_in_ulp(float y, double exact) {
    int exponent;
    (void)frexp(fmax(fabs(exact), 0x1p-126), &exponent);
    return fabs((double)y - exact) / ldexp(1.0, exponent - 24);
}

typedef void block_fn(const float *x, float *y);

/* The largest error over float bit patterns first, first + 4999 ... below `end`. */
static double worst(block_fn *function, double (*exact)(double), uint32_t first, uint32_t end) {
    double largest = 0.0;
    for (uint32_t bits = first; bits < end;) {
        float x[BLOCK], y[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            x[i] = snug_float_of_bits(bits < end ? bits : first);
            bits += bits < end ? 4999 : 0;
        }
        function(x, y);
        for (int i = 0; i < BLOCK; i++) {
            double error = error_in_ulp(y[i], exact((double)x[i]));
            largest = error <= largest ? largest : error; /* NaN counts as an error */
        }
    }
    return largest;
}

enum { INFINITE = 0x7f800000, ONE = 0x3f800000 };

static const double turn = 6.283185307179586;

/*
 * Of t turns: whole and half turns are subtracted, exactly, so that near them the digits of pi do
 * not limit the accuracy.
 */
static double exact_sine(double t) {
    double part = t - nearbyint(t), rest = fabs(part) > 0.25 ? 0.5 - fabs(part) : fabs(part);
    return copysign(sin(turn * rest), part);
}

static double exact_cosine(double t) {
    return sin(turn * (0.25 - fabs(t - nearbyint(t))));
}

static const uint32_t sign = 0x80000000;

START_TEST(expm1_is_good_to_the_last_bits) {
    snug_cpu_force((snug_cpu)_i);
    ck_assert_double_le(worst(expm1_block, expm1, sign, sign + INFINITE), 1.5);
    ck_assert_double_le(worst(expm1_where_block, expm1, sign, sign + INFINITE), 1.5);
}
END_TEST

START_TEST(exp_is_good_to_the_last_bits_also_where_it_is_denormal) {
    snug_cpu_force((snug_cpu)_i);
    double error = worst(exp_block, exp, sign, sign + INFINITE);
    ck_assert_double_le(error, 1.5);
}
END_TEST

START_TEST(root_is_good_to_seven_digits) {
    const uint32_t normal = 0x00800000;
    float x[BLOCK] = {0.0F, INFINITY, NAN}, y[BLOCK];
    snug_cpu_force((snug_cpu)_i);
    ck_assert_double_le(worst(root_block, sqrt, normal, INFINITE), 10.0);
    root_block(x, y);
    ck_assert(y[0] == 0.0F && y[1] > 1.8e19F && y[1] < 1.9e19F && isnan(y[2]));
}
END_TEST

START_TEST(log1p_is_good_to_the_last_bits) {
    snug_cpu_force((snug_cpu)_i);
    ck_assert_double_le(worst(log1p_block, log1p, 0, ONE + 1), 3.0);
}
END_TEST

/* Any number of turns below 2^20, and of each sign. */
START_TEST(sine_and_cosine_are_good_to_the_last_bits) {
    const uint32_t least = 0x20000000, most = 0x49800000;
    snug_cpu_force((snug_cpu)_i);
    ck_assert_double_le(worst(sine_block, exact_sine, least, most), 2.0);
    ck_assert_double_le(worst(cosine_block, exact_cosine, least, most), 2.0);
    ck_assert_double_le(worst(sine_block, exact_sine, sign + least, sign + most), 2.0);
    ck_assert_double_le(worst(cosine_block, exact_cosine, sign + least, sign + most), 2.0);
}
END_TEST

START_TEST(sine_and_cosine_of_what_is_no_angle) {
    float x[BLOCK] = {0.0F, NAN, INFINITY, 3e38F, -1e9F}, s[BLOCK], c[BLOCK];
    snug_cpu_force((snug_cpu)_i);
    sine_block(x, s);
    cosine_block(x, c);
    ck_assert(s[0] == 0.0F && c[0] == 1.0F && isnan(s[1]) && isnan(c[1]));
    for (int i = 2; i < 5; i++) {
        ck_assert(isnan(s[i]) || fabsf(s[i]) <= 1.0F);
        ck_assert(isnan(c[i]) || fabsf(c[i]) <= 1.0F);
    }
}
END_TEST

START_TEST(ends_and_nan) {
    float x[BLOCK] = {-INFINITY, -0.0F, 0.0F, NAN, -NAN}, y[BLOCK];
    snug_cpu_force((snug_cpu)_i);
    expm1_where_block(x, y);
    ck_assert(y[0] == -1.0F && y[1] == 0.0F && y[2] == 0.0F);
    expm1_block(x, y);
    ck_assert(y[0] == -1.0F && y[1] == 0.0F && y[2] == 0.0F && isnan(y[3]) && isnan(y[4]));
    exp_block(x, y);
    ck_assert(y[0] == 0.0F && y[1] == 1.0F && y[2] == 1.0F && isnan(y[3]) && isnan(y[4]));
}
END_TEST

START_TEST(exp_in_double_serves_every_float) {
    for (double x = 0.0; x > -110.0; x -= 0.0371) {
        ck_assert_double_le(fabs(snug_exp_negative_double(SNUG_PORTABLE_FUSES, x) / exp(x) - 1.0),
                            1e-9);
    }
    ck_assert_double_nan(snug_exp_negative_double(SNUG_PORTABLE_FUSES, NAN));
    ck_assert_double_le(snug_exp_negative_double(SNUG_PORTABLE_FUSES, -INFINITY), 1e-80);
    ck_assert_double_eq(snug_exp_negative_double(SNUG_PORTABLE_FUSES, 1e300), 1.0);
}
END_TEST

START_TEST(the_largest_of_a_row_is_found_in_every_column) {
    float x[40];
    for (size_t n = 1; n <= 40; n++) {
        for (size_t place = 0; place < n; place++) {
            for (size_t i = 0; i < n; i++) {
                x[i] = -3.0F - (float)i;
            }
            x[place] = place % 2 == 0 ? -1.5F : 2.5F;
            ck_assert_float_eq(snug_largest(n, x), x[place]);
        }
    }
}
END_TEST

START_TEST(many_logarithms_sum_as_one) {
    snug_log_product logs = {.product = 1.0, .sum = 0.0};
    double sum = 0.0;
    for (int i = 0; i < 1000; i++) {
        double number = 1.0 + 1e15 * (double)(i % 7);
        snug_log_product_add(&logs, number);
        sum += log(number);
    }
    ck_assert_double_eq_tol(snug_log_product_total(&logs), sum, 1e-9 * sum);
}
END_TEST

static Suite *elementary_suite(void) {
    Suite *suite = suite_create("elementary");
    TCase *tests = tcase_create("functions");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, sine_and_cosine_are_good_to_the_last_bits, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, sine_and_cosine_of_what_is_no_angle, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, expm1_is_good_to_the_last_bits, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, exp_is_good_to_the_last_bits_also_where_it_is_denormal, 0,
                        SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, log1p_is_good_to_the_last_bits, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, root_is_good_to_seven_digits, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, ends_and_nan, 0, SNUG_CPU_COUNT);
    tcase_add_test(tests, exp_in_double_serves_every_float);
    tcase_add_test(tests, the_largest_of_a_row_is_found_in_every_column);
    tcase_add_test(tests, many_logarithms_sum_as_one);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(elementary_suite)
