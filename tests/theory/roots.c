/* Roots of functions of one variable: next to each other, double, and whole lines of them. */
#include "support.h"
#include "support/suite.h"
#include "theory/roots.h"

enum { POINTS = 21 };

/* A polynomial whose roots are .at[0 .. count - 1], and which is 0 between .from and .to. */
typedef struct polynomial {
    double at[4];
    int count;
    double from, to;
} polynomial;

static double value(const void *context, double x) {
    const polynomial *p = context;
    double product = x >= p->from && x <= p->to ? 0.0 : 1.0;
    for (int i = 0; i < p->count; i++) {
        product *= x - p->at[i];
    }
    return product;
}

/* Finds the roots on a grid of 0.1 from -1 to 1. */
static snug_roots find(const polynomial *p) {
    snug_roots roots = {.count = 0};
    snug_real_function f = {value, p, 1e-14};
    double x[POINTS];
    for (int i = 0; i < POINTS; i++) {
        x[i] = -1.0 + 0.1 * i;
    }
    snug_roots_find(&f, x, POINTS, &roots);
    return roots;
}

static void expect_roots(const polynomial *p, const double *expected, size_t count,
                         double tolerance) {
    snug_roots roots = find(p);
    ck_assert_uint_eq(roots.count, count);
    for (size_t i = 0; i < count; i++) {
        expect_close("root", roots.at[i], expected[i], tolerance);
    }
}

START_TEST(single_roots_are_found_at_and_between_the_points) {
    polynomial p = {{-0.73, 0.0, 0.98}, 3, 2.0, 2.0};
    expect_roots(&p, p.at, 3, 1e-14);
}
END_TEST

START_TEST(two_roots_between_two_points_are_found) {
    polynomial p = {{-0.46, -0.43, 0.81, 0.811}, 4, 2.0, 2.0};
    expect_roots(&p, p.at, 4, 1e-13);
}
END_TEST

START_TEST(double_roots_are_found_once) {
    polynomial p = {{0.33, 0.33}, 2, 2.0, 2.0};
    expect_roots(&p, p.at, 1, 1e-6);
}
END_TEST

START_TEST(a_minimum_above_0_is_no_root) {
    polynomial p = {{2.0, 2.0}, 2, 3.0, 3.0};
    expect_roots(&p, NULL, 0, 0.0);
}
END_TEST

START_TEST(a_line_of_roots_is_none) {
    polynomial p = {{0.5}, 1, -0.25, 0.15};
    expect_roots(&p, p.at, 1, 1e-14);
}
END_TEST

START_TEST(no_more_roots_are_added_than_fit) {
    snug_roots roots = {.count = 0};
    for (int i = 0; i < SNUG_ROOTS_MAX + 3; i++) {
        snug_roots_add(&roots, i);
    }
    ck_assert_uint_eq(roots.count, SNUG_ROOTS_MAX);
}
END_TEST

static Suite *roots_suite(void) {
    Suite *suite = suite_create("roots");
    TCase *tests = tcase_create("roots");
    tcase_add_test(tests, single_roots_are_found_at_and_between_the_points);
    tcase_add_test(tests, two_roots_between_two_points_are_found);
    tcase_add_test(tests, double_roots_are_found_once);
    tcase_add_test(tests, a_minimum_above_0_is_no_root);
    tcase_add_test(tests, a_line_of_roots_is_none);
    tcase_add_test(tests, no_more_roots_are_added_than_fit);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(roots_suite)
