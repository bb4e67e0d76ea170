/* Numbers, missing values and the order of names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "data/names.h"
#include "data/text.h"
#include "support.h"

START_TEST(tells_what_a_field_holds) {
    static const struct {
        const char *text;
        snug_text_kind kind;
    } cases[] = {
        {"1e5", SNUG_TEXT_NUMBER},    {"+3", SNUG_TEXT_NUMBER},
        {" 4", SNUG_TEXT_NUMBER},     {"-.5E-3 ", SNUG_TEXT_NUMBER},
        {"7.", SNUG_TEXT_NUMBER},     {"1e999", SNUG_TEXT_NUMBER},
        {"", SNUG_TEXT_MISSING},      {"  ", SNUG_TEXT_MISSING},
        {"NA", SNUG_TEXT_MISSING},    {"nan", SNUG_TEXT_MISSING},
        {"NaN", SNUG_TEXT_MISSING},   {"?", SNUG_TEXT_MISSING},
        {"inf", SNUG_TEXT_INFINITE},  {"-Infinity", SNUG_TEXT_INFINITE},
        {"0x1p3", SNUG_TEXT_WORD},    {"1e", SNUG_TEXT_WORD},
        {".", SNUG_TEXT_WORD},        {"1,5", SNUG_TEXT_WORD},
        {"--1", SNUG_TEXT_WORD},      {"1 2", SNUG_TEXT_WORD},
        {"nano", SNUG_TEXT_WORD},     {"NAB", SNUG_TEXT_WORD},
        {"infinite", SNUG_TEXT_WORD}, {"e5", SNUG_TEXT_WORD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(snug_text_classify(cases[i].text) == cases[i].kind, "%s", cases[i].text);
}
END_TEST

/* The short way of short numbers must round like strtof(). */
START_TEST(reads_numbers_to_the_bit) {
    static const char *const texts[] = {
        "0.1",      "5.1",   "9999999",      "0.0000001",           "-3.7", "123.456",
        "16777217", "1e-45", "3.4028235e38", "0.30000001192092896", "-0",   "1.17549435e-38"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        float got = snug_text_float(texts[i]), expected = strtof(texts[i], NULL);
        ck_assert_mem_eq(&got, &expected, sizeof got);
    }
    ck_assert(isinf(snug_text_float("1e39")));
    for (int i = 0; i < 20000; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d.%03d", i % 997, i * 7 % 1000);
        float got = snug_text_float(text), expected = strtof(text, NULL);
        ck_assert_mem_eq(&got, &expected, sizeof got);
    }
}
END_TEST

START_TEST(orders_numbers_by_size_and_texts_by_bytes) {
    snug_names names = {0};
    static const char *const texts[] = {"b", "10", "2", "B", "-3", "ab", "1e1", "2"};
    static const char *const sorted[] = {"-3", "2", "10", "1e1", "B", "ab", "b"};
    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq(snug_names_add(&names, texts[i], NULL), SNUG_OK);
    snug_names_sort(&names);
    ck_assert_uint_eq(names.list.count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_str_eq(names.list.items[i], sorted[i]);
        ck_assert_uint_eq(snug_names_find(&names, sorted[i]), i);
    }
    ck_assert_uint_eq(snug_names_find(&names, "c"), SNUG_NO_NAME);
    snug_names_clear(&names);
}
END_TEST

START_TEST(finds_thousands_of_names) {
    snug_names names = {0};
    char text[16];
    for (size_t i = 0; i < 3000; i++) {
        size_t index;
        snprintf(text, sizeof text, "n%zu", i);
        ck_assert_int_eq(snug_names_add(&names, text, &index), SNUG_OK);
        ck_assert_uint_eq(index, i);
    }
    for (size_t i = 0; i < 3000; i += 7) {
        snprintf(text, sizeof text, "n%zu", i);
        ck_assert_uint_eq(snug_names_find(&names, text), i);
    }
    snug_names_clear(&names);
}
END_TEST

Suite *text_suite(void) {
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_test(tests, tells_what_a_field_holds);
    tcase_add_test(tests, reads_numbers_to_the_bit);
    tcase_add_test(tests, orders_numbers_by_size_and_texts_by_bytes);
    tcase_add_test(tests, finds_thousands_of_names);
    suite_add_tcase(suite, tests);
    return suite;
}
