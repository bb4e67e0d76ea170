/* Warnings are logged once and kept, or are errors. */
#include <stdio.h>

#include "core/warnings.h"
#include "support/errors.h"
#include "support/suite.h"

typedef struct logged {
    size_t count;
    char last[128];
} logged;

static void note(snug_log_level level, const char *message, void *user) {
    logged *to = user;
    ck_assert_int_eq(level, SNUG_LOG_WARNING);
    to->count++;
    snprintf(to->last, sizeof to->last, "%s", message);
}

START_TEST(each_warning_is_logged_and_kept_once) {
    logged log = {0};
    snug_warnings warnings = {.strict = false};
    snug_set_log(note, &log);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 7; i++) {
            ck_assert_int_eq(snug_warn(&warnings, "t.csv:%d: is odd", i), SNUG_OK);
        }
    }
    ck_assert_uint_eq(log.count, 7);
    ck_assert_str_eq(log.last, "t.csv:6: is odd");
    ck_assert_str_eq(snug_warnings_get(&warnings, 0), "t.csv:0: is odd");
    ck_assert_str_eq(snug_warnings_get(&warnings, 6), "t.csv:6: is odd");
    ck_assert_ptr_null(snug_warnings_get(&warnings, 7));
    snug_warnings_clear(&warnings);
    ck_assert_ptr_null(snug_warnings_get(&warnings, 0));
    snug_set_log(NULL, NULL);
}
END_TEST

START_TEST(a_strict_warning_is_an_error) {
    logged log = {0};
    snug_warnings warnings = {.strict = true};
    snug_set_log(note, &log);
    ck_assert_int_eq(snug_warn(&warnings, "t.csv:3: is odd"), SNUG_ERROR_DATA);
    expect_location("t.csv:3:");
    ck_assert_uint_eq(log.count, 0);
    snug_warnings_clear(&warnings);
    snug_set_log(NULL, NULL);
}
END_TEST

START_TEST(without_a_list_the_log_alone_gets_a_warning) {
    logged log = {0};
    snug_set_log(note, &log);
    ck_assert_int_eq(snug_warn(NULL, "%s", "odd"), SNUG_OK);
    ck_assert_str_eq(log.last, "odd");
    snug_set_log(NULL, NULL);
}
END_TEST

static Suite *warnings_suite(void) {
    Suite *s = suite_create("warnings");
    TCase *tests = tcase_create("warnings");
    tcase_add_test(tests, each_warning_is_logged_and_kept_once);
    tcase_add_test(tests, a_strict_warning_is_an_error);
    tcase_add_test(tests, without_a_list_the_log_alone_gets_a_warning);
    suite_add_tcase(s, tests);
    return s;
}

REGISTER_SUITE(warnings_suite)
