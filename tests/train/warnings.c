/* The warnings of a run about its data and its metrics. */
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"
#include "support/tables.h"

#define TABLE "a,b,y\n1,5,u\n2,5,v\n3,5,u\n4,5,v\n2,5,u\n5,5,w\n"

/* A run has these warnings, which end with NULL, and with .strict ends by the first. */
static void expect_warnings(snug_dataset *data, const snug_fit_options *options, size_t outputs,
                            const char *const *expected) {
    snug_model *model = mlp(snug_dataset_column_count(data), outputs);
    snug_fit_options o = *options;
    snug_history *history;
    size_t count = 0;
    o.epochs = 2;
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    for (; expected[count] != NULL; count++) {
        ck_assert_pstr_eq(snug_history_warning(history, count), expected[count]);
    }
    ck_assert_pstr_eq(snug_history_warning(history, count), NULL);
    snug_history_free(history);
    snug_model_free(model);
    model = mlp(snug_dataset_column_count(data), outputs);
    o.strict = true;
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), count > 0 ? SNUG_ERROR_DATA : SNUG_OK);
    if (count > 0) {
        expect_location(expected[0]);
    }
    snug_model_free(model);
}

START_TEST(constant_columns_and_classes_of_one_row_are_warned_of) {
    static const char *const expected[] = {
        "column \"b\": has the same value in all training rows, so that nothing is learned from "
        "it; \"ignore\" leaves it out",
        "column \"y\": 1 of the 3 classes has a single training row, which is too few to learn "
        "from: \"w\"; add rows, or join classes",
        NULL};
    snug_dataset *data = read_text(TABLE, NULL);
    expect_warnings(data, &(snug_fit_options){0}, 3, expected);
    snug_dataset_free(data);
}
END_TEST

/* The rows of weight 0 are no training rows; the warnings are given before the first step. */
START_TEST(rows_without_weight_do_not_count) {
    static const char *const expected[] = {
        "column \"y\": 1 of the 3 classes has no training rows, so that nothing is learned of it: "
        "\"w\"; \"split\" chooses the training rows",
        NULL};
    static const float weights[] = {1, 1, 1, 1, 1, 0};
    snug_dataset *data = read_text("a,y\n1,u\n2,v\n3,u\n4,v\n2,u\n5,w\n", NULL);
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    expect_warnings(data, &(snug_fit_options){0}, 3, expected);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_run_of_ordinary_data_has_no_warnings) {
    static const char *const none[] = {NULL};
    snug_dataset *data = blobs(), *values = lines();
    expect_warnings(data, &(snug_fit_options){.validation = 0.3}, BLOB_CLASSES, none);
    expect_warnings(values, &(snug_fit_options){.validation = 0.3}, 2, none);
    snug_dataset_free(values);
    snug_dataset_free(data);
}
END_TEST

/* Rows of one class alone have no area under the ROC curve, and one row has no R2. */
START_TEST(metrics_without_a_value_are_one_warning) {
    static const char *const names[] = {"roc_auc", "balanced_accuracy", "accuracy"};
    static const char *const of_classes[] = {
        "metrics: \"roc_auc\" of the validation rows had no value in any epoch, because the rows "
        "or "
        "the predictions do not define it; \"metrics\" chooses others",
        NULL};
    static const char *const of_values[] = {
        "metrics: \"r2\" of the validation rows had no value in any epoch, because the rows or the "
        "predictions do not define it; \"metrics\" chooses others",
        NULL};
    const size_t rows[] = {0, 3, 6, 9}, one[] = {5};
    snug_dataset *data = blobs(), *values = lines();
    snug_dataset *validation = snug_dataset_select(data, rows, 4);
    snug_dataset *single = snug_dataset_select(values, one, 1);
    expect_warnings(
        data,
        &(snug_fit_options){.validation_data = validation, .metrics = names, .metric_count = 3},
        BLOB_CLASSES, of_classes);
    expect_warnings(values, &(snug_fit_options){.validation_data = single}, 2, of_values);
    snug_dataset_free(single);
    snug_dataset_free(validation);
    snug_dataset_free(values);
    snug_dataset_free(data);
}
END_TEST

/* Without validation rows the training rows are looked at. */
START_TEST(metrics_of_the_training_rows_are_looked_at_alone) {
    static const char *const expected[] = {
        "metrics: \"r2\" of the training rows had no value in any epoch, because the rows or the "
        "predictions do not define it; \"metrics\" chooses others",
        NULL};
    static const float x[] = {3}, y[] = {5};
    snug_dataset *data = snug_dataset_from_values(x, 1, 1, y, 1);
    expect_warnings(data, &(snug_fit_options){0}, 1, expected);
    snug_dataset_free(data);
}
END_TEST

/* ---- targets that do not suit the loss ------------------------------------------------------- */

enum { ROWS = 30 };

static const float *counted(void) {
    static float x[ROWS];
    for (int i = 0; i < ROWS; i++) {
        x[i] = (float)(i * 7 % 11);
    }
    return x;
}

START_TEST(values_that_are_two_numbers_are_warned_of) {
    static const char *const expected[] = {
        "the target \"y1\" is 0 or 1 in every row, which look like classes, and the loss mse takes "
        "values; \"loss\": \"softmax_cross_entropy\" takes classes",
        NULL};
    static const char *const none[] = {NULL};
    float y[ROWS];
    for (int i = 0; i < ROWS; i++) {
        y[i] = (float)(i % 2);
    }
    snug_dataset *data = snug_dataset_from_values(counted(), ROWS, 1, y, 1);
    expect_warnings(data, &(snug_fit_options){0}, 1, expected);
    y[7] = 2;
    expect_warnings(data, &(snug_fit_options){0}, 1, none);
    snug_dataset_free(data);
}
END_TEST

/* Twenty classes are ordinary; 21 in 30 rows look like values. Of both some have a single row. */
START_TEST(classes_that_look_like_values_are_warned_of) {
    int32_t classes[ROWS];
    snug_history *history;
    for (int32_t i = 0; i < ROWS; i++) {
        classes[i] = i % 21;
    }
    snug_dataset *data = snug_dataset_from_arrays(counted(), ROWS, 1, classes);
    snug_model *model = mlp(1, 21);
    ck_assert_int_eq(snug_fit(model, data, NULL, &history), SNUG_OK);
    ck_assert_pstr_eq(snug_history_warning(history, 0),
                      "the data: the target holds 21 different numbers in 30 rows, which look like "
                      "values and are read as classes; \"loss\": \"mse\" takes values");
    snug_history_free(history);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static Suite *warnings_suite(void) {
    Suite *suite = suite_create("warnings");
    TCase *tc = directory_case(suite, "warnings");
    tcase_add_test(tc, constant_columns_and_classes_of_one_row_are_warned_of);
    tcase_add_test(tc, rows_without_weight_do_not_count);
    tcase_add_test(tc, a_run_of_ordinary_data_has_no_warnings);
    tcase_add_test(tc, metrics_without_a_value_are_one_warning);
    tcase_add_test(tc, metrics_of_the_training_rows_are_looked_at_alone);
    tcase_add_test(tc, values_that_are_two_numbers_are_warned_of);
    tcase_add_test(tc, classes_that_look_like_values_are_warned_of);
    return suite;
}

REGISTER_SUITE(warnings_suite)
