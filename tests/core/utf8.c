#include <string.h>

#include "core/status.h"
#include "core/utf8.h"
#include "support/errors.h"
#include "support/suite.h"

static const char *const valid[] = {"",
                                    "plain",
                                    "caf\xC3\xA9",
                                    "\xC2\x80",
                                    "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80",
                                    "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
                                    "\x7F\x01"};

/* Alone, cut short, too long a form, a surrogate, past the last character. */
static const char *const invalid[] = {"caf\xE9",
                                      "\x80",
                                      "\xC3",
                                      "\xC3(",
                                      "\xC0\xAF",
                                      "\xC1\xBF",
                                      "\xE2\x82",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xE2\x82(",
                                      "\xF0\x9F\x98",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF"};

START_TEST(tells_utf8_from_other_bytes) {
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
        ck_assert_msg(snug_utf8_valid(valid[i]), "valid %zu", i);
    }
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        ck_assert_msg(!snug_utf8_valid(invalid[i]), "invalid %zu", i);
    }
    ck_assert_uint_eq(snug_utf8_length("\xE2\x82\xAC!", 4), 3);
    ck_assert_uint_eq(snug_utf8_length("\xE2\x82\xAC!", 2), 0);
    ck_assert_uint_eq(snug_utf8_length("a", 0), 0);
}
END_TEST

/* NOLINTBEGIN(misc-misleading-bidirectional): the marks are what is tested */
static const char *const printable[][2] = {
    {"caf\xC3\xA9 \xF0\x9F\x98\x80", "caf\xC3\xA9 \xF0\x9F\x98\x80"},
    {"\x1B[31mred\x1B]0;title\x07", "\\x1B[31mred\\x1B]0;title\\x07"},
    {"two\nlines\r\ttab\x7F", "two\\x0Alines\\x0D\\x09tab\\x7F"},
    {"\xC2\x9B"
     "31m",
     "\\xC2\\x9B31m"}, /* one character that starts a sequence */
    {"gpj.\xE2\x80\xAE"
     "exe",
     "gpj.\\xE2\\x80\\xAEexe"}, /* text from right to left */
    {"\xE2\x80\xA8\xE2\x81\xA6\xE2\x80\x94", "\\xE2\\x80\\xA8\\xE2\\x81\\xA6\xE2\x80\x94"},
    {"caf\xE9 \xC3", "caf\\xE9 \\xC3"},
};
/* NOLINTEND(misc-misleading-bidirectional) */

START_TEST(makes_strings_printable) {
    for (size_t i = 0; i < sizeof printable / sizeof *printable; i++) {
        char out[64], again[64];
        snug_utf8_printable(printable[i][0], out, sizeof out);
        ck_assert_str_eq(out, printable[i][1]);
        snug_utf8_printable(out, again, sizeof again);
        ck_assert_str_eq(again, out);
    }
}
END_TEST

START_TEST(cuts_between_characters) {
    static const char *const cut[] = {"",          "a",         "a",         "a\xC3\xA9",
                                      "a\xC3\xA9", "a\xC3\xA9", "a\xC3\xA9", "a\xC3\xA9\\x1B"};
    for (size_t size = 1; size <= 8; size++) {
        char out[8];
        snug_utf8_printable("a\xC3\xA9\x1B", out, size);
        ck_assert_str_eq(out, cut[size - 1]);
    }
}
END_TEST

/* Whatever part of an error message or of a warning a name comes into. */
START_TEST(makes_error_messages_printable) {
    snug_fail(SNUG_ERROR_DATA, "column \"%s\": %d", "a\x1B[2J", 3);
    expect_location("column \"a\\x1B[2J\":");
    snug_fail_in("%s", "dir\n\xE9/t.csv");
    expect_location("dir\\x0A\\xE9/t.csv: column \"a\\x1B[2J\":");
}
END_TEST

static void take_message(snug_log_level level, const char *message, void *user) {
    (void)level;
    strncpy(user, message, 31);
}

START_TEST(makes_warnings_printable) {
    char seen[32] = "";
    snug_set_log(take_message, seen);
    snug_log(SNUG_LOG_WARNING, "column \"%s\"",
             "\x1B"
             "c");
    snug_set_log(NULL, NULL);
    ck_assert_str_eq(seen, "column \"\\x1B"
                           "c\"");
}
END_TEST

START_TEST(escapes_to_the_end_of_the_buffer) {
    char text[1500];
    memset(text, '\x1B', sizeof text - 1);
    text[sizeof text - 1] = 0;
    snug_fail(SNUG_ERROR_DATA, "%s", text);
    ck_assert_uint_eq(strlen(snug_error()), 1020);
}
END_TEST

static Suite *utf8_suite(void) {
    Suite *suite = suite_create("utf8");
    TCase *tests = tcase_create("utf8");
    tcase_add_test(tests, tells_utf8_from_other_bytes);
    tcase_add_test(tests, makes_strings_printable);
    tcase_add_test(tests, cuts_between_characters);
    tcase_add_test(tests, makes_error_messages_printable);
    tcase_add_test(tests, makes_warnings_printable);
    tcase_add_test(tests, escapes_to_the_end_of_the_buffer);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(utf8_suite)
