/* Warnings about what training rows hold. */
#include <stdio.h>
#include <string.h>

#include "data/content_warnings.h"
#include "support/suite.h"
#include "support/tables.h"

typedef snug_status warn_fn(const snug_dataset *training, snug_warnings *warnings);

/* The rows of the data have this warning, or none (NULL). */
static void expect_warning(warn_fn *warn, const snug_dataset *data, const char *message) {
    snug_warnings warnings = {0};
    ck_assert_int_eq(warn(data, &warnings), SNUG_OK);
    if (message == NULL) {
        ck_assert_uint_eq(warnings.list.count, 0);
    } else {
        ck_assert_uint_eq(warnings.list.count, 1);
        ck_assert_str_eq(warnings.list.items[0], message);
    }
    snug_warnings_clear(&warnings);
}

static snug_status warn_of_classes(const snug_dataset *training, snug_warnings *warnings) {
    return snug_warn_of_rare_classes(training, training->storage->table, warnings);
}

static void warns(warn_fn *warn, const char *text, const char *message) {
    snug_dataset *data = read_text(text, NULL);
    expect_warning(warn, data, message);
    snug_dataset_free(data);
}

/* ---- constant columns ------------------------------------------------------------------------ */

START_TEST(constant_columns_are_one_warning) {
    warns(snug_warn_of_constant_columns, "a,b,y\n1,2,u\n2,2,v\n3,3,u\n", NULL);
    warns(snug_warn_of_constant_columns, "a,b,y\n1,2020,u\n2,2020,v\n3,2020,u\n",
          "column \"b\": has the same value in all training rows, so that nothing is learned from "
          "it; \"ignore\" leaves it out");
    warns(snug_warn_of_constant_columns, "a,b,c,y\n0,1,5,u\n0,2,5,v\n0,2,5,v\n",
          "columns \"a\", \"c\": have the same value in all training rows, so that nothing is "
          "learned from these 2; \"ignore\" leaves them out");
}
END_TEST

/* A missing number becomes the mean, which is the constant; a missing category is none of them. */
START_TEST(missing_values_do_not_vary_a_column_of_numbers) {
    warns(snug_warn_of_constant_columns, "a,b,y\n1,,u\n2,7,v\n3,7,u\n",
          "column \"b\": has the same value in all training rows, so that nothing is learned from "
          "it; \"ignore\" leaves it out");
    warns(snug_warn_of_constant_columns, "a,b,y\n1,,u\n2,7,v\n3,8,u\n", NULL);
    warns(snug_warn_of_constant_columns, "a,b,y\n1,red,u\n2,red,v\n3,red,u\n",
          "column \"b\": has the same value in all training rows, so that nothing is learned from "
          "it; \"ignore\" leaves it out");
    warns(snug_warn_of_constant_columns, "a,b,y\n1,red,u\n2,,v\n3,red,u\n", NULL);
    warns(snug_warn_of_constant_columns, "a,b,y\n1,,u\n2,red,v\n3,red,u\n", NULL);
    warns(snug_warn_of_constant_columns, "a,b,y\n1,red,u\n2,blue,v\n3,red,u\n", NULL);
}
END_TEST

START_TEST(only_the_rows_of_the_data_count) {
    const size_t rows[] = {0, 2}, one[] = {1};
    snug_dataset *data = read_text("a,b,y\n1,5,u\n2,6,v\n3,5,u\n", NULL);
    snug_dataset *two = snug_dataset_select(data, rows, 2);
    snug_dataset *single = snug_dataset_select(data, one, 1);
    expect_warning(snug_warn_of_constant_columns, data, NULL);
    expect_warning(snug_warn_of_constant_columns, two,
                   "column \"b\": has the same value in all training rows, so that nothing is "
                   "learned from it; \"ignore\" leaves it out");
    expect_warning(snug_warn_of_constant_columns, single, NULL);
    snug_dataset_free(single);
    snug_dataset_free(two);
    snug_dataset_free(data);
}
END_TEST

START_TEST(columns_without_names_are_not_looked_at) {
    static const float x[] = {1, 7, 2, 7, 3, 7};
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 2, (const int32_t[]){0, 1, 0});
    expect_warning(snug_warn_of_constant_columns, data, NULL);
    snug_dataset_free(data);
}
END_TEST

/* Writes a table of `columns` columns, of which c0 is `value`, and most of the others are 0. */
static snug_dataset *sparse_table(int columns, int value) {
    static char text[8192];
    char *end = text;
    for (int j = 0; j < columns; j++) {
        end += sprintf(end, "c%d,", j);
    }
    end += sprintf(end, "y\n");
    for (int i = 0; i < 40; i++) {
        for (int j = 0; j < columns; j++) {
            end += sprintf(end, "%d,", j == 0 ? value : i == j || i == 39);
        }
        end += sprintf(end, "%d.5\n", i);
    }
    return read_text(text, NULL);
}

START_TEST(zeros_are_no_surprise_among_zeros) {
    static const char message[] = "column \"c0\": has the same value in all training rows, so that "
                                  "nothing is learned from it; \"ignore\" leaves it out";
    snug_dataset *few = sparse_table(31, 0), *many = sparse_table(32, 0),
                 *ones = sparse_table(32, 1);
    expect_warning(snug_warn_of_constant_columns, few, message);
    expect_warning(snug_warn_of_constant_columns, many, NULL);
    expect_warning(snug_warn_of_constant_columns, ones, message);
    snug_dataset_free(ones);
    snug_dataset_free(many);
    snug_dataset_free(few);
    write_text("t.libsvm", "1 1:5 3:1\n0 1:6 3:1\n1 1:7 3:1\n");
    snug_dataset *libsvm = snug_dataset_read_libsvm("t.libsvm", NULL);
    expect_warning(snug_warn_of_constant_columns, libsvm,
                   "column \"x3\": has the same value in all training rows, so that nothing is "
                   "learned from it; \"ignore\" leaves it out");
    snug_dataset_free(libsvm);
}
END_TEST

/* ---- classes --------------------------------------------------------------------------------- */

START_TEST(classes_without_rows_are_one_warning) {
    const size_t u[] = {0, 2}, u_and_v[] = {0, 1, 2, 4};
    snug_dataset *data = read_text("a,y\n1,u\n2,v\n3,u\n4,w\n5,v\n6,w\n", NULL);
    snug_dataset *one = snug_dataset_select(data, u, 2),
                 *two = snug_dataset_select(data, u_and_v, 4);
    expect_warning(warn_of_classes, data, NULL);
    expect_warning(warn_of_classes, two,
                   "column \"y\": 1 of the 3 classes has no training rows, so that nothing is "
                   "learned of it: \"w\"; \"split\" chooses the training rows");
    expect_warning(warn_of_classes, one,
                   "column \"y\": 2 of the 3 classes have no training rows, so that nothing is "
                   "learned of them: \"v\", \"w\"; \"split\" chooses the training rows");
    snug_dataset_free(two);
    snug_dataset_free(one);
    snug_dataset_free(data);
}
END_TEST

START_TEST(classes_of_one_row_are_one_warning) {
    warns(warn_of_classes, "a,y\n1,u\n2,v\n3,u\n4,w\n5,x\n6,w\n",
          "column \"y\": 2 of the 4 classes have a single training row, which is too few to learn "
          "from: \"v\", \"x\"; add rows, or join classes");
    snug_dataset *numbers =
        read_text("a,y\n1,7\n2,8\n3,8\n", &(snug_csv_options){.task = SNUG_TASK_CLASSIFICATION});
    expect_warning(
        warn_of_classes, numbers,
        "column \"y\": 1 of the 2 classes has a single training row, which is too few to "
        "learn from: \"7\"; if they are a measurement, a \"loss\" of values such as "
        "\"mse\" suits them");
    snug_dataset_free(numbers);
    warns(warn_of_classes, "a,y\n1,0.5\n2,1.5\n3,2.5\n", NULL);
}
END_TEST

/* The classes of a model, by name; those that are numbers only are the data's own. */
START_TEST(classes_are_those_of_the_model) {
    snug_dataset *all = read_text("a,y\n1,u\n2,v\n3,w\n", NULL);
    snug_dataset *data = read_text("a,y\n1,u\n2,v\n3,u\n2,v\n", NULL);
    snug_dataset *arrays =
        snug_dataset_from_arrays((const float[]){1, 2, 3, 4}, 4, 1, (const int32_t[]){0, 2, 0, 2});
    snug_table_schema *table = snug_table_schema_new_numbered(1, 5, 0);
    snug_warnings warnings = {0};
    ck_assert_int_eq(snug_warn_of_rare_classes(data, all->storage->table, &warnings), SNUG_OK);
    ck_assert_int_eq(snug_warn_of_rare_classes(arrays, table, &warnings), SNUG_OK);
    ck_assert_uint_eq(warnings.list.count, 2);
    ck_assert_str_eq(warnings.list.items[0],
                     "column \"y\": 1 of the 3 classes has no training rows, so that nothing is "
                     "learned of it: \"w\"; \"split\" chooses the training rows");
    ck_assert_str_eq(
        warnings.list.items[1],
        "column \"class\": 1 of the 3 classes has no training rows, so that nothing is "
        "learned of it: \"1\"; \"split\" chooses the training rows");
    snug_warnings_clear(&warnings);
    snug_table_schema_free(table);
    snug_dataset_free(arrays);
    snug_dataset_free(data);
    snug_dataset_free(all);
}
END_TEST

START_TEST(constant_targets_are_named) {
    static const char *const yz[] = {"y", "z", NULL};
    snug_dataset *data =
        read_text("a,y,z\n1,0.5,7\n2,0.5,7\n3,0.75,7\n", &(snug_csv_options){.targets = yz});
    expect_warning(snug_warn_of_constant_targets, data,
                   "the target \"z\" is 7 in all training rows, so that nothing is learned from "
                   "it; \"target\" chooses another column");
    snug_dataset_free(data);
    warns(snug_warn_of_constant_targets, "a,y\n1,0.5\n", NULL);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

static snug_dataset *warned;

static bool warn_once(void) {
    snug_warnings warnings = {0};
    snug_status status = snug_warn_of_constant_columns(warned, &warnings);
    if (status == SNUG_OK) {
        status = warn_of_classes(warned, &warnings);
    }
    snug_warnings_clear(&warnings);
    return status == SNUG_OK;
}

START_TEST(every_allocation_of_a_warning_may_fail) {
    warned = read_text("a,b,y\n1,5,u\n2,5,v\n3,5,v\n", NULL);
    expect_every_failure(warn_once);
    snug_dataset_free(warned);
}
END_TEST

static Suite *content_suite(void) {
    Suite *suite = suite_create("content");
    TCase *tc = directory_case(suite, "content");
    tcase_add_test(tc, constant_columns_are_one_warning);
    tcase_add_test(tc, missing_values_do_not_vary_a_column_of_numbers);
    tcase_add_test(tc, only_the_rows_of_the_data_count);
    tcase_add_test(tc, columns_without_names_are_not_looked_at);
    tcase_add_test(tc, zeros_are_no_surprise_among_zeros);
    tcase_add_test(tc, classes_without_rows_are_one_warning);
    tcase_add_test(tc, classes_of_one_row_are_one_warning);
    tcase_add_test(tc, classes_are_those_of_the_model);
    tcase_add_test(tc, constant_targets_are_named);
    tcase_add_test(tc, every_allocation_of_a_warning_may_fail);
    return suite;
}

REGISTER_SUITE(content_suite)
