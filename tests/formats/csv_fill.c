/* Missing values: what becomes of them, and the one warning that tells it. */
#include <math.h>
#include <string.h>

#include "data/gather.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "support/suite.h"
#include "support/tables.h"

/* The data has one warning, at that location. */
static void expect_one_warning(const snug_dataset *data, const char *location) {
    expect_nth_warning(data, 0, location);
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
}

/* Row `row` of the data, scaled by its own scaler without a change of scale, is exactly this. */
static void expect_filled(const snug_dataset *data, size_t row, size_t columns,
                          const float *expected) {
    float got[16];
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_NONE);
    ck_assert_msg(scaler != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_dataset_gather(data, scaler, NULL, row, 1, got), SNUG_OK);
    expect_floats(columns, got, expected);
    snug_scaler_free(scaler);
}

#define ROW(...) ((const float[]){__VA_ARGS__})

/* Means 7 and 2, medians 5 and 2.5: neither is the other. */
static const char numbers[] = "a,b,y\n1,,0.5\n,2,1.5\n5,3,2.5\n15,,3.5\n,1.5,4.5\n";

START_TEST(the_mean_takes_the_place_by_default) {
    snug_dataset *data = read_text("a,b,y\n1,,0.5\n,2,1.5\n5,3,2.5\n15,,3.5\n,4,4.5\n", NULL);
    expect_filled(data, 0, 2, ROW(1, 3));
    expect_filled(data, 1, 2, ROW(7, 2));
    expect_filled(data, 4, 2, ROW(7, 4));
    expect_one_warning(data,
                       "t.csv:2: column \"b\": 2 values are missing, the first one here, and 2 in "
                       "1 other column (\"a\"):");
    snug_dataset_free(data);
}
END_TEST

START_TEST(the_median_takes_the_place_on_request) {
    snug_dataset *data = read_text(numbers, &(snug_csv_options){.missing = SNUG_MISSING_MEDIAN});
    for (int scaling = SNUG_SCALING_STANDARD; scaling <= SNUG_SCALING_STANDARD_CLIP; scaling++) {
        snug_scaler *scaler = snug_scaler_fit(data, (snug_scaling)scaling);
        ck_assert_msg(scaler != NULL, "%s", snug_error());
        expect_floats(2, scaler->fill, ROW(5, 2));
        snug_scaler_free(scaler);
    }
    expect_filled(data, 4, 2, ROW(5, 1.5f));
    ck_assert_ptr_null(snug_dataset_warning(data, 0)); /* nothing is assumed */
    snug_dataset_free(data);
}
END_TEST

/* Row 2 weighs 0: the median is that of 1, 4, 4 and 9. */
START_TEST(the_median_is_of_rows_that_weigh) {
    snug_dataset *data =
        read_text("a,w,y\n1,1,0.5\n100,0,1.5\n4,2,2.5\n9,1,3.5\n,1,4.5\n",
                  &(snug_csv_options){.missing = SNUG_MISSING_MEDIAN, .weights = "w"});
    expect_filled(data, 4, 1, ROW(4));
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_number_of_a_category_is_filled) {
    static const char text[] = "c,y\nu,0.5\nw,1.5\n,2.5\nw,3.5\nv,4.5\nw,5.5\n";
    snug_csv_options options = {.categories = SNUG_CATEGORIES_INTEGER};
    snug_dataset *data = read_text(text, &options);
    expect_filled(data, 2, 1, ROW(1.4f));
    snug_dataset_free(data);
    options.missing = SNUG_MISSING_MEDIAN;
    data = read_text(text, &options);
    expect_filled(data, 2, 1, ROW(2));
    snug_dataset_free(data);
}
END_TEST

/* Of 5 rows 2 are red, 1 is blue: means 0.2 and 0.4, as if the other 2 had a value of their own. */
START_TEST(a_missing_category_is_none_of_the_features) {
    static const char text[] = "c,a,y\nred,1,0.5\n,2,1.5\nblue,4,2.5\n,8,3.5\nred,16,4.5\n";
    for (int missing = SNUG_MISSING_MEAN; missing <= SNUG_MISSING_MEDIAN; missing++) {
        snug_dataset *data = read_text(text, &(snug_csv_options){.missing = (snug_missing)missing});
        snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD);
        expect_floats(2, scaler->fill, ROW(0, 0));
        expect_floats(2, scaler->shift, ROW(0.2f, 0.4f));
        ck_assert_float_eq_tol(1 / scaler->factor[0], 0.4f, 1e-6f);
        ck_assert_float_eq_tol(1 / scaler->factor[1], 0.4898979f, 1e-6f);
        float row[3];
        snug_dataset_gather(data, scaler, NULL, 3, 1, row);
        ck_assert_float_eq_tol(row[0], -0.5f, 1e-6f);
        ck_assert_float_eq_tol(row[1], -0.8164966f, 1e-6f);
        snug_scaler_free(scaler);
        scaler = snug_scaler_fit(data, SNUG_SCALING_MIN_MAX);
        expect_floats(3, scaler->shift, ROW(0, 0, 1));
        expect_floats(3, scaler->factor, ROW(1, 1, 1.0f / 15));
        snug_scaler_free(scaler);
        expect_filled(data, 1, 3, ROW(0, 0, 2));
        if (missing == SNUG_MISSING_MEAN) {
            expect_one_warning(data,
                               "t.csv:3: column \"c\": 2 values are missing, the first one here:");
        }
        snug_dataset_free(data);
    }
}
END_TEST

/* The training rows have no value of the column at all: its features are 0 in all of them. */
START_TEST(a_category_may_be_missing_in_every_training_row) {
    snug_dataset *data = read_text("c,a,y\nred,1,0.5\n,2,1.5\nblue,4,2.5\n,8,3.5\n", NULL);
    snug_dataset *training = snug_dataset_select(data, (size_t[]){1, 3}, 2);
    expect_filled(training, 1, 3, ROW(0, 0, 8));
    snug_dataset_free(training);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_missing_value_may_be_an_error) {
    const snug_csv_options error = {.missing = SNUG_MISSING_ERROR};
    expect_refusal(numbers, &error, "t.csv:2: column \"b\":");
    expect_refusal("c,y\nred,0.5\n,1.5\n", &error, "t.csv:3: column \"c\":");
    expect_refusal(numbers, &(snug_csv_options){.strict = true}, "t.csv:2: column \"b\":");
    expect_refusal("a,c,y\n1,,2\n,red,3\n", &(snug_csv_options){.strict = true},
                   "t.csv:2: column \"c\":");
    expect_refusal("a,c,y\n1,,2\n2,red,3\n3,,5\n", &(snug_csv_options){.strict = true},
                   "t.csv:2: column \"c\":");
}
END_TEST

START_TEST(a_table_without_missing_values_has_no_warning) {
    snug_dataset *data = read_text("a,c,y\n1,red,0.5\n2,blue,1.5\n", NULL);
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
}
END_TEST

/* ---- indicators ------------------------------------------------------------------------------ */

static const char gaps[] = "a,c,b,d,y\n1,red,2,,0.5\n,,3,NA,1.5\n7,blue,4,5,2.5\n";

static snug_preprocessing *stored(const snug_dataset *data) {
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    return prep;
}

START_TEST(a_column_with_missing_values_has_an_indicator) {
    static const char *const names[] = {"a",         "a=missing", "c=blue", "c=red",
                                        "c=missing", "b",         "d",      "d=missing"};
    snug_dataset *data = read_text(gaps, &(snug_csv_options){.missing_indicator = true});
    ck_assert_uint_eq(snug_dataset_column_count(data), 8);
    for (size_t i = 0; i < 8; i++) {
        ck_assert_str_eq(snug_dataset_column_name(data, i), names[i]);
    }
    expect_filled(data, 0, 8, ROW(1, 0, 0, 1, 0, 2, 5, 1));
    expect_filled(data, 1, 8, ROW(4, 1, 0, 0, 1, 3, 5, 1));
    expect_filled(data, 2, 8, ROW(7, 0, 1, 0, 0, 4, 5, 0));
    snug_preprocessing *prep = stored(data);
    snug_dataset_free(data);
    data = read_text("b,c,d,a\n,green,6,\n8,red,?,9\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 8, ROW(NAN, 1, NAN, NAN, 1, NAN, 6, 0));
    expect_row(data, 1, 8, ROW(9, 0, 0, 1, 0, 8, NAN, 1));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
    data = read_text(gaps, NULL);
    ck_assert_uint_eq(snug_dataset_column_count(data), 5);
    snug_dataset_free(data);
}
END_TEST

/* The second of the categories is called as the indicator of another column would be. */
START_TEST(an_indicator_has_a_name_of_its_own) {
    const snug_csv_options options = {.missing_indicator = true, .task = SNUG_TASK_NONE};
    snug_dataset *data = read_text("c,b\nmissing,x\n,y\nmissing=missing,z\n", &options);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "c=missing");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "c=missing=missing");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "c=missing=missing=missing");
    expect_row(data, 1, 6, ROW(NAN, NAN, 1, 0, 1, 0));
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_number_of_a_category_has_an_indicator) {
    snug_dataset *data =
        read_text(gaps, &(snug_csv_options){.missing_indicator = true,
                                            .categories = SNUG_CATEGORIES_INTEGER});
    ck_assert_uint_eq(snug_dataset_column_count(data), 7);
    ck_assert_str_eq(snug_dataset_column_name(data, 3), "c=missing");
    expect_filled(data, 1, 7, ROW(4, 1, 0.5f, 1, 3, 5, 1));
    snug_dataset_free(data);
}
END_TEST

/* A key that a line lacks is missing; those of the line that is left out are not. */
START_TEST(a_key_that_a_line_lacks_has_an_indicator) {
    write_text("t.jsonl", "{\"a\":1,\"b\":2,\"y\":3}\n{\"y\":5,\"a\":4}\n{\"b\":7}\n");
    snug_dataset *data = snug_dataset_read_jsonl(
        "t.jsonl", &(snug_csv_options){.missing_indicator = true, .target = "y"});
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "b=missing");
    expect_row(data, 0, 3, ROW(1, 2, 0));
    expect_row(data, 1, 3, ROW(4, NAN, 1));
    snug_dataset_free(data);
}
END_TEST

static Suite *csv_fill_suite(void) {
    Suite *suite = suite_create("csv, filled values");
    TCase *tests = directory_case(suite, "fill");
    tcase_add_test(tests, the_mean_takes_the_place_by_default);
    tcase_add_test(tests, the_median_takes_the_place_on_request);
    tcase_add_test(tests, the_median_is_of_rows_that_weigh);
    tcase_add_test(tests, a_number_of_a_category_is_filled);
    tcase_add_test(tests, a_missing_category_is_none_of_the_features);
    tcase_add_test(tests, a_category_may_be_missing_in_every_training_row);
    tcase_add_test(tests, a_missing_value_may_be_an_error);
    tcase_add_test(tests, a_table_without_missing_values_has_no_warning);
    tcase_add_test(tests, a_column_with_missing_values_has_an_indicator);
    tcase_add_test(tests, an_indicator_has_a_name_of_its_own);
    tcase_add_test(tests, a_number_of_a_category_has_an_indicator);
    tcase_add_test(tests, a_key_that_a_line_lacks_has_an_indicator);
    return suite;
}

REGISTER_SUITE(csv_fill_suite)
