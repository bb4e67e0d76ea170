/* Operations on vectors against sums by hand, with sizes that no width of vectors divides. */
#include <math.h>

#include "cpu/cpu.h"
#include "math/vector.h"
#include "support/suite.h"

enum { N = 67 };

static void fill(float *x, float factor) {
    for (int i = 0; i < N; i++) {
        x[i] = factor * (float)(i % 13 - 5) + 0.25F * (float)i;
    }
}

START_TEST(norm) {
    float x[N];
    double sum = 0.0;
    fill(x, 1.5F);
    for (int i = 0; i < N; i++) {
        sum += (double)x[i] * (double)x[i];
    }
    ck_assert_double_eq_tol(snug_norm(N, x), sqrt(sum), 1e-12 * sqrt(sum));
    ck_assert_double_eq_tol(snug_norm(2, (float[]){3e30F, -4e30F}), 5e30, 1e24);
    ck_assert_double_eq(snug_norm(0, x), 0.0);
}
END_TEST

START_TEST(scales_clamps_moves_and_swaps) {
    float x[N], y[N], a[N], b[N];
    fill(x, 1.5F);
    fill(a, 1.5F);
    fill(y, -0.5F);
    fill(b, -0.5F);
    snug_scale(N, 0.5F, a);
    for (int i = 0; i < N; i++) {
        ck_assert_float_eq(a[i], 0.5F * x[i]);
    }
    snug_clamp(N, 3.0F, a);
    for (int i = 0; i < N; i++) {
        ck_assert_float_eq(a[i], fmaxf(-3.0F, fminf(3.0F, 0.5F * x[i])));
    }
    snug_lerp(N, 0.25F, x, b);
    for (int i = 0; i < N; i++) {
        ck_assert_float_eq(b[i], y[i] + 0.25F * (x[i] - y[i]));
    }
    snug_swap(N, x, y);
    fill(a, 1.5F);
    fill(b, -0.5F);
    for (int i = 0; i < N; i++) {
        ck_assert_float_eq(y[i], a[i]);
        ck_assert_float_eq(x[i], b[i]);
    }
    a[5] = NAN;
    snug_clamp(N, 1.0F, a);
    ck_assert(isnan(a[5]));
}
END_TEST

/* Products of these numbers and their sums have few digits: they are exact in float. */
START_TEST(adds_products) {
    float a[N], b[N], bias[N], sums[N], y[N];
    double sum = 0.0;
    snug_cpu_force((snug_cpu)_i);
    fill(a, 1.5F);
    fill(b, -0.5F);
    fill(bias, 2.0F);
    fill(sums, 2.0F);
    for (int i = 0; i < N; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    ck_assert_double_eq(snug_dot(N, a, b), sum);
    ck_assert_double_eq(snug_dot(0, a, b), 0.0);
    snug_add_products(N, a, b, sums);
    snug_affine(N - 1, a, b, bias, y);
    y[N - 1] = 7.0F;
    snug_affine(N, a, b, bias, a); /* in place */
    for (int i = 0; i < N; i++) {
        ck_assert_float_eq(sums[i], a[i]);
        ck_assert_float_eq(i < N - 1 ? y[i] : a[i], a[i]);
    }
    ck_assert_float_eq(y[N - 1], 7.0F);
    fill(y, 1.5F);
    ck_assert_float_eq(a[N - 1], bias[N - 1] + y[N - 1] * b[N - 1]);
}
END_TEST

START_TEST(scales_columns) {
    float factors[N], x[3 * N], y[3 * N], z[3 * N];
    snug_cpu_force((snug_cpu)_i);
    fill(factors, -0.5F);
    for (int i = 0; i < 3; i++) {
        fill(x + i * N, 1.5F * (float)(i + 1));
        fill(z + i * N, 1.5F * (float)(i + 1));
    }
    snug_scale_columns(3, N, factors, x, y);
    snug_scale_columns(2, N, factors, z, z); /* in place */
    for (int i = 0; i < 3 * N; i++) {
        ck_assert_float_eq(y[i], factors[i % N] * x[i]);
        ck_assert_float_eq(z[i], i < 2 * N ? y[i] : x[i]);
    }
}
END_TEST

START_TEST(finds_the_largest_absolute_value) {
    ck_assert_double_eq(snug_largest_absolute(4, (float[]){1.0F, -3.5F, NAN, 2.0F}), 3.5);
    ck_assert_double_eq(snug_largest_absolute(2, (float[]){1.0F, -INFINITY}), INFINITY);
    ck_assert_double_eq(snug_largest_absolute(0, NULL), 0.0);
}
END_TEST

static Suite *vector_suite(void) {
    Suite *suite = suite_create("vector");
    TCase *tests = tcase_create("vector");
    tcase_add_test(tests, norm);
    tcase_add_test(tests, scales_clamps_moves_and_swaps);
    tcase_add_loop_test(tests, adds_products, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, scales_columns, 0, SNUG_CPU_COUNT);
    tcase_add_test(tests, finds_the_largest_absolute_value);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(vector_suite)
