#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

static cJSON *parse(const char *text) {
    return snug_json_parse("x.json", text, strlen(text));
}

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct {
    const char *text, *location;
} refused[] = {
    {"", "x.json:1:1:"},
    {"{\"a\": 1,\n  \"b\" 2}", "x.json:2:7:"},
    {"{\"a\": 1,\n\n}", "x.json:3:1:"},
    {"[1 2]", "x.json:1:4:"},
    {"{\"a\": 1", "x.json:1:8:"},
    {"{'a': 1}", "x.json:1:2:"},
    {"[1,]", "x.json:1:4:"},
    {"[1] 2", "x.json:1:5:"},
    {"nul", "x.json:1:1:"},
    {"NaN", "x.json:1:1:"},
    {"[01]", "x.json:1:3:"},
    {"[+1]", "x.json:1:2:"},
    {"[1.]", "x.json:1:4:"},
    {"[-]", "x.json:1:3:"},
    {"[1e]", "x.json:1:4:"},
    {"[\"a", "x.json:1:4:"},
    {"[\"a\nb\"]", "x.json:1:4:"},
    {"[\"\\x\"]", "x.json:1:4:"},
    {"[\"\\u12g4\"]", "x.json:1:7:"},
    {"[\"\\u0000\"]", "x.json:1:9:"},
    {"[\"\\ud83d\"]", "x.json:1:9:"},
    {"[\"\\ude00\"]", "x.json:1:9:"},
    {"[\"\xC3\xA9\xFF\"]", "x.json:1:4:"},
    {"[\"\xC0\x80\"]", "x.json:1:3:"},
    {"[\"\xED\xA0\x80\"]", "x.json:1:3:"},
    {"[\"\xE2\x82", "x.json:1:3:"},
    {"[\x01]", "x.json:1:2:"},
    {"{\"model\": {\"layers\": [1, 2, {\"units\": 1, \"b\": 2, \"units\": 3}]}}",
     "x.json: model.layers[2]:"},
    {"{\"a\": 1, \"a\": 1}", "x.json:"},
    {"{\"a\": [[0, 1e999]]}", "x.json: a[0][1]:"},
    {"-1e999", "x.json:"},
};

START_TEST(refuses_bad_json) {
    ck_assert_ptr_null(parse(refused[_i].text));
    expect_location(refused[_i].location);
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_CONFIG);
}
END_TEST

START_TEST(depth) {
    char text[402];
    memset(text, '[', 200);
    memset(text + 200, ']', 200);
    cJSON *json = snug_json_parse("x", text, 400);
    ck_assert_ptr_nonnull(json);
    cJSON_Delete(json);
    memset(text, '[', 201);
    memset(text + 201, ']', 201);
    ck_assert_ptr_null(snug_json_parse("x", text, 402));
    expect_location("x:1:201:");
}
END_TEST

/* 2^21 values are read: an array of 2097151 numbers. One more is refused where it begins. */
START_TEST(many_values) {
    const size_t most = SNUG_JSON_MAX_VALUES;
    char *text = malloc(2 * most + 3);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i <= most; i++) {
        memcpy(text + 1 + 2 * i, "0,", 2);
    }
    text[0] = '[';
    text[2 * (most - 1)] = ']';
    cJSON *json = snug_json_parse("x", text, 2 * (most - 1) + 1);
    ck_assert_msg(json != NULL, "%s", snug_error());
    cJSON_Delete(json);
    text[2 * (most - 1)] = ',';
    text[2 * most] = ']';
    ck_assert_ptr_null(snug_json_parse("x", text, 2 * most + 1));
    expect_location("x:1:4194304:");
    free(text);
    json = snug_json_parse_max("x", "{\"a\": [1, {}]}", 14, 4);
    ck_assert_ptr_nonnull(json);
    cJSON_Delete(json);
    ck_assert_ptr_null(snug_json_parse_max("x", "{\"a\": [1, {}]}", 14, 3));
    expect_location("x:1:11:");
}
END_TEST

START_TEST(long_number) {
    char text[66];
    memset(text, '1', sizeof text);
    ck_assert_ptr_null(snug_json_parse("x", text, 64));
    expect_location("x:1:65:");
    cJSON *json = snug_json_parse("x", text, 63);
    ck_assert_double_eq(json->valuedouble,
                        111111111111111111111111111111111111111111111111111111111111111.0);
    cJSON_Delete(json);
}
END_TEST

/* The n bytes alone count: there need be no 0 behind them. */
START_TEST(length_counts) {
    cJSON *json = snug_json_parse("x", "[12]garbage", 4);
    ck_assert_ptr_nonnull(json);
    cJSON_Delete(json);
    ck_assert_ptr_null(snug_json_parse("x", "[12]\0", 5));
    char *exact = malloc(3);
    memcpy(exact, "123", 3);
    json = snug_json_parse("x", exact, 3);
    ck_assert_double_eq(json->valuedouble, 123);
    cJSON_Delete(json);
    free(exact);
}
END_TEST

/* ---- what is read ---------------------------------------------------------------------------- */

START_TEST(reads_values) {
    cJSON *json =
        parse("\xEF\xBB\xBF {\"a\": [1, -0.5e-3, true, null], \"A\": \"\\ud83d\\ude00\\n\"}\n");
    ck_assert_ptr_nonnull(json);
    const cJSON *list = snug_json_get(json, "a");
    ck_assert_double_eq(cJSON_GetArrayItem(list, 1)->valuedouble, -0.5e-3);
    ck_assert_str_eq(snug_json_get(json, "A")->valuestring, "\xF0\x9F\x98\x80\n");
    ck_assert_ptr_null(snug_json_get(json, "b"));
    ck_assert_str_eq(snug_json_type(json), "an object");
    ck_assert_str_eq(snug_json_type(list), "an array");
    ck_assert_str_eq(snug_json_type(cJSON_GetArrayItem(list, 0)), "a number");
    ck_assert_str_eq(snug_json_type(cJSON_GetArrayItem(list, 2)), "true");
    ck_assert_str_eq(snug_json_type(cJSON_GetArrayItem(list, 3)), "null");
    ck_assert_str_eq(snug_json_type(snug_json_get(json, "A")), "a string");
    cJSON_Delete(json);
}
END_TEST

START_TEST(whole_numbers) {
    cJSON *json = parse("[0, 9007199254740992, 9007199254740994, -1, 1.5, \"1\", 2147483648]");
    const bool whole[] = {true, true, false, false, false, false, true};
    const uint64_t values[] = {0, 9007199254740992, 0, 0, 0, 0, 2147483648};
    for (int i = 0; i < 7; i++) {
        uint64_t value = 77;
        ck_assert(snug_json_whole(cJSON_GetArrayItem(json, i), &value) == whole[i]);
        ck_assert_uint_eq(value, whole[i] ? values[i] : 77);
    }
    cJSON_Delete(json);
}
END_TEST

/* ---- what is written ------------------------------------------------------------------------- */

static void assert_number_text(double number, const char *expected) {
    char text[SNUG_NUMBER_LENGTH];
    snug_number_format(number, text);
    ck_assert_str_eq(text, expected);
}

START_TEST(number_texts) {
    assert_number_text(0.1, "0.1");
    assert_number_text(0.1 + 0.2, "0.30000000000000004");
    assert_number_text(-3, "-3");
    assert_number_text(9007199254740992.0, "9007199254740992");
    assert_number_text(1e300, "1e+300");
    assert_number_text(1.0 / 3, "0.3333333333333333");
    assert_number_text(5e-324, "5e-324");
    assert_number_text(-DBL_MAX, "-1.7976931348623157e+308");
    assert_number_text(-0.0, "-0");
    assert_number_text(INFINITY, "inf");
}
END_TEST

START_TEST(numbers_come_back_to_the_bit) {
    uint64_t state = 1;
    for (int i = 0; i < 2000; i++) {
        char text[SNUG_NUMBER_LENGTH];
        double number;
        state = state * 6364136223846793005u + 1442695040888963407u;
        memcpy(&number, &state, sizeof number);
        if (!isfinite(number)) {
            continue;
        }
        snug_number_format(number, text);
        cJSON *json = parse(text);
        ck_assert_int_eq(memcmp(&json->valuedouble, &number, sizeof number), 0);
        cJSON_Delete(json);
    }
}
END_TEST

START_TEST(print) {
    static const char compact[] = "{\"a\":[1,2.5,\"x\\\"\\\\\\n\\u0001\xC3\xA9\"],\"b\":{},\"c\":[{"
                                  "\"d\":null},[]],\"e\":true,\"f\":false}";
    static const char formatted[] = "{\n"
                                    "  \"a\": [1, 2.5, \"x\\\"\\\\\\n\\u0001\xC3\xA9\"],\n"
                                    "  \"b\": {},\n"
                                    "  \"c\": [\n"
                                    "    {\n"
                                    "      \"d\": null\n"
                                    "    },\n"
                                    "    []\n"
                                    "  ],\n"
                                    "  \"e\": true,\n"
                                    "  \"f\": false\n"
                                    "}";
    cJSON *json = parse(compact);
    ck_assert_ptr_nonnull(json);
    char *short_text = snug_json_print(json, false), *long_text = snug_json_print(json, true);
    ck_assert_str_eq(short_text, compact);
    ck_assert_str_eq(long_text, formatted);
    snug_release(short_text);
    snug_release(long_text);
    cJSON_Delete(json);
}
END_TEST

/* Everything that builds; returns the string, or NULL. */
static char *build(void) {
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    cJSON *list = snug_json_array(json, "list", &failed);
    snug_json_number(list, NULL, 1.5, &failed);
    snug_json_string(list, NULL, "two", &failed);
    snug_json_bool(snug_json_object(list, NULL, &failed), "yes", true, &failed);
    snug_json_null(json, "none", &failed);
    snug_json_add(json, "more", snug_json_array(NULL, NULL, &failed), &failed);
    char *text = failed ? NULL : snug_json_print(json, false);
    cJSON_Delete(json);
    return text;
}

START_TEST(builders) {
    char *text = build();
    ck_assert_str_eq(text, "{\"list\":[1.5,\"two\",{\"yes\":true}],\"none\":null,\"more\":[]}");
    snug_release(text);
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_number(json, "loss", NAN, &failed);
    ck_assert(failed);
    expect_location("loss:");
    cJSON_Delete(json);
}
END_TEST

START_TEST(strings_that_are_not_utf8_are_not_printed) {
    static const char *const texts[] = {"caf\xE9", "\xC3(", "\xED\xA0\x80"};
    for (size_t i = 0; i < 3; i++) {
        bool failed = false;
        cJSON *json = snug_json_array(NULL, NULL, &failed);
        snug_json_string(json, NULL, texts[i], &failed);
        ck_assert(!failed);
        ck_assert_ptr_null(snug_json_print(json, false));
        ck_assert_int_eq(snug_error_status(), SNUG_ERROR_DATA);
        ck_assert(i > 0 ||
                  strcmp(snug_error(), "\"caf\\xE9\" is not UTF-8, which JSON has to be") == 0);
        cJSON_Delete(json);
    }
}
END_TEST

START_TEST(out_of_memory) {
    char *text = NULL;
    for (size_t k = 0; text == NULL; k++) {
        failing_start(k);
        text = build();
        ck_assert_int_eq(text ? SNUG_ERROR_MEMORY : snug_error_status(), SNUG_ERROR_MEMORY);
        snug_release(text);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert_uint_lt(k, 100);
    }
    cJSON *json = NULL;
    for (size_t k = 0; json == NULL; k++) {
        failing_start(k);
        json = parse("{\"a\": [1, {\"b\": \"c\", \"d\": 2}], \"e\": {}}");
        if (json == NULL) {
            ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
        }
        cJSON_Delete(json);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert_uint_lt(k, 100);
    }
}
END_TEST

/* The locale of the whole process may have another decimal point. */
START_TEST(comma_locale) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    const char *set = NULL;
    for (size_t i = 0; set == NULL && i < sizeof names / sizeof *names; i++) {
        set = setlocale(LC_ALL, names[i]);
    }
    cJSON *json = parse("[0.25]");
    ck_assert_double_eq(json->child->valuedouble, 0.25);
    char *text = snug_json_print(json, false);
    ck_assert_str_eq(text, "[0.25]");
    snug_fail(SNUG_ERROR_DATA, "%g", 1.5);
    expect_location("1.5");
    snug_release(text);
    cJSON_Delete(json);
    setlocale(LC_ALL, "C");
}
END_TEST

static Suite *json_suite(void) {
    Suite *suite = suite_create("json");
    TCase *tests = tcase_create("json");
    tcase_add_loop_test(tests, refuses_bad_json, 0, (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tests, depth);
    tcase_add_test(tests, many_values);
    tcase_add_test(tests, strings_that_are_not_utf8_are_not_printed);
    tcase_add_test(tests, long_number);
    tcase_add_test(tests, length_counts);
    tcase_add_test(tests, reads_values);
    tcase_add_test(tests, whole_numbers);
    tcase_add_test(tests, number_texts);
    tcase_add_test(tests, numbers_come_back_to_the_bit);
    tcase_add_test(tests, print);
    tcase_add_test(tests, builders);
    tcase_add_test(tests, out_of_memory);
    tcase_add_test(tests, comma_locale);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(json_suite)
