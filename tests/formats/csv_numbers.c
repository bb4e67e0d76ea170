/* Numbers with decimal commas, separators of thousands, signs of currencies and percent signs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/preprocessing.h"
#include "data/scaler.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...)                                                                                   \
    (float[]) {                                                                                    \
        __VA_ARGS__                                                                                \
    }

static void expect_remedy(const char *text, const snug_csv_options *options, const char *location,
                          const char *remedy) {
    expect_refusal(text, options, location);
    ck_assert_msg(strstr(snug_error(), remedy) != NULL, "%s", snug_error());
}

START_TEST(reads_formatted_numbers) {
    static const char text[] = "a,b,y\n\"$1,234.50\",45%,u\n7,,v\n\"-2,000,000\",3 %,u\n";
    snug_csv_options options = {.number_format = SNUG_NUMBERS_FORMATTED,
                                .missing = SNUG_MISSING_MEAN};
    snug_dataset *data = read_text(text, &options);
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    expect_row(data, 0, 2, ROW(1234.5F, 45));
    expect_row(data, 2, 2, ROW(-2000000, 3));

    snug_preprocessing *like = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    data = read_text("a,b\n\"1,000\",$2\n", &(snug_csv_options){.like = like});
    expect_row(data, 0, 2, ROW(1000, 2));
    snug_dataset_free(data);
    snug_preprocessing_free(like);
}
END_TEST

START_TEST(reads_formatted_targets_and_weights) {
    snug_csv_options options = {
        .number_format = SNUG_NUMBERS_FORMATTED, .weights = "w", .task = SNUG_TASK_REGRESSION};
    snug_dataset *data = read_text("a,w,y\n1,50%,\"1,000\"\n2,25%,$7\n", &options);
    ck_assert_float_eq(snug_dataset_values(data, 0)[0], 1000);
    ck_assert_float_eq(snug_dataset_values(data, 1)[0], 7);
    ck_assert_float_eq(snug_dataset_weight(data, 0), 50);
    snug_dataset_free(data);
}
END_TEST

/* Strings are categories, whatever the format, unless all are numbers in it. */
START_TEST(keeps_strings) {
    snug_csv_options options = {.number_format = SNUG_NUMBERS_FORMATTED};
    snug_dataset *data = read_text("a,y\n\"$5\",10%\nfive,20%\n", &options);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "a=$5");
    snug_dataset_free(data);
    options.task = SNUG_TASK_CLASSIFICATION;
    data = read_text("a,y\n1,10%\n2,20%\n", &options);
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "10%");
    snug_dataset_free(data);
}
END_TEST

START_TEST(names_the_option_that_reads_a_column) {
    static const char *const declared[] = {"a", NULL};
    static const char price[] = "a,y\n5,u\n\"$1,234\",v\n\"$2\",u\n";
    expect_remedy(price, NULL, "t.csv:3: column \"a\":", "\"number_format\": \"formatted\"");
    expect_remedy("a,y\n3,$5\n4,$6\n", &(snug_csv_options){.task = SNUG_TASK_REGRESSION},
                  "t.csv:2: column \"y\":", "\"number_format\": \"formatted\"");
    snug_dataset *data = read_text(price, &(snug_csv_options){.categorical = declared});
    ck_assert_uint_eq(snug_dataset_column_count(data), 3);
    snug_dataset_free(data);
    data = read_text("a,y\n$5,u\n$6,v\nfree,u\n", NULL);
    ck_assert_uint_eq(snug_dataset_column_count(data), 3);
    snug_dataset_free(data);
    data = read_text("a,y\n5,10%\n6,20%\n", &(snug_csv_options){.task = SNUG_TASK_CLASSIFICATION});
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    snug_dataset_free(data);
}
END_TEST

/* The categories of a column of more than 4096 different prices are no help. */
START_TEST(names_the_option_for_many_numbers) {
    char *text = malloc(5000 * 16);
    size_t used = (size_t)sprintf(text, "a,y\n");
    for (int i = 0; i < 5000; i++) {
        used += (size_t)sprintf(text + used, "$%d,%s\n", i, i % 2 ? "u" : "v");
    }
    expect_remedy(text, NULL, "t.csv:2: column \"a\":", "\"number_format\": \"formatted\"");
    free(text);
}
END_TEST

/* In JSON lines such a number is a string; a string of digits alone stays a string by default. */
START_TEST(reads_strings_of_json_lines) {
    write_text("t.jsonl", "{\"a\": \"$1,234\", \"b\": \"12\", \"y\": 1.5}\n"
                          "{\"a\": 5, \"b\": \"13\", \"y\": 2.5}\n");
    snug_csv_options options = {.task = SNUG_TASK_REGRESSION};
    ck_assert_ptr_null(snug_dataset_read_jsonl("t.jsonl", &options));
    expect_error(SNUG_ERROR_DATA, "t.jsonl:1: column \"a\":");
    options.number_format = SNUG_NUMBERS_FORMATTED;
    snug_dataset *data = snug_dataset_read_jsonl("t.jsonl", &options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    expect_row(data, 0, 2, ROW(1234, 12));
    expect_row(data, 1, 2, ROW(5, 13));
    snug_dataset_free(data);
    write_text("t.libsvm", "1 1:2\n0 1:3\n");
    ck_assert_ptr_null(snug_dataset_read_libsvm("t.libsvm", &options));
    expect_error(SNUG_ERROR_ARGUMENT, "t.libsvm:");
}
END_TEST

START_TEST(reads_decimal_commas) {
    static const char text[] = "a;b;y\n1,5;-200;u\n-2;-200,0;v\n,25;3e2;u\n";
    static const char *const missing[] = {"-200", NULL};
    snug_csv_options options = {.decimal = ',', .delimiter = ';', .missing_values = missing};
    snug_dataset *data = read_text(text, &options);
    expect_row(data, 0, 2, ROW(1.5F, NAN));
    expect_row(data, 1, 2, ROW(-2, NAN));
    expect_row(data, 2, 2, ROW(0.25F, 300));
    snug_dataset_free(data);
    options.task = SNUG_TASK_REGRESSION;
    data = read_text("a;y\n1;0,5\n3;7\n", &options);
    ck_assert_float_eq(snug_dataset_values(data, 0)[0], 0.5F);
    snug_dataset_free(data);
    /* Whether the target's numbers are whole decides about classes. */
    data = read_text("a;y\n1;0,5\n2;0,25\n3;0,5\n4;0,5\n",
                     &(snug_csv_options){.decimal = ',', .delimiter = ';'});
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    snug_dataset_free(data);
}
END_TEST

/* A model's table is read by the mark of the data that it was trained on, unless told otherwise. */
START_TEST(keeps_the_decimal_mark_with_the_model) {
    snug_csv_options options = {.decimal = ',', .delimiter = ';'};
    snug_dataset *data = read_text("a;y\n1,5;u\n2;v\n", &options);
    snug_preprocessing *like = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    options = (snug_csv_options){.delimiter = ';', .like = like};
    data = read_text("a\n0,25\n", &options);
    expect_row(data, 0, 1, ROW(0.25F));
    snug_dataset_free(data);
    expect_refusal("a\n0.25\n", &options, "t.csv:2: column \"a\":");
    options.decimal = '.';
    data = read_text("a\n0.25\n", &options);
    expect_row(data, 0, 1, ROW(0.25F));
    snug_dataset_free(data);
    data = read_text("a,y\n0.25,u\n", &(snug_csv_options){.like = like});
    expect_row(data, 0, 1, ROW(0.25F));
    snug_dataset_free(data);
    data = read_text("a,y\n\"0,25\",u\n", &(snug_csv_options){.like = like, .decimal = ','});
    expect_row(data, 0, 1, ROW(0.25F));
    snug_dataset_free(data);
    snug_preprocessing_free(like);
}
END_TEST

START_TEST(names_the_decimal_mark_that_reads_a_column) {
    snug_csv_options options = {.delimiter = ';'};
    expect_remedy("a;y\n1,5;u\n7;v\n", &options, "t.csv:2: column \"a\":", "\"decimal\": \",\"");
    expect_remedy("a;y\n1,234;u\n7;v\n", &options, "t.csv:2: column \"a\":", "as 1.234");
    expect_remedy("a;y\n1.234,5;u\n7;v\n", &options,
                  "t.csv:2: column \"a\":", "\"decimal\": \",\" with \"number_format\"");
    options.decimal = ',';
    expect_remedy("a;y\n1.5;u\n7;v\n", &options, "t.csv:2: column \"a\":", "\"decimal\": \".\"");
    expect_refusal("a,y\n1,5,u\n", &(snug_csv_options){.decimal = ','}, "t.csv:");
    options.decimal = 'x';
    write_text("t.csv", "a;y\n1;u\n");
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &options));
    expect_error(SNUG_ERROR_ARGUMENT, "t.csv:");
}
END_TEST

static Suite *csv_numbers_suite(void) {
    Suite *suite = suite_create("numbers in tables");
    TCase *tests = directory_case(suite, "numbers");
    tcase_add_test(tests, reads_formatted_numbers);
    tcase_add_test(tests, reads_formatted_targets_and_weights);
    tcase_add_test(tests, keeps_strings);
    tcase_add_test(tests, names_the_option_that_reads_a_column);
    tcase_add_test(tests, names_the_option_for_many_numbers);
    tcase_add_test(tests, reads_decimal_commas);
    tcase_add_test(tests, keeps_the_decimal_mark_with_the_model);
    tcase_add_test(tests, names_the_decimal_mark_that_reads_a_column);
    tcase_add_test(tests, reads_strings_of_json_lines);
    return suite;
}

REGISTER_SUITE(csv_numbers_suite)
