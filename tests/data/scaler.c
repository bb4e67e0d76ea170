/* Standardization: what it is fitted on, and what it leaves alone. */
#include <math.h>

#include "support.h"

START_TEST(fits_mean_and_deviation_of_the_view) {
    /* Rows 0, 2 and 3 are the view: 1, 4, 7 and -2, -2, -2 and 0.1, 0.1, 0.4. */
    static const float x[] = {1, -2, 0.1f, 99, 99, 99, 4, -2, 0.1f, 7, -2, 0.4f};
    snug_dataset *all = snug_dataset_from_arrays(x, 4, 3, NULL);
    snug_dataset *view = snug_dataset_select(all, (size_t[]){0, 2, 3}, 3);
    snug_scaler *scaler = snug_scaler_fit(view, SNUG_SCALING_STANDARD);
    ck_assert(scaler->scaling == SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 4);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(6), 1e-7f);
    ck_assert_float_eq(scaler->shift[1], 0);
    ck_assert_float_eq(scaler->factor[1], 1);
    ck_assert_float_eq(scaler->fill[1], -2);
    ck_assert_float_eq_tol(scaler->shift[2], 0.2f, 1e-7f);
    float out[3];
    snug_dataset_gather(view, scaler, NULL, 2, 1, out);
    ck_assert_float_eq_tol(out[0], 3 / sqrtf(6), 1e-6f);
    ck_assert_float_eq(out[1], -2);
    ck_assert_float_eq_tol(out[2], sqrtf(2), 1e-5f);
    snug_scaler_free(scaler);
    snug_dataset_free(view);
    snug_dataset_free(all);
    snug_scaler_free(NULL);
}
END_TEST

/* 16777216 + {0, 2, 4, 6}: sums in float would lose the differences. */
START_TEST(keeps_small_deviations_of_large_means) {
    enum { ROWS = 1000 };
    static float x[ROWS];
    for (size_t i = 0; i < ROWS; i++)
        x[i] = 16777216 + 2 * (float)(i % 4);
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 1, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(5), 1e-7f);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

START_TEST(leaves_a_constant_column_at_any_length) {
    enum { ROWS = 777 };
    static float x[2 * ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[2 * i] = 0.1f;
        x[2 * i + 1] = (float)i;
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 2, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 0);
    ck_assert_float_eq(scaler->factor[0], 1);
    ck_assert_float_eq(scaler->fill[0], 0.1f);
    ck_assert_float_eq(scaler->shift[1], 388);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/* Two columns by hand, one of them constant; a missing value counts nowhere. */
START_TEST(scales_by_extremes_and_quartiles) {
    snug_dataset *data =
        read_text("a,b\n3,5\n-1,5\n0,5\n10,5\n7,5\n,5\n", /* quartiles 0, 3 and 7 */
                  &(snug_csv_options){.task = SNUG_TASK_NONE, .missing = SNUG_MISSING_MEAN});
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_MIN_MAX);
    ck_assert(scaler->shift[0] == -1 && scaler->factor[0] == 1.0f / 11);
    ck_assert(scaler->shift[1] == 0 && scaler->factor[1] == 1);
    ck_assert_float_eq_tol(scaler->fill[0], 3.8f, 1e-6f);
    snug_scaler_free(scaler);
    scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST);
    ck_assert(scaler->shift[0] == 3 && scaler->factor[0] == 1.0f / 7);
    ck_assert(scaler->shift[1] == 0 && scaler->factor[1] == 1);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/* More columns than are sorted at once, more rows than are gathered at once; between neighbours. */
START_TEST(finds_the_quartiles_of_each_column) {
    enum { ROWS = 130, COLUMNS = 19 };
    static float x[ROWS * COLUMNS];
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            x[i * COLUMNS + j] = (float)((i * 37 % ROWS) * (j + 1)); /* 0 to 129, times j + 1 */
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, COLUMNS, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST);
    for (size_t j = 0; j < COLUMNS; j++) {
        ck_assert_float_eq_tol(scaler->shift[j], 64.5f * (float)(j + 1), 1e-4f);
        ck_assert_float_eq_tol(1 / scaler->factor[j], 64.5f * (float)(j + 1), 1e-3f);
    }
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

START_TEST(fits_bytes) {
    static const uint8_t x[] = {0, 5, 10, 5, 50, 5, 0, 5};
    snug_dataset *data = snug_dataset_from_bytes(x, 4, 2, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 15);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(425), 1e-7f);
    ck_assert_float_eq(scaler->shift[1], 0);
    ck_assert_float_eq(scaler->factor[1], 1);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

static const char table[] = "a,b,y\n1,,0.5\n?,8,1.5\n4,2,2.5\n1,NA,3.5\n";

START_TEST(fills_missing_values) {
    snug_dataset *data = read_text(table, &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 2);
    ck_assert_float_eq(scaler->fill[1], 5);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(2), 1e-7f);
    ck_assert_float_eq_tol(scaler->factor[1], 1.0f / 3, 1e-7f);
    float out[4];
    snug_dataset_gather(data, scaler, NULL, 0, 2, out);
    ck_assert_float_eq_tol(out[0], -1 / sqrtf(2), 1e-6f);
    ck_assert_float_eq(out[1], 0);
    ck_assert_float_eq(out[2], 0);
    ck_assert_float_eq_tol(out[3], 1, 1e-6f);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

START_TEST(fills_without_standardizing) {
    snug_dataset *data = read_text(table, &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_NONE);
    snug_scaler *copy = snug_scaler_copy(scaler);
    snug_scaler_free(scaler);
    ck_assert(copy->scaling == SNUG_SCALING_NONE);
    float out[4];
    snug_dataset_gather(data, copy, NULL, 0, 2, out);
    expect_floats(4, out, (float[]){1, 5, 2, 8});
    float raw[] = {NAN, 3, 7, NAN};
    snug_scaler_apply(copy, 2, raw, raw);
    expect_floats(4, raw, (float[]){2, 3, 7, 5});
    snug_scaler_free(copy);
    snug_dataset_free(data);
}
END_TEST

START_TEST(refuses_a_column_that_is_all_missing) {
    snug_dataset *data = read_text("a,b,y\n1,?,0.5\n2,3,1.5\n4,,2.5\n",
                                   &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    snug_dataset *view = snug_dataset_select(data, (size_t[]){2, 0}, 2);
    ck_assert_ptr_null(snug_scaler_fit(view, SNUG_SCALING_STANDARD));
    expect_error(SNUG_ERROR_DATA, "column \"b\": every value of the training rows is missing");
    ck_assert_ptr_null(snug_scaler_fit(view, SNUG_SCALING_NONE));
    snug_dataset_free(view);
    snug_dataset_free(data);
}
END_TEST

Suite *scaler_suite(void) {
    Suite *suite = suite_create("scaler");
    TCase *tests = directory_case(suite, "scaler");
    tcase_add_test(tests, fits_mean_and_deviation_of_the_view);
    tcase_add_test(tests, keeps_small_deviations_of_large_means);
    tcase_add_test(tests, leaves_a_constant_column_at_any_length);
    tcase_add_test(tests, scales_by_extremes_and_quartiles);
    tcase_add_test(tests, finds_the_quartiles_of_each_column);
    tcase_add_test(tests, fits_bytes);
    tcase_add_test(tests, fills_missing_values);
    tcase_add_test(tests, fills_without_standardizing);
    tcase_add_test(tests, refuses_a_column_that_is_all_missing);
    return suite;
}
