/* Tables that are read for a model are taken to be written as its data was. */
#include <string.h>

#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...)                                                                                   \
    (float[]) {                                                                                    \
        __VA_ARGS__                                                                                \
    }

/* Returns the preprocessing of a table as JSON, as a model file holds it. */
static cJSON *write_preprocessing(const char *text, const snug_csv_options *options) {
    snug_dataset *data = read_text(text, options);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    ck_assert_msg(json != NULL, "%s", snug_error());
    return json;
}

/* Returns the preprocessing of a table that was read from JSON; free it. */
static snug_preprocessing *learn(const char *text, const snug_csv_options *options) {
    cJSON *json = write_preprocessing(text, options);
    snug_preprocessing *prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    return prep;
}

static void expect_read(const char *text, const snug_csv_options *options, const float *row) {
    snug_dataset *data = read_text(text, options);
    expect_row(data, 0, 2, row);
    ck_assert_uint_eq(snug_dataset_row_count(data), 1);
    snug_dataset_free(data);
}

static const char latin[] = "gr\xF6\xDF"
                            "e,b,y\n1,2,u\n3,4,v\n";

START_TEST(reads_the_encoding_of_the_model) {
    snug_preprocessing *prep = learn(latin, &(snug_csv_options){.encoding = "latin-1"});
    snug_csv_options like = {.like = prep};
    expect_read("gr\xF6\xDF"
                "e,b\n5,6\n",
                &like, ROW(5, 6));
    expect_read("größe,b\n5,6\n", &like, ROW(5, 6));
    expect_read("\xEF\xBB\xBFgröße,b\n5,6\n", &like, ROW(5, 6));
    like.encoding = "utf-8";
    expect_refusal("gr\xF6\xDF"
                   "e,b\n5,6\n",
                   &like, "t.csv:1: column 1:");
    snug_preprocessing_free(prep);
}
END_TEST

/* A table in UTF-8 has bytes of 0 nowhere, one in UTF-16 has them everywhere. */
START_TEST(reads_utf_16_of_the_model) {
    static const char text[] = "a\0,\0b\0\n\0"
                               "5\0,\0006\0\n";
    snug_preprocessing *prep = learn("a,b,y\n1,2,u\n3,4,v\n", NULL);
    write_bytes("t.csv", text, sizeof text);
    prep->table->encoding = "utf-16le";
    snug_csv_options like = {.like = prep};
    snug_dataset *data = snug_dataset_read_csv("t.csv", &like);
    ck_assert_msg(data != NULL, "%s", snug_error());
    expect_row(data, 0, 2, ROW(5, 6));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

/* A byte order mark, and UTF-8, need no key. */
START_TEST(stores_what_a_file_does_not_show) {
    static const struct {
        const char *text;
        snug_csv_options options;
        const char *encoding;
        bool header;
    } cases[] = {
        {latin, {.encoding = "windows-1252"}, "windows-1252", true},
        {"1,2,u\n3,4,v\n", {.encoding = "utf-8", .no_header = true}, NULL, false},
        {"\xEF\xBB\xBF"
         "a,b,y\n1,2,u\n3,4,v\n",
         {.encoding = "windows-1252"},
         NULL,
         true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cJSON *json = write_preprocessing(cases[i].text, &cases[i].options);
        const cJSON *encoding = cJSON_GetObjectItemCaseSensitive(json, "encoding");
        const cJSON *header = cJSON_GetObjectItemCaseSensitive(json, "header");
        ck_assert((encoding != NULL) == (cases[i].encoding != NULL));
        ck_assert(encoding == NULL || strcmp(encoding->valuestring, cases[i].encoding) == 0);
        ck_assert(cases[i].header ? header == NULL : cJSON_IsFalse(header));
        cJSON_Delete(json);
    }
}
END_TEST

START_TEST(reads_a_table_without_header_for_one) {
    snug_preprocessing *prep = learn("1,2,u\n3,4,v\n", &(snug_csv_options){.no_header = true});
    snug_csv_options like = {.like = prep};
    expect_read("5,6\n", &like, ROW(5, 6));
    expect_read("5,6,v\n", &like, ROW(5, 6));
    like.no_header = true;
    expect_read("5,6\n", &like, ROW(5, 6));
    /* Names that the columns got are a header. */
    like.no_header = false;
    expect_read("column2,column1\n6,5\n", &like, ROW(5, 6));
    expect_read("column3,column2,column1\nv,6,5\n", &like, ROW(5, 6));
    expect_refusal("", &like, "t.csv:");
    expect_refusal("5,6,v,7\n", &like, "t.csv:1:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(asks_whether_the_first_line_holds_values) {
    snug_preprocessing *prep = learn("a,b,y\n1,2,u\n3,4,v\n", NULL);
    snug_csv_options like = {.like = prep};
    expect_refusal("0.676,red\n1,2\n", &like, "t.csv: unknown column \"0.676\": does the first");
    expect_refusal("red,0.676\n1,2\n", &like, "t.csv: unknown column \"red\": does the first");
    expect_refusal("a,0.676\n1,2\n", &like, "t.csv:1: unknown column \"0.676\": the model");
    expect_refusal("red,blue\n1,2\n", &like, "t.csv:1: unknown column \"red\": the model");
    expect_refusal("0.5,0.5\n1,2\n", &like, "t.csv:1: the column \"0.5\" is there twice: does");
    snug_preprocessing_free(prep);
}
END_TEST

static void refuse_value(const char *key, const char *value, const char *location) {
    cJSON *json = write_preprocessing("a,b,y\n1,2,u\n3,4,v\n", NULL);
    cJSON_AddItemToObject(json, key, cJSON_Parse(value));
    ck_assert_ptr_null(snug_preprocessing_read(json, "p", false));
    expect_error(SNUG_ERROR_CONFIG, location);
    cJSON_Delete(json);
}

START_TEST(refuses_wrong_values_in_a_model) {
    refuse_value("encoding", "\"utf-7\"", "p.encoding: unknown encoding");
    refuse_value("encoding", "1", "p.encoding: must be a string");
    refuse_value("header", "\"no\"", "p.header: must be true or false");
}
END_TEST

static Suite *csv_as_written_suite(void) {
    Suite *suite = suite_create("csv, written as a model's data");
    TCase *tests = directory_case(suite, "written");
    tcase_add_test(tests, reads_the_encoding_of_the_model);
    tcase_add_test(tests, reads_utf_16_of_the_model);
    tcase_add_test(tests, stores_what_a_file_does_not_show);
    tcase_add_test(tests, reads_a_table_without_header_for_one);
    tcase_add_test(tests, asks_whether_the_first_line_holds_values);
    tcase_add_test(tests, refuses_wrong_values_in_a_model);
    return suite;
}

REGISTER_SUITE(csv_as_written_suite)
