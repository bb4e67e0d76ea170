/* Bytes of a file, of a pipe and of memory are read alike. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/status.h"
#include "files/byte_source.h"
#include "support/errors.h"
#include "support/suite.h"

static const char text[] = "ab\0cdefg";

static void expect_middle(const snug_byte_source *source) {
    char got[4] = "????";
    ck_assert_uint_eq(source->size, 8);
    ck_assert_int_eq(snug_byte_source_read(source, 2, 3, got), SNUG_OK);
    ck_assert_int_eq(memcmp(got, "\0cd?", 4), 0);
    ck_assert_int_eq(snug_byte_source_read(source, 8, 0, got), SNUG_OK);
}

START_TEST(reads_from_memory) {
    snug_byte_source source = snug_byte_source_of("(memory)", text, 8);
    expect_middle(&source);
}
END_TEST

START_TEST(file_that_becomes_shorter) {
    char path[] = "snug_bytes_XXXXXX", byte;
    int descriptor = mkstemp(path);
    ck_assert_int_eq(write(descriptor, text, 8), 8);
    snug_byte_source source;
    ck_assert_int_eq(snug_byte_source_open(&source, path, NULL), SNUG_OK);
    expect_middle(&source);
    ck_assert_int_eq(ftruncate(descriptor, 5), 0);
    ck_assert_int_eq(snug_byte_source_read(&source, 4, 1, &byte), SNUG_OK);
    ck_assert_int_eq(snug_byte_source_read(&source, 5, 1, &byte), SNUG_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(snug_error(), ": became shorter while it was read"));
    snug_byte_source_close(&source);
    close(descriptor);
    unlink(path);
}
END_TEST

START_TEST(reads_a_pipe) {
    int ends[2];
    char path[32];
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], text, 8), 8);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    snug_byte_source source;
    ck_assert_int_eq(snug_byte_source_open(&source, path, NULL), SNUG_OK);
    expect_middle(&source);
    snug_byte_source_close(&source);
    close(ends[0]);
}
END_TEST

static snug_status refuse_zeros(const char *path, const char *bytes, size_t n) {
    (void)n;
    return bytes[0] != 0 ? SNUG_OK : snug_fail(SNUG_ERROR_DATA, "%s: begins with a zero", path);
}

/* A stream without an end is refused by its start. */
START_TEST(refuses_an_endless_stream) {
    snug_byte_source source;
    ck_assert_int_eq(snug_byte_source_open(&source, "/dev/zero", refuse_zeros), SNUG_ERROR_DATA);
    expect_location("/dev/zero:");
    snug_byte_source_close(&source);
}
END_TEST

START_TEST(what_cannot_be_opened) {
    snug_byte_source source;
    ck_assert_int_eq(snug_byte_source_open(&source, "no/such", NULL), SNUG_ERROR_FILE);
    expect_location("no/such:");
    snug_byte_source_close(&source);
    ck_assert_int_eq(snug_byte_source_open(&source, ".", NULL), SNUG_ERROR_FILE);
    expect_location(".:");
    snug_byte_source_close(&source);
}
END_TEST

static Suite *bytes_suite(void) {
    Suite *suite = suite_create("bytes");
    TCase *tests = tcase_create("bytes");
    tcase_add_test(tests, reads_from_memory);
    tcase_add_test(tests, file_that_becomes_shorter);
    tcase_add_test(tests, reads_a_pipe);
    tcase_add_test(tests, refuses_an_endless_stream);
    tcase_add_test(tests, what_cannot_be_opened);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(bytes_suite)
