/* Classes of a table by its numbers: equal ones are one class, a measurement makes no good ones. */
#include <stdio.h>
#include <string.h>

#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

#define CLASSES .task = SNUG_TASK_CLASSIFICATION

static void expect_classes(const snug_dataset *data, size_t count, const char *const *names) {
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_class_count(data), count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_str_eq(snug_dataset_class_name(data, i), names[i]);
    }
}

static const char *const labels[] = {"-1", "1"};

START_TEST(takes_equal_numbers_for_one_class) {
    snug_dataset *data =
        read_text("a,y\n5,+1\n6,-1.0\n7,1\n8,1.0\n9,-1\n3,1e0\n", &(snug_csv_options){CLASSES});
    expect_classes(data, 2, labels);
    static const int expected[] = {1, 0, 1, 1, 0, 1};
    for (size_t i = 0; i < 6; i++) {
        ck_assert_int_eq(snug_dataset_class(data, i), expected[i]);
    }
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    data = read_text("y,a\n+1.00,2\n-01,3\n", &(snug_csv_options){.like = prep});
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    ck_assert_int_eq(snug_dataset_class(data, 1), 0);
    snug_dataset_free(data);
    expect_refusal("y,a\n2,2\n", &(snug_csv_options){.like = prep}, "t.csv:2: column \"y\":");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(takes_equal_numbers_for_one_class_in_every_format) {
    write_text("t.csv", "a,y\n5,+1\n6,-1.0\n7,1\n");
    write_text("t.jsonl", "{\"a\":5,\"y\":1.0}\n{\"a\":6,\"y\":-1}\n{\"a\":7,\"y\":1}\n");
    write_text("t.libsvm", "+1 1:5\n-1.0 1:6\n1 1:7\n");
    static const char *const paths[] = {"t.csv", "t.jsonl", "t.libsvm"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        snug_dataset *data = snug_dataset_read(paths[i], &(snug_data_options){.table = {CLASSES}});
        expect_classes(data, 2, labels);
        ck_assert_int_eq(snug_dataset_class(data, 0), 1);
        ck_assert_int_eq(snug_dataset_class(data, 1), 0);
        snug_dataset_free(data);
    }
}
END_TEST

/* The name is the shortest spelling; leading zeros of digits alone belong to a code. */
START_TEST(names_classes_by_their_shortest_spelling) {
    static const char *const names[] = {"2.5", "007", "12345678901234567890",
                                        "12345678901234567891", "x"};
    snug_dataset *data = read_text("a,y\n1,2.50\n2,007\n3,2.5\n4,x\n5,12345678901234567890\n"
                                   "6,12345678901234567891\n7,7.0\n8,007\n",
                                   &(snug_csv_options){CLASSES});
    ck_assert_str_eq(snug_dataset_class_name(data, 1), "7");
    snug_dataset_free(data);
    data = read_text("a,y\n1,2.50\n2,007\n3,2.5\n4,x\n5,12345678901234567890\n"
                     "6,12345678901234567891\n7,0007\n",
                     &(snug_csv_options){CLASSES});
    expect_classes(data, 5, names);
    ck_assert_int_eq(snug_dataset_class(data, 6), 1);
    snug_dataset_free(data);
}
END_TEST

/* In other notations, too, numbers are classes by their size, and equal ones are one class. */
START_TEST(joins_numbers_in_other_notations) {
    static const char *const names[] = {"$5", "1000", "x"};
    const snug_csv_options options = {CLASSES, .number_format = SNUG_NUMBERS_FORMATTED};
    snug_dataset *data = read_text("a,y\n1,\"1,000\"\n2,1000.0\n3,$5\n4,$5.00\n5,x\n", &options);
    expect_classes(data, 3, names);
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    ck_assert_int_eq(snug_dataset_class(data, 1), 1);
    ck_assert_int_eq(snug_dataset_class(data, 3), 0);
    snug_dataset_free(data);
}
END_TEST

/* ---- classes that look like values ----------------------------------------------------------- */

/* Writes t.csv, whose target is i % distinct times a factor. */
static void write_target(int rows, int distinct, double factor) {
    FILE *stream = fopen("t.csv", "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a,y\n", stream);
    for (int i = 0; i < rows; i++) {
        fprintf(stream, "%d,%g\n", i, i % distinct * factor);
    }
    fclose(stream);
}

static void expect_warned(bool warned) {
    snug_dataset *data = snug_dataset_read_csv("t.csv", &(snug_csv_options){CLASSES});
    ck_assert_msg(data != NULL, "%s", snug_error());
    const char *warning = snug_dataset_warning(data, 0);
    ck_assert_msg((warning != NULL) == warned, "%s", warning != NULL ? warning : "no warning");
    if (warned) {
        static const char location[] = "t.csv: column \"y\": the target holds ";
        ck_assert_int_eq(strncmp(warning, location, strlen(location)), 0);
        ck_assert_ptr_nonnull(strstr(warning, "\"loss\": \"mse\""));
    }
    snug_dataset_free(data);
}

START_TEST(warns_of_a_measurement_as_classes) {
    write_target(100, 60, 0.25);
    expect_warned(true);
    write_target(100, 60, 1000);
    expect_warned(true);
    write_target(100, 3, 0.5);
    expect_warned(true);
}
END_TEST

START_TEST(takes_ordinary_classes_without_a_warning) {
    write_target(100, 20, 1);
    expect_warned(false);
    write_target(1000, 100, 1);
    expect_warned(false);
    write_target(30, 2, 0.5);
    expect_warned(false);
}
END_TEST

static Suite *csv_classes_suite(void) {
    Suite *suite = suite_create("csv, classes");
    TCase *tests = directory_case(suite, "classes");
    tcase_add_test(tests, takes_equal_numbers_for_one_class);
    tcase_add_test(tests, takes_equal_numbers_for_one_class_in_every_format);
    tcase_add_test(tests, names_classes_by_their_shortest_spelling);
    tcase_add_test(tests, joins_numbers_in_other_notations);
    tcase_add_test(tests, warns_of_a_measurement_as_classes);
    tcase_add_test(tests, takes_ordinary_classes_without_a_warning);
    return suite;
}

REGISTER_SUITE(csv_classes_suite)
