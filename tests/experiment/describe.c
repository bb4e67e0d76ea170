#include <string.h>

#include <cjson/cJSON.h>

#include <snug/data.h>
#include <snug/describe.h>

#include "core/memory.h"
#include "json/json.h"
#include "json/json_print.h"
#include "support/errors.h"
#include "support/every.h"
#include "support/failing.h"
#include "support/suite.h"

static void setup(void) {
    ck_assert_int_eq(snug_register_layer(&every_kind), SNUG_OK);
}

/* Parses and frees a text of ours. */
static cJSON *take(char *text) {
    ck_assert_msg(text != NULL, "%s", snug_error());
    cJSON *json = snug_json_parse("text", text, strlen(text));
    ck_assert_msg(json != NULL, "%s", snug_error());
    snug_free(text);
    return json;
}

static const char *text_of(const cJSON *json, const char *key) {
    return cJSON_GetStringValue(snug_json_get(json, key));
}

static const cJSON *named(const cJSON *list, const char *name) {
    for (const cJSON *item = list->child; item != NULL; item = item->next) {
        if (strcmp(text_of(item, "name"), name) == 0) {
            return item;
        }
    }
    return NULL;
}

START_TEST(all_groups) {
    cJSON *json = take(snug_describe(NULL));
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        const cJSON *kinds = snug_json_get(json, snug_group_name((snug_group)g));
        const snug_kind *kind;
        int i = 0;
        for (; (kind = snug_kind_at((snug_group)g, (size_t)i)) != NULL; i++) {
            const cJSON *item = cJSON_GetArrayItem(kinds, i);
            ck_assert_str_eq(text_of(item, "name"), kind->name);
            ck_assert_str_eq(text_of(item, "summary"), kind->summary);
        }
        ck_assert_int_eq(cJSON_GetArraySize(kinds), i);
    }
    const cJSON *metrics = snug_json_get(json, "metrics");
    ck_assert_str_eq(text_of(cJSON_GetArrayItem(metrics, 0), "name"), "loss");
    const cJSON *formats = snug_json_get(json, "formats");
    int i = 0;
    for (; snug_data_format_name((size_t)i) != NULL; i++) {
        const cJSON *item = cJSON_GetArrayItem(formats, i);
        ck_assert_str_eq(text_of(item, "name"), snug_data_format_name((size_t)i));
        ck_assert_str_eq(text_of(item, "summary"), snug_data_format_summary((size_t)i));
    }
    ck_assert_int_eq(cJSON_GetArraySize(formats), i);
    ck_assert_int_eq(cJSON_GetArraySize(json), SNUG_GROUP_COUNT + 2);
    cJSON_Delete(json);
}
END_TEST

static const struct {
    const char *name, *kind, *initial, *range;
} described[] = {
    {"rate", "real", "0.5", "[0, 1)"},
    {"slope", "real", "-2", "< 0"},
    {"count", "size", "3", "[1, 9]"},
    {"units", "units", "null", ">= 1, \"classes\" or \"targets\""},
    {"flag", "bool", "true", ""},
    {"mode", "choice", "\"slow\"", "\"fast\", \"slow\", \"exact\""},
    {"label", "string", "\"none\"", ""},
    {"note", "string", "null", ""},
    {"tags", "strings", "[]", ""},
    {"init", "object", "\"zeros\"", "inits"},
    {"function", "object", "null", "activations"},
    {"layers", "layers", "null", ""},
    {"source", "source", "null", "(0, 1)"},
    {"files", "source", "null", ""},
    {"seed", "seed", "7", ">= 0"},
    {"kept", "bool", "true", ""},
    {"mark", "character", "\",\"", "one character, or comma, semicolon, tab or space"},
    {"point", "character", "\".\"", "one of \".\", \",\""},
    {"watch", "record", "null", ""},
    {"columns", "columns", "\"numeric\"", "\"numeric\", \"categorical\" or an array of columns"},
    {"shares", "numbers", "null", "(0, 1)"},
};

START_TEST(fields_are_described) {
    cJSON *json = take(snug_describe("every"));
    const cJSON *fields = snug_json_get(json, "fields");
    ck_assert_str_eq(text_of(json, "group"), "layers");
    ck_assert_int_eq(cJSON_GetArraySize(fields), (int)(sizeof described / sizeof *described));
    for (size_t i = 0; i < sizeof described / sizeof *described; i++) {
        const cJSON *field = named(fields, described[i].name);
        char *initial = snug_json_print(snug_json_get(field, "default"), false);
        ck_assert_str_eq(text_of(field, "kind"), described[i].kind);
        ck_assert_str_eq(text_of(field, "range"), described[i].range);
        ck_assert_str_eq(text_of(field, "help"), "h");
        ck_assert_str_eq(initial, described[i].initial);
        ck_assert_int_eq(cJSON_IsTrue(snug_json_get(field, "required")),
                         strcmp(described[i].name, "units") == 0);
        snug_release(initial);
    }
    cJSON_Delete(json);
}
END_TEST

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    (void)config, (void)time, (void)state;
    return 1;
}

START_TEST(names_of_several_groups) {
    static const snug_schedule_kind shared = {
        .base = {.name = "zeros", .summary = "has the name of an initializer"}, .factor = factor};
    ck_assert_int_eq(snug_register_schedule(&shared), SNUG_OK);
    ck_assert_ptr_null(snug_describe("zeros"));
    expect_location("\"zeros\" names several kinds:");
    cJSON *json = take(snug_describe("init:zeros"));
    ck_assert_str_eq(text_of(json, "group"), "inits");
    cJSON_Delete(json);
    json = take(snug_describe("schedules:zeros"));
    ck_assert_str_eq(text_of(json, "summary"), "has the name of an initializer");
    cJSON_Delete(json);
}
END_TEST

START_TEST(unknown_names) {
    ck_assert_ptr_null(snug_describe("sellu"));
    expect_location("nothing has the name");
    ck_assert_ptr_null(snug_describe("loss:mze"));
    expect_location("unknown loss \"mze\"");
    ck_assert_ptr_null(snug_describe("what:mse"));
    expect_location("unknown group \"what\"");
    ck_assert_ptr_nonnull(strstr(snug_error(), "\"metric\", \"format\""));
    ck_assert_ptr_null(snug_describe("metrics:cvs"));
    expect_location("nothing has the name \"cvs\"");
    ck_assert_ptr_null(snug_describe(""));
}
END_TEST

/* The object form of a kind in the definitions of its group. */
static const cJSON *definition(const cJSON *schema, const char *group, const char *name) {
    const cJSON *forms =
        snug_json_get(snug_json_get(snug_json_get(schema, "$defs"), group), "anyOf");
    for (const cJSON *form = forms->child; form != NULL; form = form->next) {
        const cJSON *type = snug_json_get(snug_json_get(form, "properties"), "type");
        const char *constant = text_of(type, "const");
        if (constant != NULL && strcmp(constant, name) == 0) {
            return form;
        }
    }
    return NULL;
}

static void assert_property(const cJSON *form, const char *name, const char *expected) {
    cJSON *copy = cJSON_Duplicate(snug_json_get(snug_json_get(form, "properties"), name), 1);
    char *text = snug_json_print(copy, false);
    ck_assert_str_eq(text, expected);
    snug_release(text);
    cJSON_Delete(copy);
}

START_TEST(schema_is_complete) {
    cJSON *schema = take(snug_schema());
    ck_assert_str_eq(text_of(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
    const cJSON *form = definition(schema, "layers", "every");
    ck_assert(cJSON_IsFalse(snug_json_get(form, "additionalProperties")));
    assert_property(form, "rate",
                    "{\"description\":\"h\",\"type\":\"number\",\"minimum\":0,"
                    "\"exclusiveMaximum\":1,\"default\":0.5}");
    assert_property(form, "units",
                    "{\"description\":\"h\",\"anyOf\":[{\"type\":\"integer\",\"minimum\":1},"
                    "{\"const\":\"classes\"},{\"const\":\"targets\"}]}");
    assert_property(form, "mode",
                    "{\"description\":\"h\",\"enum\":[\"fast\",\"slow\",\"exact\"],"
                    "\"default\":\"slow\"}");
    assert_property(form, "function",
                    "{\"description\":\"h\",\"anyOf\":[{\"$ref\":\"#/$defs/activations\"},"
                    "{\"type\":\"null\"}]}");
    assert_property(form, "layers",
                    "{\"description\":\"h\",\"type\":\"array\",\"minItems\":1,\"items\":"
                    "{\"$ref\":\"#/$defs/layers\"}}");
    char *required = snug_json_print(snug_json_get(form, "required"), false);
    ck_assert_str_eq(required, "[\"type\",\"units\"]");
    snug_release(required);
    const cJSON *sections = snug_json_get(schema, "properties");
    ck_assert_ptr_nonnull(
        snug_json_get(snug_json_get(snug_json_get(sections, "train"), "properties"), "epochs"));
    cJSON_Delete(schema);
}
END_TEST

static char *describe_every(void) {
    return snug_describe("every");
}
static char *describe_typo(void) {
    char *text = snug_describe("sellu");
    return text == NULL && snug_error_status() != SNUG_ERROR_MEMORY ? snug_copy_string("") : text;
}

START_TEST(out_of_memory) {
    char *(*const makers[])(void) = {describe_every, describe_typo};
    for (int m = 0; m < 2; m++) {
        char *text = NULL;
        for (size_t k = 0; text == NULL; k++) {
            failing_start(k);
            text = makers[m]();
            snug_free(text);
            ck_assert_uint_eq(failing_stop(), 0);
            ck_assert_uint_lt(k, 2000);
        }
    }
}
END_TEST

static Suite *describe_suite(void) {
    Suite *suite = suite_create("describe");
    TCase *tests = tcase_create("describe");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, all_groups);
    tcase_add_test(tests, fields_are_described);
    tcase_add_test(tests, names_of_several_groups);
    tcase_add_test(tests, unknown_names);
    tcase_add_test(tests, schema_is_complete);
    tcase_add_test(tests, out_of_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(describe_suite)
