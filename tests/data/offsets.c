/* Offsets: which columns need one, and rows that are stored relative to it. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "data/gather.h"
#include "schema/offsets.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 50 };

static const double start = 1.7e9; /* the 14th of November 2023, in seconds since 1970 */

START_TEST(gives_offsets_to_columns_that_floats_would_spoil) {
    static const struct {
        double low, high, error, offset;
    } cases[] = {
        {1.7e9 + 1, 1.7e9 + 60, 60, 1700000030},
        {1.7e9, 1.7e9 + 0.9, 0.9, 1700000000}, /* 1700000000.4 is no shorter */
        {-20000003, -20000001, 1, -20000002},
        {1013.2, 1013.9, 2e-5, 1013.6}, /* pressures, by the minute */
        {0, 1.7e9, 64, 0},
        {970, 1040, 3e-5, 0},
        {47.1559, 47.7776, 1.9e-7, 0},
        {5, 5, 1e-7, 0},                                       /* constant */
        {101325.1, 101325.1 * (1 + 4 * DBL_EPSILON), 1e-3, 0}, /* rounding of a constant */
        {-DBL_MAX, DBL_MAX, 1e300, 0},
        {INFINITY, -INFINITY, 0, 0}, /* no values */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const snug_column_span span = {cases[i].low, cases[i].high, cases[i].error};
        double offset = snug_span_offset(&span);
        ck_assert_msg(offset == cases[i].offset, "%zu: %.17g", i, offset);
        ck_assert(offset == 0 || (offset >= span.low && offset <= span.high));
    }
}
END_TEST

/* Seconds every 0.1 s from a start, and a column that floats hold. */
static snug_dataset *clock_from(double first) {
    static double x[2 * ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[2 * i] = first + (double)i / 8;
        x[2 * i + 1] = 0.1 * (double)i;
    }
    snug_dataset *data = snug_dataset_from_arrays_f64(x, ROWS, 2, NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    memset(x, 0, sizeof x); /* they were copied */
    return data;
}

START_TEST(keeps_the_digits_of_doubles) {
    snug_dataset *data = clock_from(start);
    ck_assert_double_eq(data->storage->offsets[0], start);
    ck_assert_double_eq(data->storage->offsets[1], 0);
    for (size_t i = 0; i < ROWS; i++) {
        double row[2];
        ck_assert_int_eq(snug_dataset_row_f64(data, i, row), SNUG_OK);
        ck_assert_double_eq(row[0], start + (double)i / 8);
        ck_assert_double_eq(row[1], (double)(float)(0.1 * (double)i));
        expect_row(data, i, 2, (float[]){(float)row[0], (float)row[1]});
    }
    ck_assert_int_eq(snug_dataset_row_f64(data, ROWS, (double[2]){0}), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_dataset_row_f64(NULL, 0, (double[2]){0}), SNUG_ERROR_ARGUMENT);
    snug_dataset_free(data);
    data = clock_from(0);
    ck_assert_ptr_null(data->storage->offsets);
    snug_dataset_free(data);
}
END_TEST

START_TEST(copies_targets_too) {
    double x[] = {1, 2, 3, 4}, y[] = {0.5, 1.5};
    int32_t classes[] = {1, 0};
    snug_dataset *labelled = snug_dataset_from_arrays_f64(x, 2, 2, classes);
    snug_dataset *valued = snug_dataset_from_values_f64(x, 2, 2, y, 1);
    memset(x, 0, sizeof x);
    memset(y, 0, sizeof y);
    memset(classes, 0, sizeof classes);
    expect_row(labelled, 1, 2, (float[]){3, 4});
    ck_assert_int_eq(snug_dataset_class(labelled, 0), 1);
    ck_assert_uint_eq(snug_dataset_class_count(labelled), 2);
    ck_assert_float_eq(*snug_dataset_values(valued, 1), 1.5f);
    ck_assert_str_eq(snug_dataset_target_name(valued, 0), "y1");
    ck_assert_ptr_null(snug_dataset_warning(valued, 0));
    snug_dataset_free(labelled);
    snug_dataset_free(valued);
}
END_TEST

START_TEST(refuses_wrong_doubles) {
    double bad[] = {1, 2, 3, 1e39};
    ck_assert_ptr_null(snug_dataset_from_arrays_f64(NULL, 2, 2, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x is NULL");
    ck_assert_ptr_null(snug_dataset_from_arrays_f64(bad, SIZE_MAX / 4, 2, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x cannot have");
    ck_assert_ptr_null(snug_dataset_from_arrays_f64(bad, 2, 2, NULL));
    expect_error(SNUG_ERROR_DATA, "x: row 1, column 1");
    ck_assert_ptr_null(snug_dataset_from_values_f64(bad, 1, 2, bad + 2, 2));
    expect_error(SNUG_ERROR_DATA, "y: row 0, column 1");
    ck_assert_ptr_null(snug_dataset_from_values_f64(bad, 1, 2, NULL, 2));
    expect_error(SNUG_ERROR_ARGUMENT, "y must hold at");
    bad[3] = NAN;
    ck_assert_ptr_null(snug_dataset_from_arrays_f64(bad, 2, 2, NULL));
    expect_error(SNUG_ERROR_DATA, "x: row 1, column 1");
    ck_assert_ptr_null(snug_dataset_from_arrays_f64(bad, 1, 2, (int32_t[]){-1}));
    expect_error(SNUG_ERROR_DATA, "classes:");
}
END_TEST

START_TEST(warns_of_targets_that_lose_digits) {
    static const double x[] = {1, 2}, y[] = {1.7e9, 5, 1.7e9 + 60, 7};
    snug_set_log(NULL, NULL);
    snug_dataset *data = snug_dataset_from_values_f64(x, 2, 1, y, 2);
    ck_assert_str_eq(snug_dataset_warning(data, 0),
                     "y: column \"y1\": digits were lost: targets are 32-bit floats, which are off "
                     "by up to 60 here, where the values are between 1700000000 and 1700000060; "
                     "subtract a constant from them");
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
    snug_dataset_free(data);
}
END_TEST

/* Every row of the data, by a scaler. */
static void gather_all(const snug_dataset *data, const snug_scaler *scaler, float *x) {
    ck_assert_int_eq(snug_dataset_gather(data, scaler, NULL, 0, ROWS, x), SNUG_OK);
}

START_TEST(scales_a_clock_as_one_from_zero) {
    snug_dataset *zero = clock_from(0), *late = clock_from(start);
    static const snug_scaling kinds[] = {SNUG_SCALING_STANDARD, SNUG_SCALING_MIN_MAX,
                                         SNUG_SCALING_ROBUST, SNUG_SCALING_ROBUST_CLIP,
                                         SNUG_SCALING_STANDARD_CLIP};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        snug_scaler *one = snug_scaler_fit(zero, kinds[k]),
                    *other = snug_scaler_fit(late, kinds[k]);
        snug_scaler *copy = snug_scaler_copy(other);
        float expected[2 * ROWS], got[2 * ROWS];
        ck_assert_ptr_null(one->offsets);
        ck_assert_double_eq(copy->offsets[0], start);
        gather_all(zero, one, expected);
        gather_all(late, copy, got);
        expect_floats(2 * ROWS, got, expected);
        snug_scaler_free(one);
        snug_scaler_free(other);
        snug_scaler_free(copy);
    }
    snug_dataset_free(zero);
    snug_dataset_free(late);
}
END_TEST

/* Without scaling the features are the values, as floats have them. */
START_TEST(leaves_unscaled_values_as_they_are) {
    snug_dataset *data = clock_from(start);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_NONE);
    float x[2 * ROWS];
    ck_assert_ptr_null(scaler->offsets);
    ck_assert_float_eq(scaler->fill[0], 1.7e9f);
    gather_all(data, scaler, x);
    ck_assert_float_eq(x[2 * ROWS - 2], (float)(start + (ROWS - 1) / 8.0));
    ck_assert_float_eq(x[2 * ROWS - 1], (float)(0.1 * (ROWS - 1)));
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/* The same rows with the offset of another minute, and bytes, for which there is none. */
START_TEST(converts_data_with_other_offsets) {
    snug_dataset *trained = clock_from(start), *other = clock_from(start + 60);
    snug_scaler *scaler = snug_scaler_fit(trained, SNUG_SCALING_STANDARD);
    float x[2 * ROWS], shifted[2 * ROWS];
    ck_assert(other->storage->offsets[0] != trained->storage->offsets[0]);
    gather_all(trained, scaler, x);
    gather_all(other, scaler, shifted);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_float_eq_tol(shifted[2 * i], x[2 * i] + 60 * scaler->factor[0], 1e-4f);
        ck_assert_float_eq(shifted[2 * i + 1], x[2 * i + 1]);
    }
    static const uint8_t bytes[] = {7, 3};
    snug_dataset *image = snug_dataset_from_bytes(bytes, 1, 2, NULL);
    double row[2];
    ck_assert_int_eq(snug_dataset_row_f64(image, 0, row), SNUG_OK);
    ck_assert(row[0] == 7 && row[1] == 3);
    ck_assert_int_eq(snug_dataset_gather(image, scaler, NULL, 0, 1, x), SNUG_OK);
    ck_assert_float_eq(x[0], ((float)(7 - start) - scaler->shift[0]) * scaler->factor[0]);
    ck_assert_float_eq(x[1], (3 - scaler->shift[1]) * scaler->factor[1]);
    snug_dataset_free(image);
    snug_scaler_free(scaler);
    snug_dataset_free(trained);
    snug_dataset_free(other);
}
END_TEST

START_TEST(compares_offsets) {
    static const double none[] = {0, 0}, some[] = {0, 3};
    ck_assert(snug_offsets_equal(NULL, NULL, 2));
    ck_assert(snug_offsets_equal(none, NULL, 2));
    ck_assert(snug_offsets_equal(NULL, none, 2));
    ck_assert(!snug_offsets_equal(NULL, some, 2));
    ck_assert(!snug_offsets_equal(some, none, 2));
    double *copy = NULL;
    ck_assert(snug_offsets_copy(some, 2, &copy));
    ck_assert(snug_offsets_equal(some, copy, 2));
    snug_release(copy);
    ck_assert(snug_offsets_copy(NULL, 2, &copy));
    ck_assert_ptr_null(copy);
}
END_TEST

static Suite *offsets_suite(void) {
    Suite *suite = suite_create("offsets");
    TCase *tests = directory_case(suite, "offsets");
    tcase_add_test(tests, gives_offsets_to_columns_that_floats_would_spoil);
    tcase_add_test(tests, keeps_the_digits_of_doubles);
    tcase_add_test(tests, copies_targets_too);
    tcase_add_test(tests, refuses_wrong_doubles);
    tcase_add_test(tests, warns_of_targets_that_lose_digits);
    tcase_add_test(tests, scales_a_clock_as_one_from_zero);
    tcase_add_test(tests, leaves_unscaled_values_as_they_are);
    tcase_add_test(tests, converts_data_with_other_offsets);
    tcase_add_test(tests, compares_offsets);
    return suite;
}

REGISTER_SUITE(offsets_suite)
