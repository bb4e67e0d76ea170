#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "support/errors.h"
#include "support/suite.h"

/* In a thread of its own, which no other test ran in. */
static void *look_before_any_failure(void *user) {
    (void)user;
    ck_assert_str_eq(snug_error(), "");
    ck_assert_int_eq(snug_error_status(), SNUG_OK);
    return NULL;
}

START_TEST(nothing_failed_yet) {
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, look_before_any_failure, NULL), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
}
END_TEST

START_TEST(fail_keeps_message_and_status) {
    ck_assert_int_eq(snug_fail(SNUG_ERROR_DATA, "row %d: %s", 3, "too short"), SNUG_ERROR_DATA);
    expect_location("row 3:");
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_DATA);
    ck_assert_int_eq(snug_fail_in("iris%s", ".csv"), SNUG_ERROR_DATA);
    expect_location("iris.csv: row 3:");
    /* The old location may be a part of the new one. */
    snug_fail(SNUG_ERROR_FILE, "<%s>", snug_error());
    expect_location("<iris.csv: row 3:");
}
END_TEST

START_TEST(fail_memory) {
    ck_assert_int_eq(snug_fail_memory(77), SNUG_ERROR_MEMORY);
    expect_location("out of memory:");
}
END_TEST

/* Whatever the length before it, a character is there as a whole or not at all. */
START_TEST(long_messages_are_cut_between_characters) {
    static const char *const characters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (int c = 0; c < 4; c++) {
        for (int shift = 0; shift < 5; shift++) {
            char text[2048] = "";
            memset(text, 'x', (size_t)shift);
            while (strlen(text) < 1500) {
                strcat(text, characters[c]);
            }
            snug_fail(SNUG_ERROR_DATA, "%s", text);
            size_t length = strlen(snug_error()), size = strlen(characters[c]);
            ck_assert_uint_gt(length, 1023 - size);
            ck_assert_uint_le(length, 1023);
            ck_assert_uint_eq((length - (size_t)shift) % size, 0);
            ck_assert_int_eq(strncmp(snug_error(), text, length), 0);
        }
    }
}
END_TEST

static void *fail_elsewhere(void *seen) {
    snprintf(seen, 16, "%s", snug_error());
    snug_fail(SNUG_ERROR_DATA, "elsewhere");
    return NULL;
}

START_TEST(every_thread_has_its_own_message) {
    pthread_t thread;
    char seen[16] = "?";
    snug_fail(SNUG_ERROR_FILE, "here");
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_elsewhere, seen), 0);
    pthread_join(thread, NULL);
    ck_assert_str_eq(seen, "");
    expect_location("here");
}
END_TEST

START_TEST(names_and_version) {
    ck_assert_str_eq(snug_status_name(SNUG_OK), "ok");
    ck_assert_str_eq(snug_status_name(SNUG_ERROR_DIVERGED), "diverged");
    ck_assert_str_eq(snug_status_name(SNUG_STOPPED), "stopped");
    ck_assert_str_eq(snug_status_name((snug_status)99), "unknown");
    ck_assert_str_eq(snug_version(), "0.1.0");
}
END_TEST

static void take_message(snug_log_level level, const char *message, void *user) {
    snprintf(user, 64, "%d %s", (int)level, message);
}

START_TEST(log_callback) {
    char seen[64] = "";
    snug_log(SNUG_LOG_WARNING, "dropped");
    snug_set_log(take_message, seen);
    snug_log(SNUG_LOG_WARNING, "%g of %d", 0.5, 3);
    ck_assert_str_eq(seen, "1 0.5 of 3");
    snug_set_log(NULL, NULL);
    snug_log(SNUG_LOG_INFO, "dropped");
    ck_assert_str_eq(seen, "1 0.5 of 3");
}
END_TEST

static Suite *status_suite(void) {
    Suite *suite = suite_create("status");
    TCase *tests = tcase_create("status");
    tcase_add_test(tests, nothing_failed_yet);
    tcase_add_test(tests, fail_keeps_message_and_status);
    tcase_add_test(tests, fail_memory);
    tcase_add_test(tests, long_messages_are_cut_between_characters);
    tcase_add_test(tests, every_thread_has_its_own_message);
    tcase_add_test(tests, names_and_version);
    tcase_add_test(tests, log_callback);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(status_suite)
