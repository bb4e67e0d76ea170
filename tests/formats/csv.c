/* Tables that are right, in all their shapes. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "support/tables.h"

#define ROW(...)                                                                                   \
    (float[]) {                                                                                    \
        __VA_ARGS__                                                                                \
    }

START_TEST(reads_features_classes_and_names) {
    snug_dataset *data = read_text("a,b,kind\n1,2.5,z\n-3,4e1,y\n5,+6,z\n", NULL);
    ck_assert_uint_eq(snug_dataset_row_count(data), 3);
    expect_row(data, 0, 2, ROW(1, 2.5f));
    expect_row(data, 1, 2, ROW(-3, 40));
    expect_row(data, 2, 2, ROW(5, 6));
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "y");
    ck_assert_str_eq(snug_dataset_class_name(data, 1), "z");
    ck_assert_ptr_null(snug_dataset_class_name(data, 2));
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    ck_assert_int_eq(snug_dataset_class(data, 1), 0);
    ck_assert_int_eq(snug_dataset_class(data, 3), -1);
    ck_assert_ptr_null(snug_dataset_values(data, 0));
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "b");
    ck_assert_ptr_null(snug_dataset_column_name(data, 2));
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "kind");
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_what_rfc_4180_allows) {
    static const char text[] = "\xEF\xBB\xBF\"first, or not\",\"b \"\"x\"\"\",kind\r\n"
                               "\r\n"
                               "1,\"2\",\"one\r\nline\"\r\n"
                               "   \r\n"
                               "3, 4 ,\"p,q\"";
    snug_dataset *data = read_text(text, NULL);
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_row(data, 0, 2, ROW(1, 2));
    expect_row(data, 1, 2, ROW(3, 4));
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "first, or not");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "b \"x\"");
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "one\r\nline");
    ck_assert_str_eq(snug_dataset_class_name(data, 1), "p,q");
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_other_delimiters_and_old_line_ends) {
    snug_dataset *data =
        read_text("a;b;k\r1;2,x;u\r3;4;v\r", &(snug_csv_options){.delimiter = ';'});
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "b=2,x");
    snug_dataset_free(data);
    data = read_text("a\tb\tk\n\t2\tu\n3\t4\tv\n",
                     &(snug_csv_options){.delimiter = '\t', .missing = SNUG_MISSING_MEAN});
    expect_row(data, 0, 2, ROW(NAN, 2));
    expect_row(data, 1, 2, ROW(3, 4));
    snug_dataset_free(data);
}
END_TEST

START_TEST(makes_one_feature_a_category) {
    snug_dataset *data = read_text("size,colour,w,y\n"
                                   "1,red,7,a\n"
                                   "2,blue,8,b\n"
                                   "10,red,9,a\n"
                                   "x,green,9,b\n",
                                   NULL);
    static const char *const names[] = {"size=1",      "size=2",       "size=10",    "size=x",
                                        "colour=blue", "colour=green", "colour=red", "w"};
    for (size_t j = 0; j < 8; j++) {
        ck_assert_str_eq(snug_dataset_column_name(data, j), names[j]);
    }
    expect_row(data, 0, 8, ROW(1, 0, 0, 0, 0, 0, 1, 7));
    expect_row(data, 1, 8, ROW(0, 1, 0, 0, 1, 0, 0, 8));
    expect_row(data, 2, 8, ROW(0, 0, 1, 0, 0, 0, 1, 9));
    expect_row(data, 3, 8, ROW(0, 0, 0, 1, 0, 1, 0, 9));
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_without_a_header) {
    static const char text[] = "1,cat,2\n3,dog,4\n5,cat,6\n";
    snug_csv_options options = {.no_header = true, .target = "2"};
    snug_dataset *data = read_text(text, &options);
    ck_assert_uint_eq(snug_dataset_row_count(data), 3);
    expect_row(data, 0, 2, ROW(1, 2));
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "column2");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "column3");
    snug_dataset_free(data);
    options.target = "column2";
    data = read_text(text, &options);
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_missing_values_for_the_scaler) {
    snug_dataset *data = read_text("a,c,y\n,red,1.5\n2,,2.5\nNA,blue,3.5\n4, ,4.5\n",
                                   &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    expect_row(data, 0, 3, ROW(NAN, 0, 1));
    expect_row(data, 1, 3, ROW(2, NAN, NAN));
    expect_row(data, 2, 3, ROW(NAN, 1, 0));
    expect_row(data, 3, 3, ROW(4, NAN, NAN));
    ck_assert(data->storage->missing);
    ck_assert_float_eq(snug_dataset_values(data, 2)[0], 3.5f);
    ck_assert_int_eq(snug_dataset_class(data, 2), -1);
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "y");
    ck_assert_ptr_null(snug_dataset_target_name(data, 1));
    snug_dataset_free(data);
}
END_TEST

/* A table of rows `i,target(i)`. */
static snug_dataset *numbered(size_t rows, size_t distinct, const char *format,
                              const snug_csv_options *options) {
    FILE *stream = fopen("n.csv", "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a,y\n", stream);
    for (size_t i = 0; i < rows; i++) {
        fprintf(stream, "%zu,", i);
        fprintf(stream, format, (int)(i % distinct));
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_csv("n.csv", options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

START_TEST(decides_between_classes_and_values) {
    static const struct {
        size_t rows, distinct;
        const char *format;
        snug_task task;
        size_t classes, outputs;
    } cases[] = {
        {60, 20, "%d\n", SNUG_TASK_AUTO, 20, 0},
        {60, 21, "%d\n", SNUG_TASK_AUTO, 0, 1},
        {7, 3, "%d\n", SNUG_TASK_AUTO, 3, 0},
        {6, 3, "%d\n", SNUG_TASK_AUTO, 0, 1},
        {60, 3, "%d.5\n", SNUG_TASK_AUTO, 0, 1},
        {60, 3, "%d.0\n", SNUG_TASK_AUTO, 3, 0},
        {60, 25, "c%d\n", SNUG_TASK_AUTO, 25, 0},
        {60, 30, "%d\n", SNUG_TASK_CLASSIFICATION, 30, 0},
        {60, 3, "%d\n", SNUG_TASK_REGRESSION, 0, 1},
        {60, 3, "%d\n", SNUG_TASK_NONE, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snug_dataset *data = numbered(cases[i].rows, cases[i].distinct, cases[i].format,
                                      &(snug_csv_options){.task = cases[i].task});
        ck_assert_uint_eq(snug_dataset_class_count(data), cases[i].classes);
        ck_assert_uint_eq(snug_dataset_output_count(data), cases[i].outputs);
        ck_assert_uint_eq(snug_dataset_column_count(data), cases[i].task == SNUG_TASK_NONE ? 2 : 1);
        snug_dataset_free(data);
    }
}
END_TEST

/* The first thousand values look like a regression; the last lines make them all classes. */
START_TEST(goes_back_for_a_late_text) {
    FILE *stream = fopen("late.csv", "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a,y\n", stream);
    for (int i = 0; i < 1000; i++) {
        fprintf(stream, "%d,%d\n", i % 5, i % 300);
    }
    for (int i = 0; i < 200; i++) {
        fputs("many,none\n", stream);
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_csv("late.csv", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_class_count(data), 301);
    ck_assert_str_eq(snug_dataset_class_name(data, 10), "10");
    ck_assert_int_eq(snug_dataset_class(data, 610), 10);
    ck_assert_int_eq(snug_dataset_class(data, 1000), 300);
    ck_assert_uint_eq(snug_dataset_column_count(data), 6);
    expect_row(data, 7, 6, ROW(0, 0, 1, 0, 0, 0));
    expect_row(data, 1000, 6, ROW(0, 0, 0, 0, 0, 1));
    snug_dataset_free(data);
}
END_TEST

/* "inf" is a text where the column holds others. */
START_TEST(takes_inf_as_a_category_among_texts) {
    snug_dataset *data = read_text("a,y\ninf,1.5\nsup,2.5\n3,0.5\n", NULL);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "a=3");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "a=inf");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "a=sup");
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_over_the_ends_of_blocks) {
    FILE *stream = fopen("long.csv", "w");
    ck_assert_ptr_nonnull(stream);
    fputs("text,value,y\r\n", stream);
    for (int i = 0; i < 9000; i++) {
        fprintf(stream, "\"quoted\r\n %c\",%d.25,%d\r\n", 'a' + i % 3, i, i % 2);
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_csv("long.csv", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), 9000);
    for (size_t i = 0; i < 9000; i++) {
        float row[4] = {0, 0, 0, (float)i + 0.25f};
        row[i % 3] = 1;
        expect_row(data, i, 4, row);
    }
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_numbers_in_any_locale) {
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C.UTF-8"};
    for (size_t i = 0; i < 4 && setlocale(LC_ALL, locales[i]) == NULL; i++) {
        continue;
    }
    snug_dataset *data = read_text("a,y\n0.123456789,1.5\n2,2.5\n", NULL);
    setlocale(LC_ALL, "C");
    expect_row(data, 0, 1, ROW(0.123456789f));
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_the_small_data_sets) {
    static const struct {
        const char *name, *target;
        size_t rows, columns, classes, outputs;
    } sets[] = {
        {"iris", "species", 150, 4, 3, 0},
        {"wine", "cultivar", 178, 13, 3, 0},
        {"breast_cancer", "diagnosis", 569, 30, 2, 0},
        {"digits", "digit", 1797, 64, 10, 0},
        {"diabetes", "progression", 442, 10, 0, 1},
    };
    for (size_t i = 0; i < 5; i++) {
        char path[512];
        snprintf(path, sizeof path, "%.400s/../examples/data/%s.csv", SNUG_TEST_DIR, sets[i].name);
        snug_dataset *data = snug_dataset_read_csv(path, NULL);
        ck_assert_msg(data != NULL, "%s", snug_error());
        ck_assert_uint_eq(snug_dataset_row_count(data), sets[i].rows);
        ck_assert_uint_eq(snug_dataset_column_count(data), sets[i].columns);
        ck_assert_uint_eq(snug_dataset_class_count(data), sets[i].classes);
        ck_assert_uint_eq(snug_dataset_output_count(data), sets[i].outputs);
        ck_assert_str_eq(snug_dataset_target_name(data, 0), sets[i].target);
        snug_dataset_free(data);
    }
}
END_TEST

static Suite *csv_suite(void) {
    Suite *suite = suite_create("csv");
    TCase *tests = directory_case(suite, "csv");
    tcase_add_test(tests, reads_features_classes_and_names);
    tcase_add_test(tests, reads_what_rfc_4180_allows);
    tcase_add_test(tests, reads_other_delimiters_and_old_line_ends);
    tcase_add_test(tests, makes_one_feature_a_category);
    tcase_add_test(tests, reads_without_a_header);
    tcase_add_test(tests, keeps_missing_values_for_the_scaler);
    tcase_add_test(tests, decides_between_classes_and_values);
    tcase_add_test(tests, goes_back_for_a_late_text);
    tcase_add_test(tests, takes_inf_as_a_category_among_texts);
    tcase_add_test(tests, reads_over_the_ends_of_blocks);
    tcase_add_test(tests, reads_numbers_in_any_locale);
    tcase_add_test(tests, reads_the_small_data_sets);
    return suite;
}

REGISTER_SUITE(csv_suite)
