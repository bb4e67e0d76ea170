/* Where files are written: links, modes, owners, open descriptors, and names that cannot be. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
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

/* A directory for each test, in which it works. */
static char directory[64];

static void enter_directory(void) {
    strcpy(directory, "/tmp/snug_write_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    ck_assert_int_eq(mkdir("real", 0755), 0);
}

static void remove_directory(void) {
    static const char *const names[] = {"real/a", "real/b", "a", "link", "second", "loop", "fifo"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unlink(names[i]);
    }
    ck_assert_int_eq(rmdir("real"), 0); /* so no temporary file is left in it */
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}

static void put(const char *path, const char *content) {
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_ge(fputs(content, stream), 0);
    ck_assert_int_eq(fclose(stream), 0);
}

static void assert_content(const char *path, const char *expected) {
    size_t size = 0;
    char *bytes = snug_file_read(path, &size);
    ck_assert_msg(bytes != NULL, "%s", snug_error());
    ck_assert_str_eq(bytes, expected);
    snug_release(bytes);
}

static struct stat stat_of(const char *path) {
    struct stat st;
    ck_assert_int_eq(lstat(path, &st), 0);
    return st;
}

static void skip(const char *test, const char *reason) {
    fprintf(stderr, "%s: skipped: %s\n", test, reason);
}

/* ---- links ----------------------------------------------------------------------------------- */

START_TEST(links_stay) {
    put("real/a", "old");
    ck_assert_int_eq(symlink("real/a", "link"), 0);
    ck_assert_int_eq(symlink("link", "second"), 0);
    ck_assert_int_eq(snug_file_write("link", "one", 3), SNUG_OK);
    assert_content("real/a", "one");
    ck_assert_int_eq(snug_file_write("second", "two", 3), SNUG_OK);
    assert_content("real/a", "two");
    ck_assert(S_ISLNK(stat_of("link").st_mode));
    ck_assert(S_ISLNK(stat_of("second").st_mode));
    ck_assert(S_ISREG(stat_of("real/a").st_mode));
}
END_TEST

/* Relative to the link's own directory, and to a file that is not there yet. */
START_TEST(a_link_to_nothing_makes_its_file) {
    ck_assert_int_eq(symlink("b", "real/a"), 0);
    ck_assert_int_eq(snug_file_check("real/a"), SNUG_OK);
    ck_assert_int_eq(access("real/b", F_OK), -1);
    ck_assert_int_eq(snug_file_write("real/a", "new", 3), SNUG_OK);
    assert_content("real/b", "new");
    ck_assert(S_ISLNK(stat_of("real/a").st_mode));
}
END_TEST

/* Another user's link in a directory like /tmp may lead anywhere. */
START_TEST(links_of_others_in_shared_directories_are_refused) {
    if (geteuid() != 0) {
        skip("links of others", "needs root");
        return;
    }
    put("real/b", "old");
    ck_assert_int_eq(chmod("real", 01777), 0);
    ck_assert_int_eq(symlink("b", "real/a"), 0);
    ck_assert_int_eq(lchown("real/a", 12345, 12345), 0);
    ck_assert_int_eq(snug_file_write("real/a", "new", 3), SNUG_ERROR_FILE);
    expect_location("real/a:");
    assert_content("real/b", "old");
    ck_assert_int_eq(chown("real", 12345, 12345), 0); /* the directory's owner may do so */
    ck_assert_int_eq(snug_file_write("real/a", "new", 3), SNUG_OK);
    assert_content("real/b", "new");
}
END_TEST

/* ---- modes and owners ------------------------------------------------------------------------ */

START_TEST(an_old_file_gives_its_mode) {
    static const mode_t modes[] = {0600, 0640, 0664, 0755};
    mode_t before = umask(077);
    put("a", "old");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        ck_assert_int_eq(chmod("a", modes[i]), 0);
        ck_assert_int_eq(snug_file_write("a", "new", 3), SNUG_OK);
        ck_assert_uint_eq(stat_of("a").st_mode & 07777, modes[i]);
    }
    umask(before);
}
END_TEST

START_TEST(an_old_file_gives_its_owner) {
    if (geteuid() != 0) {
        skip("owners", "needs root");
        return;
    }
    put("a", "old");
    ck_assert_int_eq(chown("a", 12345, 23456), 0);
    ck_assert_int_eq(chmod("a", 0640), 0);
    ck_assert_int_eq(snug_file_write("a", "new", 3), SNUG_OK);
    ck_assert_uint_eq(stat_of("a").st_uid, 12345);
    ck_assert_uint_eq(stat_of("a").st_gid, 23456);
    ck_assert_uint_eq(stat_of("a").st_mode & 07777, 0640);
}
END_TEST

/* A user outside the old file's group: the group that the new file has instead gets nothing. */
START_TEST(another_group_gets_no_more_than_others) {
    if (geteuid() != 0) {
        skip("groups", "needs root");
        return;
    }
    put("a", "old");
    ck_assert_int_eq(chown("a", 12345, 23456), 0);
    ck_assert_int_eq(chmod("a", 0664), 0);
    ck_assert_int_eq(chown(".", 34567, 34567), 0);
    ck_assert_int_eq(seteuid(34567), 0);
    ck_assert_int_eq(snug_file_write("a", "new", 3), SNUG_OK);
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_uint_eq(stat_of("a").st_uid, 34567);
    ck_assert_uint_eq(stat_of("a").st_mode & 07777, getegid() == 23456 ? 0664 : 0644);
}
END_TEST

/* ---- open files ------------------------------------------------------------------------------ */

/* A descriptor is written where it is, from its position on; links to it too. */
START_TEST(descriptors_are_written_from_their_position_on) {
    char path[64];
    if (access("/proc/self/fd", F_OK) != 0) {
        skip("descriptors", "there is no /proc");
        return;
    }
    int descriptor = open("a", O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, "head\n", 5), 5);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    ck_assert_int_eq(symlink(path, "link"), 0);
    ck_assert_int_eq(snug_file_check("link"), SNUG_OK);
    ck_assert_int_eq(snug_file_write("link", "one\n", 4), SNUG_OK);
    ck_assert_int_eq(snug_file_write(path, "two\n", 4), SNUG_OK);
    snprintf(path, sizeof path, "/dev/fd/%d", descriptor);
    ck_assert_int_eq(snug_file_write(path, "three\n", 6), SNUG_OK);
    ck_assert_int_eq(write(descriptor, "tail\n", 5), 5);
    ck_assert_int_eq(close(descriptor), 0);
    assert_content("a", "head\none\ntwo\nthree\ntail\n");
    ck_assert(S_ISLNK(stat_of("link").st_mode));
    ck_assert_int_eq(snug_file_check("link"), SNUG_ERROR_FILE);
    expect_location("link:");
}
END_TEST

START_TEST(a_descriptor_for_reading_is_refused) {
    char path[64], expected[128];
    if (access("/proc/self/fd", F_OK) != 0) {
        skip("descriptors", "there is no /proc");
        return;
    }
    put("a", "old");
    int descriptor = open("a", O_RDONLY);
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    snprintf(expected, sizeof expected, "%s: cannot create: Bad file descriptor", path);
    ck_assert_int_eq(snug_file_check(path), SNUG_ERROR_FILE);
    expect_location(expected);
    ck_assert_int_eq(snug_file_write(path, "new", 3), SNUG_ERROR_FILE);
    close(descriptor);
    assert_content("a", "old");
}
END_TEST

START_TEST(in_place_a_file_is_emptied_and_grows) {
    snug_file file;
    put("a", "much older");
    ck_assert_int_eq(symlink("a", "link"), 0);
    ck_assert_int_eq(snug_file_create_in_place(&file, "link"), SNUG_OK);
    assert_content("a", "");
    fputs("one\n", file.stream);
    fflush(file.stream);
    assert_content("a", "one\n");
    ck_assert_int_eq(snug_file_commit(&file), SNUG_OK);
    assert_content("a", "one\n");
}
END_TEST

/* ---- the check before the work --------------------------------------------------------------- */

static void refuse(const char *path, const char *reason) {
    snug_file file;
    char expected[512];
    snprintf(expected, sizeof expected, "%s: cannot create: %s", path, reason);
    ck_assert_int_eq(snug_file_check(path), SNUG_ERROR_FILE);
    expect_location(expected);
    ck_assert_int_eq(snug_file_create(&file, path), SNUG_ERROR_FILE);
    expect_location(expected);
    ck_assert_int_eq(snug_file_create_in_place(&file, path), SNUG_ERROR_FILE);
    expect_location(expected);
}

START_TEST(names_that_cannot_be_made_are_refused) {
    char longest[301];
    memset(longest, 'x', sizeof longest - 1);
    longest[300] = '\0';
    refuse("", "No such file or directory");
    refuse("none/a", "No such file or directory");
    refuse("real", "Is a directory");
    refuse("real/", "Is a directory");
    refuse("none/", "No such file or directory");
    refuse(".", "Is a directory");
    refuse(longest, "File name too long");
    ck_assert_int_eq(symlink("loop", "loop"), 0);
    refuse("loop", "Too many levels of symbolic links");
    put("a", "old");
    refuse("a/b", "Not a directory");
    refuse("a/", "Not a directory");
}
END_TEST

START_TEST(paths_longer_than_any_are_refused) {
    char path[2 * PATH_MAX];
    snug_file file;
    memset(path, '/', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    ck_assert_int_eq(snug_file_check(path), SNUG_ERROR_FILE);
    ck_assert_int_eq(snug_file_create(&file, path), SNUG_ERROR_FILE);
    ck_assert_int_eq(snug_file_create_in_place(&file, path), SNUG_ERROR_FILE);
}
END_TEST

START_TEST(the_longest_name_is_written) {
    char longest[256];
    memset(longest, 'x', sizeof longest - 1);
    longest[255] = '\0';
    ck_assert_int_eq(snug_file_check(longest), SNUG_OK);
    ck_assert_int_eq(snug_file_write(longest, "new", 3), SNUG_OK);
    assert_content(longest, "new");
    unlink(longest);
}
END_TEST

START_TEST(the_check_leaves_everything_as_it_is) {
    put("a", "old");
    ck_assert_int_eq(chmod("a", 0604), 0);
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert_int_eq(snug_file_check("a"), SNUG_OK);
    ck_assert_int_eq(snug_file_check("real/a"), SNUG_OK);
    ck_assert_int_eq(snug_file_check("fifo"), SNUG_OK); /* without waiting for a reader */
    assert_content("a", "old");
    ck_assert_uint_eq(stat_of("a").st_mode & 0777, 0604);
    ck_assert_int_eq(access("real/a", F_OK), -1);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

static snug_status open_in_place(const char *path) {
    snug_file file;
    snug_status status = snug_file_create_in_place(&file, path);
    return status == SNUG_OK ? snug_file_commit(&file) : status;
}

static snug_status write_new(const char *path) {
    return snug_file_write(path, "new", 3);
}

/* Through two links, so that the search for the file copies paths. */
START_TEST(writing_allocates_nothing) {
    snug_status (*const calls[])(const char *) = {snug_file_check, write_new, open_in_place};
    ck_assert_int_eq(symlink("real/a", "link"), 0);
    ck_assert_int_eq(symlink("link", "second"), 0);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        put("real/a", "old");
        failing_start(0);
        ck_assert_int_eq(calls[i]("second"), SNUG_OK);
        ck_assert_uint_eq(failing_calls(), 0);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert(S_ISLNK(stat_of("second").st_mode));
}
END_TEST

/* ---- signals --------------------------------------------------------------------------------- */

enum { SENT = 300000, PART = 5000 };

static void ignore_signal(int number) {
    (void)number;
}

typedef struct receiver {
    pthread_t writer;
    int descriptor;
    size_t count;
    bool same;
} receiver;

static char byte_at(size_t i) {
    return (char)(i * 7 % 251);
}

/* Interrupts the writer before each part that it reads. */
static void *receive(void *user) {
    receiver *r = user;
    char part[PART];
    ssize_t got = 1;
    for (r->same = true; got > 0; r->count += (size_t)got) {
        if (r->count < SENT) {
            pthread_kill(r->writer, SIGUSR1);
        }
        got = read(r->descriptor, part, sizeof part);
        for (ssize_t i = 0; i < got; i++) {
            r->same = r->same && part[i] == byte_at(r->count + (size_t)i);
        }
    }
    return NULL;
}

START_TEST(signals_interrupt_no_write) {
    static char sent[SENT];
    struct sigaction action = {.sa_handler = ignore_signal};
    int ends[2];
    char path[32];
    pthread_t thread;
    for (size_t i = 0; i < SENT; i++) {
        sent[i] = byte_at(i);
    }
    sigemptyset(&action.sa_mask);
    ck_assert_int_eq(sigaction(SIGUSR1, &action, NULL), 0);
    ck_assert_int_eq(pipe(ends), 0);
    receiver r = {.writer = pthread_self(), .descriptor = ends[0]};
    snprintf(path, sizeof path, "/dev/fd/%d", ends[1]);
    ck_assert_int_eq(pthread_create(&thread, NULL, receive, &r), 0);
    snug_status status = snug_file_write(path, sent, SENT);
    close(ends[1]);
    pthread_join(thread, NULL);
    close(ends[0]);
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(r.count, SENT);
    ck_assert(r.same);
}
END_TEST

static Suite *file_write_suite(void) {
    Suite *suite = suite_create("file_write");
    TCase *tests = tcase_create("file_write");
    tcase_add_checked_fixture(tests, enter_directory, remove_directory);
    tcase_add_test(tests, links_stay);
    tcase_add_test(tests, a_link_to_nothing_makes_its_file);
    tcase_add_test(tests, links_of_others_in_shared_directories_are_refused);
    tcase_add_test(tests, an_old_file_gives_its_mode);
    tcase_add_test(tests, an_old_file_gives_its_owner);
    tcase_add_test(tests, another_group_gets_no_more_than_others);
    tcase_add_test(tests, descriptors_are_written_from_their_position_on);
    tcase_add_test(tests, a_descriptor_for_reading_is_refused);
    tcase_add_test(tests, in_place_a_file_is_emptied_and_grows);
    tcase_add_test(tests, names_that_cannot_be_made_are_refused);
    tcase_add_test(tests, paths_longer_than_any_are_refused);
    tcase_add_test(tests, the_longest_name_is_written);
    tcase_add_test(tests, the_check_leaves_everything_as_it_is);
    tcase_add_test(tests, writing_allocates_nothing);
    tcase_add_test(tests, signals_interrupt_no_write);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(file_write_suite)
