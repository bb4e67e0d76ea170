#include <string.h>

#include "kinds/character.h"
#include "support/suite.h"

START_TEST(reads_what_it_prints) {
    for (int code = 1; code <= 127; code++) {
        char string[8], character = 0;
        snug_character_print((char)code, string);
        bool ok = snug_character_parse(string, &character);
        ck_assert_int_eq(ok, strchr("\"\r\n", code) == NULL);
        ck_assert_int_eq(ok, snug_character_allowed(code));
        ck_assert_int_eq(character, ok ? code : 0);
    }
}
END_TEST

START_TEST(reads_names) {
    static const char *const names[] = {"comma", "semicolon", "tab", "space", "|", "\t", " "};
    static const char characters[] = {',', ';', '\t', ' ', '|', '\t', ' '};
    char character = 0;
    for (size_t i = 0; i < sizeof characters; i++) {
        ck_assert(snug_character_parse(names[i], &character));
        ck_assert_int_eq(character, characters[i]);
    }
}
END_TEST

START_TEST(refuses_other_strings) {
    static const char *const wrong[] = {"",   "colon", "ab",       "Tab", "\"",
                                        "\n", "\r",    "\xC3\xA9", "\xE9"};
    static const double codes[] = {0, -1, 34, 44.5, 128, 300, -1e300};
    char character = 'x';
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_msg(!snug_character_parse(wrong[i], &character), "%s", wrong[i]);
    }
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        ck_assert_msg(!snug_character_allowed(codes[i]), "%g", codes[i]);
    }
    ck_assert_int_eq(character, 'x');
}
END_TEST

static Suite *character_suite(void) {
    Suite *suite = suite_create("character");
    TCase *tests = tcase_create("character");
    tcase_add_test(tests, reads_what_it_prints);
    tcase_add_test(tests, reads_names);
    tcase_add_test(tests, refuses_other_strings);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(character_suite)
