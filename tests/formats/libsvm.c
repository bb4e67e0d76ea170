/* The format of libsvm: indices, labels, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

static snug_dataset *read_pairs(const char *text, const snug_csv_options *options) {
    write_text("t.svm", text);
    snug_dataset *data = snug_dataset_read_libsvm("t.svm", options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static void expect_refused(const char *text, const snug_csv_options *options,
                           const char *location) {
    write_text("t.svm", text);
    ck_assert_ptr_null(snug_dataset_read_libsvm("t.svm", options));
    expect_error(SNUG_ERROR_DATA, location);
}

static snug_preprocessing *learn(const snug_dataset *data) {
    return snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                  snug_scaler_fit(data, SNUG_SCALING_NONE));
}

/* ---- indices --------------------------------------------------------------------------------- */

START_TEST(fills_zeros) {
    snug_dataset *data = read_pairs("# a comment\n1 2:0.5\n\n-1 4:3 1:-7 # 3:9\n1\n-1\t3:1\r\n"
                                    "1 1:1",
                                    NULL);
    ck_assert_uint_eq(snug_dataset_row_count(data), 5);
    expect_row(data, 0, 4, (float[]){0, 0.5f, 0, 0});
    expect_row(data, 1, 4, (float[]){-7, 0, 0, 3});
    expect_row(data, 2, 4, (float[]){0, 0, 0, 0});
    expect_row(data, 3, 4, (float[]){0, 0, 1, 0});
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "x1");
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "label");
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "-1");
    ck_assert_int_eq(snug_dataset_class(data, 1), 0);
    ck_assert_int_eq(snug_dataset_class(data, 4), 1);
    snug_dataset_free(data);
}
END_TEST

START_TEST(counts_from_0_where_an_index_is_0) {
    snug_dataset *data = read_pairs("1.5 1:2\n2.5 0:7\n", NULL);
    expect_row(data, 0, 2, (float[]){0, 2});
    expect_row(data, 1, 2, (float[]){7, 0});
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "x0");
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    data = read_pairs("0 1:3\n", &(snug_csv_options){.like = prep, .task = SNUG_TASK_NONE});
    expect_row(data, 0, 2, (float[]){0, 3}); /* index 1 is x1, whether there is an index 0 or not */
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

static size_t warnings;

static void count_warning(snug_log_level level, const char *message, void *user) {
    (void)user;
    ck_assert_int_eq(level, SNUG_LOG_WARNING);
    ck_assert_ptr_nonnull(strstr(message, "t.svm:2: index 9 "));
    warnings++;
}

START_TEST(ignores_larger_indices_than_those_of_the_model) {
    static const char *const ignored[] = {"x2", NULL};
    snug_dataset *data =
        read_pairs("1 1:1 2:2 3:3\n0 1:4\n1 2:5\n", &(snug_csv_options){.ignore = ignored});
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    snug_set_log(count_warning, NULL);
    data = read_pairs("1 1:7\n0 9:5 3:8 2:1\n1 1048576:1\n", &(snug_csv_options){.like = prep});
    snug_set_log(NULL, NULL);
    ck_assert_uint_eq(warnings, 1);
    expect_row(data, 0, 2, (float[]){7, 0});
    expect_row(data, 1, 2, (float[]){0, 8});
    expect_row(data, 2, 2, (float[]){0, 0});
    snug_dataset_free(data);
    expect_refused("1 0:1 1:2\n", &(snug_csv_options){.like = prep}, "t.svm:1:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(takes_the_columns_of_other_models_in_their_order) {
    snug_dataset *data =
        read_text("age,y,height\n1,0.5,2\n3,0.25,4\n", &(snug_csv_options){.target = "y"});
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    data = read_pairs("7 1:5 2:6\n8 2:1\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 2, (float[]){5, 6});
    expect_row(data, 1, 2, (float[]){0, 1});
    ck_assert_float_eq(snug_dataset_values(data, 1)[0], 8);
    snug_dataset_free(data);
    data = read_pairs("1:5\n0:6\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 2, (float[]){0, 5});
    expect_row(data, 1, 2, (float[]){6, 0});
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
    data =
        read_text("colour,y\nred,1\nblue,2\n", &(snug_csv_options){.task = SNUG_TASK_REGRESSION});
    prep = learn(data);
    snug_dataset_free(data);
    expect_refused("1 1:1\n", &(snug_csv_options){.like = prep}, "t.svm:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(reads_wide_files) {
    enum { WIDTH = 10000, ROWS = 50 };
    FILE *stream = fopen("t.svm", "w");
    for (size_t row = 0; row < ROWS; row++) {
        fprintf(stream, "%zu %zu:%zu %d:1\n", row % 2, row + 1, row + 5, WIDTH);
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_libsvm("t.svm", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    static float row[WIDTH];
    ck_assert_uint_eq(snug_dataset_column_count(data), WIDTH);
    ck_assert_int_eq(snug_dataset_row(data, 41, row), SNUG_OK);
    ck_assert(row[41] == 46 && row[40] == 0 && row[WIDTH - 1] == 1);
    snug_dataset_free(data);
}
END_TEST

/* ---- labels ---------------------------------------------------------------------------------- */

START_TEST(takes_a_number_as_one_class) {
    snug_dataset *data =
        read_pairs("1 1:1\n+1 1:2\n1.0 1:3\n1e0 1:4\n01 1:4\n-0 1:1\n0 1:1\ncat 1:1\n", NULL);
    ck_assert_uint_eq(snug_dataset_class_count(data), 3);
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "0");
    ck_assert_str_eq(snug_dataset_class_name(data, 1), "1");
    ck_assert_str_eq(snug_dataset_class_name(data, 2), "cat");
    for (size_t i = 0; i < 5; i++) {
        ck_assert_int_eq(snug_dataset_class(data, i), 1);
    }
    ck_assert_int_eq(snug_dataset_class(data, 5), 0);
    snug_dataset_free(data);
}
END_TEST

static const char several[] = "3 1:1\n1,3 2:1\n 1:2\n10,1.0 1:3 2:4\n";

START_TEST(makes_a_target_of_each_label) {
    snug_dataset *data = read_pairs(several, NULL);
    ck_assert_uint_eq(snug_dataset_output_count(data), 3);
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "label=1");
    ck_assert_str_eq(snug_dataset_target_name(data, 1), "label=3");
    ck_assert_str_eq(snug_dataset_target_name(data, 2), "label=10");
    expect_floats(3, snug_dataset_values(data, 0), (float[]){0, 1, 0});
    expect_floats(3, snug_dataset_values(data, 1), (float[]){1, 1, 0});
    expect_floats(3, snug_dataset_values(data, 2), (float[]){0, 0, 0});
    expect_floats(3, snug_dataset_values(data, 3), (float[]){1, 0, 1});
    expect_row(data, 3, 2, (float[]){3, 4});
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    data = read_pairs("10 1:1\n2:1\n", &(snug_csv_options){.like = prep});
    expect_floats(3, snug_dataset_values(data, 0), (float[]){0, 0, 1});
    expect_floats(3, snug_dataset_values(data, 1), (float[]){0, 0, 0});
    snug_dataset_free(data);
    data = read_pairs("1:1\n2:1\n", &(snug_csv_options){.like = prep});
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    snug_dataset_free(data);
    data = read_pairs("1,77 1:1\n", &(snug_csv_options){.like = prep, .task = SNUG_TASK_NONE});
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    snug_dataset_free(data);
    expect_refused("1,77 1:1\n", &(snug_csv_options){.like = prep}, "t.svm:1:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(reads_files_without_labels) {
    snug_dataset *data = read_pairs("1:1\n2:3\n", &(snug_csv_options){.task = SNUG_TASK_NONE});
    expect_row(data, 1, 2, (float[]){0, 3});
    snug_dataset_free(data);
    expect_refused("1:1\n2:3\n", NULL, "t.svm:");
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

START_TEST(refuses_what_is_wrong) {
    static const struct {
        const char *text, *location;
    } cases[] = {
        {"", "t.svm:"},
        {"\n# only a comment\n", "t.svm:"},
        {"1 1:1\n1 4294967295:1\n", "t.svm:2:"},
        {"1 99999999999999999999999:1\n", "t.svm:1:"},
        {"1 1048577:1\n", "t.svm:1:"},
        {"1 1:1 2:1 1:2\n", "t.svm:1:"},
        {"1 qid:3 1:2\n", "t.svm:1:"},
        {"1 -1:3\n", "t.svm:1:"},
        {"1 :3\n", "t.svm:1:"},
        {"1 a:3\n", "t.svm:1:"},
        {"1 1:\n", "t.svm:1:"},
        {"1 1: 2\n", "t.svm:1:"},
        {"1 1:x\n", "t.svm:1:"},
        {"1 1:1:1\n", "t.svm:1:"},
        {"1 1:inf\n", "t.svm:1: column \"x1\":"},
        {"1 1:1e99\n", "t.svm:1: column \"x1\":"},
        {"1 1:nan\n", "t.svm:1: column \"x1\":"},
        {"1 2 1:1\n", "t.svm:1:"},
        {"1,,2 1:1\n", "t.svm:1:"},
        {"1,2,1.0 1:1\n", "t.svm:1:"},
        {"1\n2\n", "t.svm:"},
        {"\xE9,1 1:1\n\xE9,2 1:1\n", "t.svm:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_refused(cases[i].text, &(snug_csv_options){.missing = SNUG_MISSING_ERROR},
                       cases[i].location);
    }
    expect_refused(several, &(snug_csv_options){.task = SNUG_TASK_CLASSIFICATION}, "t.svm:");
    write_bytes("t.svm", "1 1:1\n1 2:\0001\n", 14);
    ck_assert_ptr_null(snug_dataset_read_libsvm("t.svm", NULL));
    expect_error(SNUG_ERROR_DATA, "t.svm:2:");
    ck_assert_ptr_null(snug_dataset_read_libsvm("t.svm", &(snug_csv_options){.delimiter = ' '}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.svm: .delimiter");
}
END_TEST

/* ---- failing allocations --------------------------------------------------------------------- */

static const snug_csv_options *options;

static bool read_all(void) {
    snug_dataset *data = snug_dataset_read_libsvm("t.svm", options);
    snug_dataset_free(data);
    return data != NULL;
}

START_TEST(bears_every_failing_allocation) {
    options = NULL;
    write_text("t.svm", "1 1:1 3:2\n2 2:4\n");
    expect_every_failure(read_all);
    write_text("t.svm", several);
    expect_every_failure(read_all);
    snug_dataset *data = snug_dataset_read_libsvm("t.svm", NULL);
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    options = &(snug_csv_options){.like = prep};
    expect_every_failure(read_all);
    snug_preprocessing_free(prep);
}
END_TEST

static Suite *libsvm_suite(void) {
    Suite *suite = suite_create("libsvm");
    TCase *tests = directory_case(suite, "libsvm");
    tcase_add_test(tests, fills_zeros);
    tcase_add_test(tests, counts_from_0_where_an_index_is_0);
    tcase_add_test(tests, ignores_larger_indices_than_those_of_the_model);
    tcase_add_test(tests, takes_the_columns_of_other_models_in_their_order);
    tcase_add_test(tests, reads_wide_files);
    tcase_add_test(tests, takes_a_number_as_one_class);
    tcase_add_test(tests, makes_a_target_of_each_label);
    tcase_add_test(tests, reads_files_without_labels);
    tcase_add_test(tests, refuses_what_is_wrong);
    tcase_add_test(tests, bears_every_failing_allocation);
    return suite;
}

REGISTER_SUITE(libsvm_suite)
