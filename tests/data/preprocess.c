/* Preprocessing as JSON: exact, and wary of what it reads. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "data/gather.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "json/json.h"
#include "json/json_print.h"
#include "support/suite.h"
#include "support/tables.h"

static snug_preprocessing *learn(const snug_dataset *data, snug_scaling scaling) {
    return snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                  snug_scaler_fit(data, scaling));
}

static snug_preprocessing *parse(const char *text) {
    cJSON *json = snug_json_parse("p", text, strlen(text));
    ck_assert_msg(json != NULL, "%s", snug_error());
    snug_preprocessing *prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    return prep;
}

static char *print(const snug_preprocessing *prep) {
    cJSON *json = snug_preprocessing_write(prep);
    char *text = snug_json_print(json, false);
    cJSON_Delete(json);
    ck_assert_ptr_nonnull(text);
    return text;
}

START_TEST(writes_what_the_model_file_holds) {
    snug_dataset *data = read_text("a,colour,y\n1,red,v\n2,blue,u\n3,,v\n",
                                   &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    snug_preprocessing *prep = learn(data, SNUG_SCALING_NONE);
    char *text = print(prep);
    ck_assert_str_eq(
        text, "{\"columns\":[{\"name\":\"a\"},{\"name\":\"colour\",\"categories\":"
              "[\"blue\",\"red\"]}],\"target\":\"y\",\"classes\":[\"u\",\"v\"],"
              "\"target_columns\":[3],\"missing\":\"mean\",\"unknown_category\":\"missing\","
              "\"shift\":[0,0,0],\"factor\":[1,1,1],\"fill\":[2,0,0],\"standardize\":false}");
    snug_preprocessing *again = parse(text);
    char *second = print(again);
    ck_assert_str_eq(second, text);
    ck_assert_uint_eq(again->table->features, 3);
    snug_release(text);
    snug_release(second);
    snug_preprocessing_free(again);
    snug_preprocessing_free(prep);
    snug_preprocessing_free(NULL);
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_every_bit) {
    enum { N = 500 };
    float x[2 * N];
    for (size_t j = 0; j < N; j++) {
        x[j] = ldexpf(1 + (float)(j * 7919 % 8388608) / 8388608, (int)(j % 200) - 100);
        x[N + j] = -x[j] * 0.3f;
    }
    snug_dataset *data = snug_dataset_from_values(x, 2, N, x, 3);
    snug_preprocessing *prep = learn(data, SNUG_SCALING_STANDARD);
    char *text = print(prep);
    ck_assert_ptr_nonnull(strstr(text, "{\"features\":500,\"targets\":[\"y1\",\"y2\",\"y3\"],"));
    snug_preprocessing *again = parse(text);
    ck_assert_msg(again != NULL, "%s", snug_error());
    ck_assert_mem_eq(again->scaler->shift, prep->scaler->shift, N * sizeof *x);
    ck_assert_mem_eq(again->scaler->factor, prep->scaler->factor, N * sizeof *x);
    ck_assert_mem_eq(again->scaler->fill, prep->scaler->fill, N * sizeof *x);
    snug_release(text);
    snug_preprocessing_free(again);
    snug_preprocessing_free(prep);
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_offsets) {
    static const double x[] = {1.7e9, 5, 0.5, 1700000000.875, 6, 0.25};
    snug_dataset *data = snug_dataset_from_arrays_f64(x, 2, 3, NULL);
    snug_preprocessing *prep = learn(data, SNUG_SCALING_STANDARD);
    char *text = print(prep);
    ck_assert_ptr_nonnull(strstr(text, ",\"standardize\":true,\"offset\":[1700000000,0,0]}"));
    snug_preprocessing *again = parse(text);
    ck_assert_msg(again != NULL, "%s", snug_error());
    ck_assert_mem_eq(again->scaler->offsets, prep->scaler->offsets, 3 * sizeof *x);
    snug_release(text);
    again->scaler->offsets[0] = 1 / 3.0; /* no digit of a double is lost */
    text = print(again);
    snug_preprocessing *third = parse(text);
    ck_assert_double_eq(third->scaler->offsets[0], 1 / 3.0);
    snug_release(text);
    snug_preprocessing_free(third);
    snug_preprocessing_free(again);
    snug_preprocessing_free(prep);
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_the_kind_of_scaling) {
    static const float x[] = {1, 2, 4, 3};
    for (int scaling = SNUG_SCALING_STANDARD; scaling <= SNUG_SCALING_STANDARD_CLIP; scaling++) {
        snug_dataset *data = snug_dataset_from_arrays(x, 4, 1, NULL);
        snug_preprocessing *prep = learn(data, (snug_scaling)scaling);
        char *text = print(prep);
        snug_preprocessing *again = parse(text);
        ck_assert_msg(again != NULL, "%s", snug_error());
        ck_assert_int_eq((int)again->scaler->scaling, scaling);
        ck_assert((strstr(text, "\"scaling\"") != NULL) == (scaling > SNUG_SCALING_NONE));
        snug_release(text);
        snug_preprocessing_free(again);
        snug_preprocessing_free(prep);
        snug_dataset_free(data);
    }
}
END_TEST

/* Files of format 1.1 and before fill a missing category too: with the mean of each feature. */
START_TEST(keeps_the_fill_of_older_files) {
    snug_preprocessing *prep =
        parse("{\"columns\":[{\"name\":\"a\"},{\"name\":\"c\",\"categories\":[\"u\",\"v\"]}],"
              "\"missing\":\"mean\",\"shift\":[1,0.25,0.75],\"factor\":[2,4,8],"
              "\"fill\":[3,0.5,0.625],\"standardize\":true}");
    ck_assert_msg(prep != NULL, "%s", snug_error());
    snug_dataset *data = read_text("a,c\n,v\n5,\n", &(snug_csv_options){.like = prep});
    float x[6];
    ck_assert_int_eq(snug_dataset_gather(data, prep->scaler, NULL, 0, 2, x), SNUG_OK);
    expect_floats(6, x, (const float[]){4, -1, 2, 8, 1, -1});
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

#define REST "\"missing\":\"error\",\"shift\":[0],\"factor\":[1],\"fill\":[0],\"standardize\":true"

START_TEST(refuses_what_is_inconsistent) {
    static const char *const cases[][2] = {
        {"[]", "p:"},
        {"{\"features\":1,\"extra\":2," REST "}", "p:"},
        {"{" REST "}", "p:"},
        {"{\"features\":1,\"columns\":[{\"name\":\"a\"}]," REST "}", "p:"},
        {"{\"features\":0," REST "}", "p.features:"},
        {"{\"features\":2," REST "}", "p.shift:"},
        {"{\"columns\":[]," REST "}", "p.columns:"},
        {"{\"columns\":[{\"nam\":\"a\"}]," REST "}", "p.columns[0]:"},
        {"{\"columns\":[{\"categories\":[\"a\"]}]," REST "}", "p.columns[0].name:"},
        {"{\"columns\":[{\"name\":\"a\",\"categories\":[\"u\",\"v\"]}]," REST "}", "p.shift:"},
        {"{\"columns\":[{\"name\":\"a\",\"categories\":[\"u\",\"u\"]}]," REST "}",
         "p.columns[0].categories[1]:"},
        {"{\"columns\":[{\"name\":\"a\"},{\"name\":\"a\"}]," REST "}", "p.columns[1].name:"},
        {"{\"features\":1,\"classes\":[\"a\",3]," REST "}", "p.classes[1]:"},
        {"{\"features\":1,\"classes\":[\"a\"],\"targets\":[\"b\"]," REST "}", "p:"},
        {"{\"features\":1,\"target_columns\":[1]," REST "}", "p.target_columns:"},
        {"{\"features\":1,\"targets\":[\"a\",\"b\"],\"target_columns\":[1]," REST "}",
         "p.target_columns:"},
        {"{\"features\":1,\"classes\":[\"a\",\"b\"],\"target_columns\":{\"a\":1}," REST "}",
         "p.target_columns:"},
        {"{\"features\":1,\"targets\":[\"a\",\"b\"],\"target_columns\":[3,0]," REST "}",
         "p.target_columns[1]:"},
        {"{\"features\":1,\"targets\":[\"a\",\"b\"],\"target_columns\":[4,1]," REST "}",
         "p.target_columns[0]:"},
        {"{\"features\":1,\"targets\":[\"a\",\"b\"],\"target_columns\":[1,1.5]," REST "}",
         "p.target_columns[1]:"},
        {"{\"features\":1,\"targets\":[\"a\",\"b\"],\"target_columns\":[2,2]," REST "}",
         "p.target_columns[1]:"},
        {"{\"features\":1,\"missing\":\"zero\",\"shift\":[0]}", "p.missing:"},
        {"{\"features\":1,\"missing\":\"mean\",\"shift\":[0],\"factor\":[1],\"fill\":[0]}",
         "p.standardize:"},
        {"{\"features\":1," REST ",\"scaling\":\"standard\"}", "p.scaling:"},
        {"{\"features\":1,\"missing\":\"mean\",\"shift\":[1e39],\"factor\":[1],\"fill\":[0],"
         "\"standardize\":true}",
         "p.shift[0]:"},
        {"{\"features\":1,\"missing\":\"mean\",\"shift\":[0],\"factor\":[\"1\"],\"fill\":[0],"
         "\"standardize\":true}",
         "p.factor[0]:"},
        {"{\"features\":1,\"missing\":\"mean\",\"shift\":[0],\"factor\":[0],\"fill\":[0],"
         "\"standardize\":true}",
         "p.factor[0]:"},
        {"{\"features\":1,\"missing\":\"mean\",\"shift\":[3],\"factor\":[1],\"fill\":[0],"
         "\"standardize\":false}",
         "p:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_ptr_null(parse(cases[i][0]));
        expect_error(SNUG_ERROR_CONFIG, cases[i][1]);
    }
    snug_preprocessing *prep = parse("{\"features\":1," REST "}");
    ck_assert_msg(prep != NULL, "%s", snug_error());
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(refuses_wrong_offsets) {
    static const char *const cases[][2] = {
        {"{\"features\":1,\"missing\":\"mean\",\"shift\":[0],\"factor\":[1],\"fill\":[0],"
         "\"standardize\":false,\"offset\":[3]}",
         "p:"},
        {"{\"features\":1," REST ",\"offset\":[]}", "p.offset:"},
        {"{\"features\":1," REST ",\"offset\":3}", "p.offset:"},
        {"{\"features\":1," REST ",\"offset\":[\"0\"]}", "p.offset[0]:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_ptr_null(parse(cases[i][0]));
        expect_error(SNUG_ERROR_CONFIG, cases[i][1]);
    }
}
END_TEST

START_TEST(refuses_wrong_scaling_of_targets) {
    static const char *const cases[][2] = {
        {"{\"features\":1," REST ",\"target_scaling\":[1]}", "p.target_scaling:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[1]}}",
         "p.target_scaling.deviation:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"deviation\":[1]}}",
         "p.target_scaling.mean:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[1],\"deviation\":[1,2]}}",
         "p.target_scaling.deviation:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[],\"deviation\":[]}}",
         "p.target_scaling.mean:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[0,\"\"],\"deviation\":[1,2]}}",
         "p.target_scaling.mean[1]:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[0,1e39],\"deviation\":[1,2]}}",
         "p.target_scaling.mean[1]:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[0,1],\"deviation\":[1,0]}}",
         "p.target_scaling.deviation[1]:"},
        {"{\"features\":1," REST ",\"target_scaling\":{\"mean\":[0,1],\"deviation\":[-1,1]}}",
         "p.target_scaling.deviation[0]:"},
        {"{\"features\":1," REST
         ",\"target_scaling\":{\"mean\":[0],\"deviation\":[1],\"median\":[1]}}",
         "p.target_scaling:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_ptr_null(parse(cases[i][0]));
        expect_error(SNUG_ERROR_CONFIG, cases[i][1]);
    }
    snug_preprocessing *prep =
        parse("{\"features\":1," REST ",\"target_scaling\":{\"mean\":[-4,1e9],"
              "\"deviation\":[0.1,3]}}");
    ck_assert_msg(prep != NULL, "%s", snug_error());
    ck_assert_uint_eq(prep->target_scaler->outputs, 2);
    ck_assert_double_eq(prep->target_scaler->mean[1], 1e9);
    ck_assert_double_eq(prep->target_scaler->deviation[0], 0.1);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(names_features) {
    snug_table_schema *table = snug_table_schema_new(12);
    char *name = snug_table_schema_feature_name(table, 11);
    ck_assert_str_eq(name, "x12");
    snug_release(name);
    ck_assert_ptr_null(snug_table_schema_feature_name(table, 12));
    expect_error(SNUG_ERROR_ARGUMENT, "there is no feature 12:");
    snug_table_schema_free(table);
    snug_preprocessing *prep =
        parse("{\"columns\":[{\"name\":\"a\"},{\"name\":\"c\",\"categories\":[\"u\",\"v\"]},"
              "{\"name\":\"e\"}],\"missing\":\"error\",\"shift\":[0,0,0,0],\"factor\":[1,1,1,1],"
              "\"fill\":[0,0,0,0],\"standardize\":false}");
    static const char *const names[] = {"a", "c=u", "c=v", "e"};
    for (size_t j = 0; j < 4; j++) {
        name = snug_table_schema_feature_name(prep->table, j);
        ck_assert_str_eq(name, names[j]);
        snug_release(name);
    }
    snug_preprocessing_free(prep);
    ck_assert_ptr_null(snug_preprocessing_new(NULL, NULL));
}
END_TEST

START_TEST(refuses_a_wrong_word_for_unknown_categories) {
    static const char *const words[] = {"\"mean\"", "\"Error\"", "1", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"features\":1,\"unknown_category\":%s," REST "}", words[i]);
        ck_assert_ptr_null(parse(text));
        expect_error(SNUG_ERROR_CONFIG, "p.unknown_category:");
    }
}
END_TEST

static Suite *preprocess_suite(void) {
    Suite *suite = suite_create("preprocess");
    TCase *tests = directory_case(suite, "preprocess");
    tcase_add_test(tests, writes_what_the_model_file_holds);
    tcase_add_test(tests, keeps_every_bit);
    tcase_add_test(tests, keeps_offsets);
    tcase_add_test(tests, keeps_the_kind_of_scaling);
    tcase_add_test(tests, keeps_the_fill_of_older_files);
    tcase_add_test(tests, refuses_what_is_inconsistent);
    tcase_add_test(tests, refuses_wrong_scaling_of_targets);
    tcase_add_test(tests, refuses_a_wrong_word_for_unknown_categories);
    tcase_add_test(tests, refuses_wrong_offsets);
    tcase_add_test(tests, names_features);
    return suite;
}

REGISTER_SUITE(preprocess_suite)
