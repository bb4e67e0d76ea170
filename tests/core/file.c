#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/file.h"
#include "files/file_write.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

static char directory[64], path[128];

static void make_directory(void) {
    strcpy(directory, "snug_file_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/file.txt", directory);
}

static void remove_directory(void) {
    unlink(path);
    ck_assert_int_eq(rmdir(directory), 0); /* so nothing else is left in it */
}

static void assert_content(const char *expected, size_t expected_size) {
    size_t size = 99;
    char *bytes = snug_file_read(path, &size);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(size, expected_size);
    ck_assert_int_eq(memcmp(bytes, expected, size), 0);
    ck_assert_int_eq(bytes[size], 0);
    snug_release(bytes);
}

START_TEST(write_and_read) {
    ck_assert_int_eq(snug_file_write(path, "one\0two\n", 8), SNUG_OK);
    assert_content("one\0two\n", 8);
    ck_assert_int_eq(snug_file_write(path, NULL, 0), SNUG_OK);
    assert_content("", 0);
}
END_TEST

START_TEST(mode_follows_umask) {
    mode_t before = umask(027);
    ck_assert_int_eq(snug_file_write(path, "x", 1), SNUG_OK);
    umask(before);
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_uint_eq(about.st_mode & 0777, 0640);
}
END_TEST

START_TEST(abandoned_file_leaves_the_old_one) {
    snug_file file;
    ck_assert_int_eq(snug_file_write(path, "old", 3), SNUG_OK);
    ck_assert_int_eq(snug_file_create(&file, path), SNUG_OK);
    fputs("half of the new", file.stream);
    fflush(file.stream);
    assert_content("old", 3);
    snug_file_abandon(&file);
    snug_file_abandon(&file);
    assert_content("old", 3);
}
END_TEST

START_TEST(abandon_after_commit) {
    snug_file file;
    ck_assert_int_eq(snug_file_create(&file, path), SNUG_OK);
    fputs("new", file.stream);
    ck_assert_int_eq(snug_file_commit(&file), SNUG_OK);
    snug_file_abandon(&file);
    assert_content("new", 3);
}
END_TEST

START_TEST(messages) {
    size_t size;
    ck_assert_ptr_null(snug_file_read("no/such.json", &size));
    expect_location("no/such.json:");
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_FILE);
    ck_assert_ptr_null(snug_file_read(".", &size));
    expect_location(".:");
    ck_assert_int_eq(snug_file_write("no/such.json", "x", 1), SNUG_ERROR_FILE);
    expect_location("no/such.json:");
    ck_assert_int_eq(snug_file_write(directory, "x", 1), SNUG_ERROR_FILE);
    char *expected = snug_format("%s: cannot create: Is a directory", directory);
    expect_location(expected);
    snug_release(expected);
}
END_TEST

/* A device is not replaced by a file, and one that is full is an error. */
START_TEST(devices) {
    ck_assert_int_eq(snug_file_write("/dev/null", "x", 1), SNUG_OK);
    struct stat about;
    ck_assert_int_eq(stat("/dev/null", &about), 0);
    ck_assert(S_ISCHR(about.st_mode));
    ck_assert_int_eq(snug_file_write("/dev/full", "x", 1), SNUG_ERROR_FILE);
    expect_location("/dev/full:");
}
END_TEST

START_TEST(reads_a_pipe) {
    enum { LENGTH = 20000 };
    static char sent[LENGTH];
    int ends[2];
    char name[32];
    for (size_t i = 0; i < LENGTH; i++) {
        sent[i] = (char)(i * 7 % 251);
    }
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], sent, LENGTH), LENGTH);
    close(ends[1]);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    size_t size = 0;
    char *bytes = snug_file_read(name, &size);
    close(ends[0]);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(size, LENGTH);
    ck_assert_int_eq(memcmp(bytes, sent, LENGTH), 0);
    snug_release(bytes);
}
END_TEST

static void assert_beside(const char *from, const char *name, const char *expected) {
    char *joined = snug_path_beside(from, name);
    ck_assert_str_eq(joined, expected);
    snug_release(joined);
}

START_TEST(path_beside) {
    assert_beside("runs/a/iris.json", "iris.csv", "runs/a/iris.csv");
    assert_beside("runs/a/iris.json", "../iris.csv", "runs/a/../iris.csv");
    assert_beside("runs/a/iris.json", "/data/iris.csv", "/data/iris.csv");
    assert_beside("iris.json", "iris.csv", "iris.csv");
    assert_beside("/iris.json", "iris.csv", "/iris.csv");
    assert_beside(NULL, "data/iris.csv", "data/iris.csv");
}
END_TEST

START_TEST(out_of_memory) {
    ck_assert_int_eq(snug_file_write(path, "old", 3), SNUG_OK);
    char *bytes = NULL;
    for (size_t k = 0; bytes == NULL; k++) {
        size_t size;
        failing_start(k);
        bytes = snug_file_read(path, &size);
        if (bytes == NULL) {
            ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
        }
        snug_release(bytes);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert_uint_lt(k, 10);
    }
}
END_TEST

static Suite *file_suite(void) {
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("file");
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, write_and_read);
    tcase_add_test(tests, mode_follows_umask);
    tcase_add_test(tests, abandoned_file_leaves_the_old_one);
    tcase_add_test(tests, abandon_after_commit);
    tcase_add_test(tests, messages);
    tcase_add_test(tests, devices);
    tcase_add_test(tests, reads_a_pipe);
    tcase_add_test(tests, path_beside);
    tcase_add_test(tests, out_of_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(file_suite)
