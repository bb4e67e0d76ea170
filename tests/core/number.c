/* Numbers, missing values and the order of names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/string_set.h"
#include "math/random.h"
#include "support/suite.h"

START_TEST(tells_what_a_field_holds) {
    static const struct {
        const char *text;
        snug_cell_kind kind;
    } cases[] = {
        {"1e5", SNUG_CELL_NUMBER},      {"+3", SNUG_CELL_NUMBER},
        {" 4", SNUG_CELL_NUMBER},       {"-.5E-3 ", SNUG_CELL_NUMBER},
        {"7.", SNUG_CELL_NUMBER},       {"1e999", SNUG_CELL_NUMBER},
        {"", SNUG_CELL_MISSING},        {"  ", SNUG_CELL_MISSING},
        {"NA", SNUG_CELL_MARKER},       {"nan", SNUG_CELL_MARKER},
        {"NaN", SNUG_CELL_MARKER},      {"?", SNUG_CELL_MARKER},
        {"N/A", SNUG_CELL_MARKER},      {"n/a ", SNUG_CELL_MARKER},
        {"NULL", SNUG_CELL_MARKER},     {"null", SNUG_CELL_MARKER},
        {" None", SNUG_CELL_MARKER},    {"#N/A", SNUG_CELL_MARKER},
        {"<NA>", SNUG_CELL_MARKER},     {"-", SNUG_CELL_MARKER},
        {"--", SNUG_CELL_STRING},       {"N/A2", SNUG_CELL_STRING},
        {"inf", SNUG_CELL_INFINITE},    {"-Infinity", SNUG_CELL_INFINITE},
        {"0x1p3", SNUG_CELL_STRING},    {"1e", SNUG_CELL_STRING},
        {".", SNUG_CELL_STRING},        {"1,5", SNUG_CELL_STRING},
        {"--1", SNUG_CELL_STRING},      {"1 2", SNUG_CELL_STRING},
        {"nano", SNUG_CELL_STRING},     {"NAB", SNUG_CELL_STRING},
        {"infinite", SNUG_CELL_STRING}, {"e5", SNUG_CELL_STRING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(snug_cell_classify(cases[i].text) == cases[i].kind, "%s", cases[i].text);
    }
}
END_TEST

START_TEST(writes_equal_whole_numbers_alike) {
    static const struct {
        const char *string, *usual;
    } cases[] = {{"+1", "1"},       {"1.0", "1"},     {"1e0", "1"},   {" 01", "1"},
                 {"-0.0", "0"},     {"-1.", "-1"},    {"1.5", "1.5"}, {"1e3", "1e3"},
                 {"1.0e3", "1000"}, {"1e15", "1e15"}, {"one", "one"}, {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char string[16];
        snprintf(string, sizeof string, "%s", cases[i].string);
        snug_normalize_number(string);
        ck_assert_str_eq(string, cases[i].usual);
    }
}
END_TEST

/* The short way of short numbers must round like strtof(). */
static float float_of(const char *text) {
    snug_cell_number number = {0};
    ck_assert_msg(snug_cell_read(text, &number) == SNUG_CELL_NUMBER, "%s", text);
    return number.nearest;
}

START_TEST(reads_numbers_to_the_bit) {
    static const char *const texts[] = {
        "0.1",      "5.1",   "9999999",      "0.0000001",           "-3.7", "123.456",
        "16777217", "1e-45", "3.4028235e38", "0.30000001192092896", "-0",   "1.17549435e-38"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        float got = float_of(texts[i]), expected = strtof(texts[i], NULL);
        ck_assert_mem_eq(&got, &expected, sizeof got);
    }
    ck_assert(isinf(float_of("1e39")));
    for (int i = 0; i < 20000; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d.%03d", i % 997, i * 7 % 1000);
        float got = float_of(text), expected = strtof(text, NULL);
        ck_assert_mem_eq(&got, &expected, sizeof got);
    }
}
END_TEST

/*
 * Numbers in random shapes: up to 25 digits, a point anywhere, an exponent; and halves between
 * floats.
 */
START_TEST(rounds_every_number_once) {
    enum { COUNT = 20000 };
    snug_random stream = {.seed = 11};
    for (uint64_t i = 0; i < COUNT; i++) {
        char text[80];
        uint32_t bits = snug_random_bits(&stream, 4 * i);
        size_t n = 0, digits = 1 + bits % 25, point = bits / 32 % 26;
        int exponent = (int)(bits >> 12 & 127) - 64;
        if (bits >> 30 == 0) {
            text[n++] = '-';
        }
        for (size_t k = 0; k < digits; k++) {
            if (k == point) {
                text[n++] = '.';
            }
            text[n++] = (char)('0' + snug_random_bits(&stream, 4 * (COUNT + 25 * i + k)) % 10);
        }
        text[n] = 0;
        if (bits >> 31) {
            snprintf(text + n, sizeof text - n, "e%d", exponent);
        }
        float got = float_of(text), expected = strtof(text, NULL);
        ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%s: %a, not %a", text, (double)got,
                      (double)expected);
        float next = nextafterf(expected, INFINITY);
        if (!isfinite(next)) {
            continue;
        }
        snprintf(text, sizeof text, "%.*e", (int)(bits % 30),
                 ((double)expected + (double)next) / 2);
        got = float_of(text), expected = strtof(text, NULL);
        ck_assert_msg(memcmp(&got, &expected, sizeof got) == 0, "%s", text);
    }
}
END_TEST

START_TEST(orders_numbers_by_size_and_texts_by_bytes) {
    snug_string_set names = {0};
    static const char *const texts[] = {"b", "10", "2", "B", "-3", "ab", "1e1", "2"};
    static const char *const sorted[] = {"-3", "2", "10", "1e1", "B", "ab", "b"};
    for (size_t i = 0; i < 8; i++) {
        ck_assert_int_eq(snug_string_set_add(&names, texts[i], NULL), SNUG_OK);
    }
    snug_string_set_sort(&names);
    ck_assert_uint_eq(names.list.count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_str_eq(names.list.items[i], sorted[i]);
        ck_assert_uint_eq(snug_string_set_find(&names, sorted[i]), i);
    }
    ck_assert_uint_eq(snug_string_set_find(&names, "c"), SNUG_NOT_IN_SET);
    snug_string_set_clear(&names);
}
END_TEST

START_TEST(finds_thousands_of_names) {
    snug_string_set names = {0};
    char text[16];
    for (size_t i = 0; i < 3000; i++) {
        size_t index;
        snprintf(text, sizeof text, "n%zu", i);
        ck_assert_int_eq(snug_string_set_add(&names, text, &index), SNUG_OK);
        ck_assert_uint_eq(index, i);
    }
    for (size_t i = 0; i < 3000; i += 7) {
        snprintf(text, sizeof text, "n%zu", i);
        ck_assert_uint_eq(snug_string_set_find(&names, text), i);
    }
    snug_string_set_clear(&names);
}
END_TEST

static Suite *text_suite(void) {
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_test(tests, tells_what_a_field_holds);
    tcase_add_test(tests, writes_equal_whole_numbers_alike);
    tcase_add_test(tests, reads_numbers_to_the_bit);
    tcase_add_test(tests, rounds_every_number_once);
    tcase_add_test(tests, orders_numbers_by_size_and_texts_by_bytes);
    tcase_add_test(tests, finds_thousands_of_names);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(text_suite)
