/* The block of moments: that of a model without parameters, and guards between its vectors. */
#include <check.h>

#include "one_step.h"
#include "optim/optimizer.h"
#include "support/overrun.h" /* IWYU pragma: keep */
#include "support/suite.h"

START_TEST(no_parameters_have_moments_of_no_numbers) {
    float none[1] = {7};
    snug_optimizer *adam = snug_optimizer_new("adam");
    ck_assert_int_eq(one_step(adam, 0, 1.0, none, none), SNUG_OK);
    ck_assert_ptr_nonnull(adam->moments);
    ck_assert_float_eq(none[0], 7);
    snug_optimizer_free(adam);
}
END_TEST

#if SNUG_GUARDS
START_TEST(an_overrun_of_a_moment_is_reported) {
    enum { N = 29 };
    float gradient[N] = {1}, parameters[N] = {2};
    snug_optimizer *adam = snug_optimizer_new("adam");
    ck_assert_int_eq(one_step(adam, N, 1.0, gradient, parameters), SNUG_OK);
    assert_exact(adam->moments, N * sizeof(float));
    assert_exact(adam->moments + adam->stride, N * sizeof(float));
    snug_optimizer_free(adam);
}
END_TEST
#endif

static Suite *moments_suite(void) {
    Suite *suite = suite_create("moments");
    TCase *tests = tcase_create("moments");
    tcase_add_test(tests, no_parameters_have_moments_of_no_numbers);
#if SNUG_GUARDS
    tcase_add_test(tests, an_overrun_of_a_moment_is_reported);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(moments_suite)
