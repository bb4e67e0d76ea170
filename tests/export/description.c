/* What exported models take and give, as JSON. */
#include <string.h>

#include <cjson/cJSON.h>

#include <snug/export.h>

#include "support/suite.h"
#include "support/tables.h"

/* Returns the description of a model of one dense layer that is trained on the table. */
static cJSON *describe(const char *table, const snug_csv_options *options, size_t units) {
    snug_dataset *data = read_text(table, options);
    snug_model *model = snug_model_new(snug_dataset_column_count(data));
    ck_assert_int_eq(snug_model_add(model, snug_dense(units)), SNUG_OK);
    ck_assert_msg(snug_fit(model, data, &(snug_fit_options){.epochs = 1}, NULL) == SNUG_OK, "%s",
                  snug_error());
    char *text = snug_model_export_description(model);
    ck_assert_msg(text != NULL, "%s", snug_error());
    cJSON *json = cJSON_Parse(text);
    ck_assert_ptr_nonnull(json);
    snug_free(text);
    snug_model_free(model);
    snug_dataset_free(data);
    return json;
}

static void expect_json(const cJSON *object, const char *key, const char *expected) {
    char *printed = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(object, key));
    ck_assert_ptr_nonnull(printed);
    ck_assert_str_eq(printed, expected);
    cJSON_free(printed);
}

/* Returns whether one of the notes has a string in it. */
static bool notes(const cJSON *json, const char *string) {
    const cJSON *note = NULL;
    cJSON_ArrayForEach(note, cJSON_GetObjectItemCaseSensitive(json, "notes")) {
        if (strstr(note->valuestring, string) != NULL) {
            return true;
        }
    }
    return false;
}

static const char table[] = "size,time,town,kind\n"
                            "1,1700000001,Ulm,b\n2,1700000003,Bonn,a\n"
                            "3,1700000002,Ulm,b\n,1700000009,Bonn,a\n";

START_TEST(names_columns_categories_and_classes) {
    cJSON *json = describe(table, NULL, 2);
    expect_json(json, "version", "\"0.1.0\"");
    expect_json(json, "task", "\"classification\"");
    expect_json(json, "classes", "[\"a\",\"b\"]");
    const cJSON *columns = cJSON_GetObjectItemCaseSensitive(json, "columns");
    ck_assert_int_eq(cJSON_GetArraySize(columns), 3);
    expect_json(columns->child, "name", "\"size\"");
    expect_json(columns->child, "type", "\"number\"");
    ck_assert_ptr_null(cJSON_GetObjectItemCaseSensitive(columns->child, "offset"));
    const cJSON *time = columns->child->next;
    ck_assert_double_gt(cJSON_GetObjectItemCaseSensitive(time, "offset")->valuedouble, 1.69e9);
    expect_json(time->next, "type", "\"category\"");
    expect_json(time->next, "categories", "[\"Bonn\",\"Ulm\"]");
    ck_assert(notes(json, "NaN is a missing value"));
    ck_assert(notes(json, "counts as missing"));
    ck_assert(notes(json, "\"offset\""));
    ck_assert(!notes(json, "refuses"));
    cJSON_Delete(json);
}
END_TEST

START_TEST(notes_what_the_model_refuses) {
    static const char whole[] = "size,town,price\n1,Ulm,5\n2,Bonn,6\n3,Ulm,7\n";
    const snug_csv_options options = {.missing = SNUG_MISSING_ERROR,
                                      .unknown_category = SNUG_UNKNOWN_ERROR};
    cJSON *json = describe(whole, &options, 1);
    expect_json(json, "task", "\"regression\"");
    expect_json(json, "values", "[\"price\"]");
    ck_assert(notes(json, "unknown category, which the model refuses"));
    ck_assert(notes(json, "missing value, which the model refuses"));
    ck_assert(!notes(json, "\"offset\""));
    cJSON_Delete(json);
}
END_TEST

static Suite *description_suite(void) {
    Suite *suite = suite_create("description");
    TCase *tables = directory_case(suite, "tables");
    tcase_add_test(tables, names_columns_categories_and_classes);
    tcase_add_test(tables, notes_what_the_model_refuses);
    return suite;
}

REGISTER_SUITE(description_suite)
