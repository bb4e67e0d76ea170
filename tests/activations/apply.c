/* snug_activation_apply(), softmax, and the table of each kind. */
#include <math.h>
#include <string.h>

#include <snug/activation.h>

#include "cpu/cpu.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

START_TEST(apply_takes_names_and_objects) {
    const float x[3] = {0.11F, -2.2F, 0.0F};
    float y[3], dydx[3];
    ck_assert_int_eq(snug_activation_apply("elu", 3, x, y, dydx), SNUG_OK);
    ck_assert_float_eq(y[0], 0.11F);
    ck_assert_float_eq_tol(y[1], -0.88919684F, 1e-7F);
    ck_assert_float_eq_tol(dydx[1], 0.11080316F, 1e-8F);
    ck_assert_float_eq(dydx[2], 1.0F);
    const char *scaled = "{\"type\": \"elu\", \"alpha\": 1.5}";
    ck_assert_int_eq(snug_activation_apply(scaled, 3, x, NULL, dydx), SNUG_OK);
    ck_assert_float_eq(dydx[2], 1.5F);
    ck_assert_int_eq(snug_activation_apply("leaky_relu", 3, x, y, NULL), SNUG_OK);
    ck_assert_float_eq_tol(y[1], -0.022F, 1e-9F);
}
END_TEST

START_TEST(apply_works_in_place) {
    float x[2] = {3.0F, -1.0F}, dydx[2];
    ck_assert_int_eq(snug_activation_apply("relu", 2, x, x, dydx), SNUG_OK);
    ck_assert_float_eq(x[1], 0.0F);
    ck_assert_float_eq(dydx[0], 1.0F);
    ck_assert_float_eq(dydx[1], 0.0F);
    x[1] = -1.0F;
    ck_assert_int_eq(snug_activation_apply("sigmoid", 2, x, x, dydx), SNUG_OK);
    ck_assert_float_eq_tol(x[1], 0.26894143F, 1e-7F);
    ck_assert_float_eq_tol(dydx[1], 0.19661193F, 1e-7F);
}
END_TEST

START_TEST(apply_of_nothing_is_no_error) {
    ck_assert_int_eq(snug_activation_apply("tanh", 0, NULL, NULL, NULL), SNUG_OK);
}
END_TEST

START_TEST(apply_says_what_is_wrong) {
    float x[2] = {1.0F, 2.0F}, y[2];
    ck_assert_int_eq(snug_activation_apply(NULL, 2, x, y, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("spec:");
    ck_assert_int_eq(snug_activation_apply("elu", 2, NULL, y, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("x:");
    ck_assert_int_eq(snug_activation_apply("softmax", 2, x, y, y), SNUG_ERROR_ARGUMENT);
    expect_location("softmax:");
    ck_assert_int_ne(snug_activation_apply("selo", 2, x, y, NULL), SNUG_OK);
    ck_assert_ptr_nonnull(strstr(snug_error(), "selu"));
}
END_TEST

/* Every field's range, through the location that its table makes. */
START_TEST(parameters_have_ranges) {
    static const char *const wrong[] = {
        "{\"type\": \"elu\", \"alpha\": 0}",          "{\"type\": \"elu\", \"alpha\": -1}",
        "{\"type\": \"selu\", \"scale\": 0}",         "{\"type\": \"selu\", \"alpha\": -0.5}",
        "{\"type\": \"leaky_relu\", \"slope\": 1.5}", "{\"type\": \"leaky_relu\", \"slope\": -0.1}",
        "{\"type\": \"elu\", \"scale\": 2}",          "{\"type\": \"relu\", \"alpha\": 1}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(snug_activation_apply(wrong[i], 0, NULL, NULL, NULL) == SNUG_ERROR_CONFIG,
                      "%s is taken", wrong[i]);
    }
}
END_TEST

START_TEST(selu_has_the_constants_of_the_paper) {
    float x = 1.0F, y;
    ck_assert_double_eq(SNUG_SELU_ALPHA, 0x1.ac5afad782cf1p+0);
    ck_assert_double_eq(SNUG_SELU_SCALE, 0x1.0cfabd6a91132p+0);
    ck_assert_int_eq(snug_activation_apply("selu", 1, &x, &y, NULL), SNUG_OK);
    ck_assert_float_eq(y, 1.0507009873554805F);
    x = -INFINITY;
    ck_assert_int_eq(snug_activation_apply("selu", 1, &x, &y, NULL), SNUG_OK);
    ck_assert_float_eq_tol(y, -1.7580993F, 2e-7F);
}
END_TEST

/* ---- softmax --------------------------------------------------------------------------------- */

START_TEST(softmax_is_stable) {
    float x[3] = {1000.0F, -1000.0F, 999.0F}, y[3];
    snug_cpu_force((snug_cpu)_i);
    ck_assert_int_eq(snug_activation_apply("softmax", 3, x, y, NULL), SNUG_OK);
    ck_assert_float_eq_tol(y[0], 0.7310586F, 1e-7F);
    ck_assert_float_eq(y[1], 0.0F);
    ck_assert_float_eq_tol(y[2], 0.26894143F, 1e-7F);
    x[0] = NAN;
    ck_assert_int_eq(snug_activation_apply("softmax", 3, x, y, NULL), SNUG_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_float_nan(y[i]);
    }
}
END_TEST

START_TEST(softmax_sums_to_one_a_row) {
    enum { ROWS = 4, COLUMNS = 37 };
    float x[ROWS * COLUMNS], y[ROWS * COLUMNS];
    snug_cpu_force((snug_cpu)_i);
    snug_object *softmax = activation_new("softmax");
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        x[i] = 8.0F * sinf((float)i);
    }
    x[2 * COLUMNS + 5] = NAN;
    activation_kind(softmax)->forward(NULL, ROWS, COLUMNS, x, y);
    for (int r = 0; r < ROWS; r++) {
        double sum = 0.0;
        for (int j = 0; j < COLUMNS; j++) {
            sum += (double)y[r * COLUMNS + j];
        }
        if (r == 2) {
            ck_assert_double_nan(sum);
        } else {
            ck_assert_double_eq_tol(sum, 1.0, 1e-6);
        }
    }
    snug_object_free(softmax);
}
END_TEST

static Suite *apply_suite(void) {
    Suite *suite = suite_create("apply");
    TCase *tests = tcase_create("calls");
    tcase_add_test(tests, apply_takes_names_and_objects);
    tcase_add_test(tests, apply_works_in_place);
    tcase_add_test(tests, apply_of_nothing_is_no_error);
    tcase_add_test(tests, apply_says_what_is_wrong);
    tcase_add_test(tests, parameters_have_ranges);
    tcase_add_test(tests, selu_has_the_constants_of_the_paper);
    tcase_add_loop_test(tests, softmax_is_stable, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, softmax_sums_to_one_a_row, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(apply_suite)
