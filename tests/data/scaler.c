/* Scaling: what it is fitted on, and columns that do not vary. */
#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "data/column_stats.h"
#include "data/gather.h"
#include "support/suite.h"
#include "support/tables.h"

START_TEST(fits_mean_and_deviation_of_the_view) {
    /* Rows 0, 2 and 3 are the view: 1, 4, 7 and -2, -2, -2 and 0.1, 0.1, 0.4. */
    static const float x[] = {1, -2, 0.1f, 99, 99, 99, 4, -2, 0.1f, 7, -2, 0.4f};
    snug_dataset *all = snug_dataset_from_arrays(x, 4, 3, NULL);
    snug_dataset *view = snug_dataset_select(all, (size_t[]){0, 2, 3}, 3);
    snug_scaler *scaler = snug_scaler_fit(view, SNUG_SCALING_STANDARD);
    ck_assert(scaler->scaling == SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 4);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(6), 1e-7f);
    ck_assert_float_eq(scaler->shift[1], -2);
    ck_assert_float_eq(scaler->factor[1], 1);
    ck_assert_float_eq(scaler->fill[1], -2);
    ck_assert_float_eq_tol(scaler->shift[2], 0.2f, 1e-7f);
    float out[3];
    snug_dataset_gather(view, scaler, NULL, 2, 1, out);
    ck_assert_float_eq_tol(out[0], 3 / sqrtf(6), 1e-6f);
    ck_assert_float_eq(out[1], 0);
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
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = 16777216 + 2 * (float)(i % 4);
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 1, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(5), 1e-7f);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

START_TEST(shifts_a_constant_column_of_any_length) {
    enum { ROWS = 777 };
    static float x[2 * ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[2 * i] = 0.1f;
        x[2 * i + 1] = (float)i;
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 2, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 0.1f);
    ck_assert_float_eq(scaler->factor[0], 1);
    ck_assert_float_eq(scaler->fill[0], 0.1f);
    ck_assert_float_eq(scaler->shift[1], 388);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/*
 * A column is constant in the training rows 1, 2 and 4 alone: 2024. New rows are as far from 0 as
 * they are from 2024, after each scaling.
 */
START_TEST(shifts_a_column_that_is_constant_in_the_training_rows) {
    static const float x[] = {2019, 7, 2024, 3, 2024, 9, 2031.5f, 2, 2024, 5};
    for (int scaling = SNUG_SCALING_STANDARD; scaling <= SNUG_SCALING_ROBUST; scaling++) {
        snug_dataset *all = snug_dataset_from_arrays(x, 5, 2, NULL);
        snug_dataset *training = snug_dataset_select(all, (size_t[]){1, 2, 4}, 3);
        snug_scaler *scaler = snug_scaler_fit(training, (snug_scaling)scaling);
        float shift = scaling == SNUG_SCALING_NONE ? 0 : 2024, out[10];
        ck_assert_float_eq(scaler->shift[0], shift);
        ck_assert_float_eq(scaler->factor[0], 1);
        snug_dataset_gather(all, scaler, NULL, 0, 5, out);
        for (size_t i = 0; i < 5; i++) {
            ck_assert_float_eq(out[2 * i], x[2 * i] - shift);
        }
        snug_scaler_free(scaler);
        snug_dataset_free(training);
        snug_dataset_free(all);
    }
}
END_TEST

/* 2023 in two rows of ten, 2024 in eight: the quartiles are equal. */
START_TEST(shifts_a_column_of_equal_quartiles) {
    static const float x[] = {2024, 2023, 2024, 2024, 2024, 2024, 2024, 2023, 2024, 2024};
    float out[10];
    snug_dataset *data = snug_dataset_from_arrays(x, 10, 1, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST);
    ck_assert(scaler->shift[0] == 2024 && scaler->factor[0] == 1);
    snug_dataset_gather(data, scaler, NULL, 0, 10, out);
    expect_floats(10, out, (float[]){0, -1, 0, 0, 0, 0, 0, -1, 0, 0});
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/*
 * Neighbouring floats, as a constant has them after rounding: 0.1f, 2024 and 2^30 with the next. A
 * new row of 0.35, 2025 and 2^30 + 2^20 is no further away than it is.
 */
START_TEST(does_not_enlarge_the_rounding_of_a_constant) {
    float x[5 * 3] = {0};
    for (size_t i = 0; i < 5; i++) {
        float upwards = i % 3 == 1 ? INFINITY : 0;
        x[3 * i] = nextafterf(0.1f, upwards > 0 ? upwards : 0.1f);
        x[3 * i + 1] = nextafterf(2024, upwards > 0 ? upwards : 2024);
        x[3 * i + 2] = nextafterf(1073741824, upwards > 0 ? upwards : 1073741824);
    }
    for (int scaling = SNUG_SCALING_STANDARD; scaling <= SNUG_SCALING_ROBUST; scaling++) {
        float row[] = {0.35f, 2025, 1073741824 + 1048576};
        snug_dataset *data = snug_dataset_from_arrays(x, 5, 3, NULL);
        snug_scaler *scaler = snug_scaler_fit(data, (snug_scaling)scaling);
        snug_scaler_apply(scaler, 1, row, row);
        if (scaling != SNUG_SCALING_NONE) {
            ck_assert_float_eq_tol(row[0], 0.25f, 1e-6f);
            ck_assert_float_eq_tol(row[1], 1, 1e-3f);
            ck_assert_float_le(row[2], 1048576);
            ck_assert_float_le(scaler->factor[2], 1);
        }
        snug_scaler_free(scaler);
        snug_dataset_free(data);
    }
}
END_TEST

/* A width whose inverse is no float: the smallest number above 0 beside 0. */
START_TEST(takes_a_width_without_an_inverse_for_a_constant) {
    static const float x[] = {0, 1e-45f, 0, 0, 1e-45f};
    for (int scaling = SNUG_SCALING_MIN_MAX; scaling <= SNUG_SCALING_ROBUST; scaling++) {
        snug_dataset *data = snug_dataset_from_arrays(x, 5, 1, NULL);
        snug_scaler *scaler = snug_scaler_fit(data, (snug_scaling)scaling);
        ck_assert(scaler->shift[0] == 0 && scaler->factor[0] == 1);
        snug_scaler_free(scaler);
        snug_dataset_free(data);
    }
}
END_TEST

/*
 * Rows 1 and 3 weigh 0: 1, 4 and 7 are left, and the missing values of one column become 9 and not
 * 5.
 */
START_TEST(leaves_out_rows_of_weight_0) {
    static const char *const expected[] = {"standard", "none", "min_max", "robust"};
    for (int scaling = SNUG_SCALING_STANDARD; scaling <= SNUG_SCALING_ROBUST; scaling++) {
        snug_dataset *data =
            read_text("a,b,w,y\n1,9,2,0.5\n1e9,1,0,1.5\n4,,0.5,2.5\n-1e9,1,0,3.5\n7,9,1,4.5\n",
                      &(snug_csv_options){.missing = SNUG_MISSING_MEAN, .weights = "w"});
        snug_scaler *scaler = snug_scaler_fit(data, (snug_scaling)scaling);
        ck_assert_msg(scaler != NULL, "%s: %s", expected[scaling], snug_error());
        float shift[] = {4, 0, 1, 4}, factor[] = {1 / sqrtf(6), 1, 1.0f / 6, 1.0f / 3};
        ck_assert_float_eq(scaler->shift[0], shift[scaling]);
        ck_assert_float_eq_tol(scaler->factor[0], factor[scaling], 1e-7f);
        ck_assert_float_eq(scaler->fill[0], 4);
        ck_assert_float_eq(scaler->fill[1], 9);
        snug_scaler_free(scaler);
        snug_dataset_free(data);
    }
}
END_TEST

START_TEST(refuses_rows_that_all_weigh_0) {
    static const float x[] = {1, 2, 5};
    snug_dataset *all = snug_dataset_from_arrays(x, 3, 1, NULL);
    ck_assert_int_eq(snug_dataset_set_weights(all, (float[]){0, 3, 0}), SNUG_OK);
    snug_dataset *view = snug_dataset_select(all, (size_t[]){0, 2}, 2);
    ck_assert_ptr_null(snug_scaler_fit(view, SNUG_SCALING_STANDARD));
    expect_error(SNUG_ERROR_DATA, "the training rows:");
    snug_dataset_free(view);
    snug_dataset_free(all);
}
END_TEST

/* Two columns by hand, one of them constant; a missing value counts nowhere. */
START_TEST(scales_by_extremes_and_quartiles) {
    snug_dataset *data =
        read_text("a,b\n3,5\n-1,5\n0,5\n10,5\n7,5\n,5\n", /* quartiles 0, 3 and 7 */
                  &(snug_csv_options){.task = SNUG_TASK_NONE, .missing = SNUG_MISSING_MEAN});
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_MIN_MAX);
    ck_assert(scaler->shift[0] == -1 && scaler->factor[0] == 1.0f / 11);
    ck_assert(scaler->shift[1] == 5 && scaler->factor[1] == 1);
    ck_assert_float_eq_tol(scaler->fill[0], 3.8f, 1e-6f);
    snug_scaler_free(scaler);
    scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST);
    ck_assert(scaler->shift[0] == 3 && scaler->factor[0] == 1.0f / 7);
    ck_assert(scaler->shift[1] == 5 && scaler->factor[1] == 1);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/*
 * More columns than are counted at once, more rows than are gathered at once; between neighbours.
 */
START_TEST(finds_the_quartiles_of_each_column) {
    enum { ROWS = 130, COLUMNS = 19 };
    static float x[ROWS * COLUMNS];
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < COLUMNS; j++) {
            x[i * COLUMNS + j] = (float)((i * 37 % ROWS) * (j + 1)); /* 0 to 129, times j + 1 */
        }
    }
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

static int by_value(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static double sorted_quantile(const float *sorted, size_t n, double share) {
    double place = share * (double)(n - 1);
    size_t below = (size_t)place;
    double low = sorted[below], high = below + 1 < n ? sorted[below + 1] : low;
    return low + (place - (double)below) * (high - low);
}

/*
 * Values of both signs, of all sizes, equal ones and both zeros; some missing; few and many
 * columns.
 */
START_TEST(finds_the_quartiles_that_sorting_finds) {
    enum { MOST = 4 * 9000 };
    static const size_t shapes[][2] = {{1, 3}, {2, 3}, {3, 2}, {101, 7}, {4, 9000}, {1000, 1}};
    static float x[MOST], column[MOST];
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        size_t rows = shapes[k][0], columns = shapes[k][1];
        for (size_t i = 0; i < rows * columns; i++) {
            float value = ldexpf((float)(i * 7919 % 1009) - 504, (int)(i * 31 % 47) - 23);
            x[i] = i % 11 == 5 ? -0.0f : i % 5 == 2 ? 3.25f : value;
        }
        x[rows * columns / 2] = rows > 1 ? NAN : 0;
        double *median = snug_alloc(columns, sizeof(double));
        double *width = snug_alloc(columns, sizeof(double));
        snug_storage storage = {.rows = rows, .columns = columns, .x = x, .missing = true};
        snug_dataset data = {.storage = &storage, .count = rows};
        ck_assert_int_eq(snug_column_quartiles(&data, median, width), SNUG_OK);
        for (size_t j = 0; j < columns; j++) {
            size_t n = 0;
            for (size_t i = 0; i < rows; i++) {
                column[n] = x[i * columns + j];
                n += isnan(column[n]) ? 0 : 1;
            }
            qsort(column, n, sizeof *column, by_value);
            ck_assert_double_eq(median[j], sorted_quantile(column, n, 0.5));
            ck_assert_double_eq(width[j], sorted_quantile(column, n, 0.75) -
                                              sorted_quantile(column, n, 0.25));
        }
        snug_release(median);
        snug_release(width);
    }
}
END_TEST

START_TEST(fits_bytes) {
    static const uint8_t x[] = {0, 5, 10, 5, 50, 5, 0, 5};
    snug_dataset *data = snug_dataset_from_bytes(x, 4, 2, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
    ck_assert_float_eq(scaler->shift[0], 15);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / sqrtf(425), 1e-7f);
    ck_assert_float_eq(scaler->shift[1], 5);
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
    expect_error(SNUG_ERROR_DATA, "column \"b\":");
    ck_assert_ptr_null(snug_scaler_fit(view, SNUG_SCALING_NONE));
    snug_dataset_free(view);
    snug_dataset_free(data);
}
END_TEST

static Suite *scaler_suite(void) {
    Suite *suite = suite_create("scaler");
    TCase *tests = directory_case(suite, "scaler");
    tcase_add_test(tests, fits_mean_and_deviation_of_the_view);
    tcase_add_test(tests, keeps_small_deviations_of_large_means);
    tcase_add_test(tests, shifts_a_constant_column_of_any_length);
    tcase_add_test(tests, shifts_a_column_that_is_constant_in_the_training_rows);
    tcase_add_test(tests, shifts_a_column_of_equal_quartiles);
    tcase_add_test(tests, does_not_enlarge_the_rounding_of_a_constant);
    tcase_add_test(tests, takes_a_width_without_an_inverse_for_a_constant);
    tcase_add_test(tests, leaves_out_rows_of_weight_0);
    tcase_add_test(tests, refuses_rows_that_all_weigh_0);
    tcase_add_test(tests, scales_by_extremes_and_quartiles);
    tcase_add_test(tests, finds_the_quartiles_of_each_column);
    tcase_add_test(tests, finds_the_quartiles_that_sorting_finds);
    tcase_add_test(tests, fits_bytes);
    tcase_add_test(tests, fills_missing_values);
    tcase_add_test(tests, fills_without_standardizing);
    tcase_add_test(tests, refuses_a_column_that_is_all_missing);
    return suite;
}

REGISTER_SUITE(scaler_suite)
