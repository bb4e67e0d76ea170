/* JSON lines: what becomes a column, and what is refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

static snug_dataset *read_lines(const char *text, const snug_csv_options *options) {
    write_text("t.jsonl", text);
    snug_dataset *data = snug_dataset_read_jsonl("t.jsonl", options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static void expect_refused(const char *text, const snug_csv_options *options,
                           const char *location) {
    write_text("t.jsonl", text);
    ck_assert_ptr_null(snug_dataset_read_jsonl("t.jsonl", options));
    expect_error(SNUG_ERROR_DATA, location);
}

static snug_preprocessing *learn(const snug_dataset *data) {
    return snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                  snug_scaler_fit(data, SNUG_SCALING_NONE));
}

START_TEST(orders_columns_by_their_first_appearance) {
    snug_dataset *data =
        read_lines("\xEF\xBB\xBF{\"b\":1,\"y\":0.5}\n\n \t\n"
                   "{\"c\":2,\"a\":3,\"y\":1.5,\"b\":4}\r\n"
                   "{\"y\":2,\"a\":null,\"c\":7}",
                   &(snug_csv_options){
                       .target = "y", .task = SNUG_TASK_REGRESSION, .missing = SNUG_MISSING_MEAN});
    ck_assert_uint_eq(snug_dataset_row_count(data), 3);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "b");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "c");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "a");
    expect_row(data, 0, 3, (float[]){1, NAN, NAN});
    expect_row(data, 1, 3, (float[]){4, 2, 3});
    expect_row(data, 2, 3, (float[]){NAN, 7, NAN});
    ck_assert_float_eq(snug_dataset_values(data, 1)[0], 1.5f);
    snug_dataset_free(data);
}
END_TEST

START_TEST(takes_strings_as_strings) {
    snug_dataset *data = read_lines(
        "{\"s\":\"12\",\"t\":true,\"y\":\"1\"}\n{\"s\":\"9\",\"t\":false,\"y\":\"0\"}\n", NULL);
    ck_assert_uint_eq(snug_dataset_column_count(data), 4);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "s=9");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "s=12");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "t=false");
    expect_row(data, 0, 4, (float[]){0, 1, 0, 1});
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    snug_dataset_free(data);
    expect_refused("{\"a\":1,\"y\":\"2\"}\n", &(snug_csv_options){.task = SNUG_TASK_REGRESSION},
                   "t.jsonl:1: column \"y\":");
    expect_refused("{\"a\":1,\"w\":\"2\",\"y\":1}\n", &(snug_csv_options){.weights = "w"},
                   "t.jsonl:1: column \"w\":");
}
END_TEST

START_TEST(decodes_escapes) {
    snug_dataset *data = read_lines(
        "{\"\\u0061\\/\":\"\\\"\\\\\\b\\t\\f\\n\\r\", \"y\":\"\\u00e9\\u20AC\\ud83d\\uDE00x\"}\n"
        "{\"a/\":\"b\",\"y\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80x\"}\n",
        NULL);
    ck_assert_uint_eq(snug_dataset_class_count(data), 1);
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80x");
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "a/=\"\\\b\t\f\n\r");
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_rows_like_another_table) {
    snug_dataset *data =
        read_lines("{\"a\":1,\"c\":\"u\",\"y\":5}\n{\"a\":2,\"c\":\"v\",\"y\":6}\n",
                   &(snug_csv_options){.task = SNUG_TASK_REGRESSION, .missing = SNUG_MISSING_MEAN});
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    const snug_csv_options like = {.like = prep};
    data = read_lines("{\"c\":\"v\"}\n", &like); /* a key that no line has is missing */
    expect_row(data, 0, 3, (float[]){NAN, 0, 1});
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    snug_dataset_free(data);
    expect_refused("{\"a\":1,\"b\":2}\n", &like, "t.jsonl:");
    data = read_lines("{\"a\":1,\"c\":\"w\"}\n", &like);
    expect_row(data, 0, 3, (float[]){1, NAN, NAN});
    expect_nth_warning(data, 0, "t.jsonl:1: column \"c\": 1 cell holds an unknown category, \"w\"");
    snug_dataset_free(data);
    data = read_lines("{\"a\":1,\"c\":\"u\",\"y\":1}\n{\"a\":1,\"c\":\"u\"}\n", &like);
    ck_assert_uint_eq(snug_dataset_row_count(data), 1);
    expect_nth_warning(data, 0, "t.jsonl:2: column \"y\":");
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(names_the_features_of_arrays) {
    static const float x[] = {1, 2, 3, 4};
    static const int32_t classes[] = {1, 0};
    snug_dataset *data = snug_dataset_from_arrays(x, 2, 2, classes);
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    data = read_lines("{\"x2\":5,\"y\":1,\"x1\":7}\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 2, (float[]){7, 5});
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    snug_dataset_free(data);
    expect_refused("{\"a\":1,\"b\":2}\n", &(snug_csv_options){.like = prep}, "t.jsonl:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(refuses_what_is_no_flat_object) {
    static const struct {
        const char *text, *location;
    } cases[] = {
        {"", "t.jsonl: is empty"},
        {"\n  \n", "t.jsonl: is empty"},
        {"{}\n{ }\n", "t.jsonl: no object has a key"},
        {"{\"a\":1}\n", "t.jsonl:"},
        {"[1,2]\n", "t.jsonl:1:"},
        {"{\"a\":1,\"b\":2}\n3\n", "t.jsonl:2:"},
        {"{\"a\":1,\"b\":[2]}\n", "t.jsonl:1: the key \"b\""},
        {"{\"a\":1,\"b\":2}\n\n{\"a\":1,\"b\": {\"c\":2}}\n", "t.jsonl:3: the key \"b\""},
        {"{\"a\":1,\"b\":2,\"a\":1}\n", "t.jsonl:1: the key \"a\""},
        {"{\"a\":null,\"b\":2,\"\\u0061\":1}\n", "t.jsonl:1: the key \"a\""},
        {"{\"\":1,\"b\":2}\n", "t.jsonl:1: a key is empty"},
        {"{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2\n", "t.jsonl:2:13:"},
        {"{\"a\":1,\"b\":2}\n{\"a\":1,\"b\":2} x\n", "t.jsonl:2:15:"},
        {"{\"a\":1,\"b\":01}\n", "t.jsonl:1:13:"},
        {"{\"a\":1,\"b\":NaN}\n", "t.jsonl:1:12:"},
        {"{\"a\":1,\"b\":\"\xE9\"}\n", "t.jsonl:1:13:"},
        {"{\"a\":1,\"b\":\"\\ud83d\"}\n", "t.jsonl:1:"},
        {"{\n\"a\":1}\n", "t.jsonl:1:2:"},
        {"{\"a\":1,\"b\":2}\n{\"b\":2}\n", "t.jsonl:2: column \"a\":"},
        {"{\"a\":1,\"b\":null}\n{\"a\":2}\n", "t.jsonl: column \"b\":"},
        {"{\"a\":1e999,\"b\":2}\n", "t.jsonl:1: column \"a\":"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_refused(cases[i].text, &(snug_csv_options){.missing = SNUG_MISSING_ERROR},
                       cases[i].location);
    }
    write_bytes("t.jsonl", "{\"a\":1,\"b\":2}\n{\"a\":1,\0", 23);
    ck_assert_ptr_null(snug_dataset_read_jsonl("t.jsonl", NULL));
    expect_error(SNUG_ERROR_DATA, "t.jsonl:2:");
}
END_TEST

START_TEST(refuses_options_of_csv) {
    write_text("t.jsonl", "{\"a\":1,\"b\":2}\n");
    ck_assert_ptr_null(snug_dataset_read_jsonl("t.jsonl", &(snug_csv_options){.delimiter = ';'}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.jsonl: .delimiter");
    ck_assert_ptr_null(snug_dataset_read_jsonl("t.jsonl", &(snug_csv_options){.no_header = true}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.jsonl: .no_header");
    ck_assert_ptr_null(snug_dataset_read_jsonl(NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "a table's path is NULL");
}
END_TEST

/* Objects whose keys come in another order each, and lines longer than a block. */
START_TEST(reads_many_keys) {
    enum { KEYS = 20000 };
    FILE *stream = fopen("t.jsonl", "w");
    for (size_t row = 0; row < 2; row++) {
        fputs("{", stream);
        for (size_t i = 0; i < KEYS; i++) {
            size_t key = row == 0 ? i : KEYS - 1 - i;
            fprintf(stream, "%s\"key%zu\":%zu", i > 0 ? "," : "", key, key + row);
        }
        fputs("}\n", stream);
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_jsonl(
        "t.jsonl", &(snug_csv_options){.target = "key7", .task = SNUG_TASK_REGRESSION});
    ck_assert_msg(data != NULL, "%s", snug_error());
    static float row[KEYS];
    ck_assert_uint_eq(snug_dataset_column_count(data), KEYS - 1);
    ck_assert_int_eq(snug_dataset_row(data, 1, row), SNUG_OK);
    ck_assert_float_eq(row[KEYS - 2], KEYS);
    ck_assert_float_eq(row[6], 7);
    ck_assert_float_eq(row[7], 9);
    snug_dataset_free(data);
}
END_TEST

/*
 * A file without ends of lines does not take all memory. The file is sparse: it holds only zeros.
 */
START_TEST(refuses_endless_lines) {
    write_text("t.jsonl", "{\"a\":1,\"b\":2}\n");
    ck_assert_int_eq(truncate("t.jsonl", (off_t)65 << 20), 0);
    ck_assert_ptr_null(snug_dataset_read_jsonl("t.jsonl", NULL));
    expect_error(SNUG_ERROR_DATA, "t.jsonl:2: a line has more than 67108864 bytes");
}
END_TEST

static bool read_all(void) {
    snug_dataset *data = snug_dataset_read_jsonl(
        "t.jsonl",
        &(snug_csv_options){.target = "y", .weights = "w", .missing = SNUG_MISSING_MEAN});
    snug_dataset_free(data);
    return data != NULL;
}

START_TEST(bears_every_failing_allocation) {
    write_text("t.jsonl", "{\"a\":1,\"w\":2,\"c\":\"u\",\"y\":\"k\"}\n{\"b\":2,\"w\":1,\"c\":\"v\","
                          "\"a\":\"x\",\"y\":\"l\"}\n");
    expect_every_failure(read_all);
}
END_TEST

static Suite *jsonl_suite(void) {
    Suite *suite = suite_create("jsonl");
    TCase *tests = directory_case(suite, "jsonl");
    tcase_add_test(tests, orders_columns_by_their_first_appearance);
    tcase_add_test(tests, takes_strings_as_strings);
    tcase_add_test(tests, decodes_escapes);
    tcase_add_test(tests, reads_rows_like_another_table);
    tcase_add_test(tests, names_the_features_of_arrays);
    tcase_add_test(tests, refuses_what_is_no_flat_object);
    tcase_add_test(tests, refuses_options_of_csv);
    tcase_add_test(tests, reads_many_keys);
    tcase_add_test(tests, refuses_endless_lines);
    tcase_add_test(tests, bears_every_failing_allocation);
    return suite;
}

REGISTER_SUITE(jsonl_suite)
