/* The lock of a directory of checkpoints: other processes, other threads, dead ones, faults. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checkpoint/lock.h"
#include "support/errors.h"
#include "support/faults.h"
#include "support/suite.h"

static const char directory[] = "runs", lock_path[] = "runs/lock";
static char parent[64];

/* Makes a directory for each test in another, in which the test works. */
static void make_directory(void) {
    strcpy(parent, "/tmp/snug_lock_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(parent));
    ck_assert_int_eq(chdir(parent), 0);
    ck_assert_int_eq(mkdir(directory, 0755), 0);
}

static void remove_directory(void) {
    (void)unlink(lock_path);
    ck_assert_int_eq(rmdir(directory), 0);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(parent), 0);
}

/* A child process that has the lock. */
typedef struct holder {
    pid_t id;
    int to_child; /* closing it lets the child release the lock and end */
} holder;

/* Starts a child and returns when it has the lock. */
static holder start_holder(void) {
    int down[2], up[2];
    char byte = 0;
    ck_assert_int_eq(pipe(down), 0);
    ck_assert_int_eq(pipe(up), 0);
    pid_t id = fork();
    ck_assert_int_ge(id, 0);
    if (id == 0) {
        snug_checkpoint_lock lock;
        close(down[1]);
        byte = snug_checkpoint_lock_take(&lock, directory) == SNUG_OK ? 'y' : 'n';
        ssize_t written = write(up[1], &byte, 1);
        ssize_t ignored = read(down[0], &byte, 1);
        snug_checkpoint_lock_release(&lock);
        _exit(written == 1 && ignored == 0 ? 0 : 1);
    }
    close(down[0]);
    close(up[1]);
    ck_assert_int_eq(read(up[0], &byte, 1), 1);
    close(up[0]);
    ck_assert_int_eq(byte, 'y');
    return (holder){id, down[1]};
}

static void expect_taken(void) {
    snug_checkpoint_lock lock;
    snug_status status = snug_checkpoint_lock_take(&lock, directory);
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    snug_checkpoint_lock_release(&lock);
}

START_TEST(a_second_process_is_refused) {
    snug_checkpoint_lock lock;
    char expected[160];
    holder child = start_holder();
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, directory), SNUG_ERROR_FILE);
    snprintf(expected, sizeof expected, "runs: is used by process %ld, which", (long)child.id);
    expect_location(expected);
    snug_checkpoint_lock_release(&lock); /* which was not taken */
    close(child.to_child);
    ck_assert_int_eq(waitpid(child.id, NULL, 0), child.id);
    expect_taken();
}
END_TEST

START_TEST(a_dead_process_blocks_nobody) {
    holder child = start_holder();
    ck_assert_int_eq(kill(child.id, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child.id, NULL, 0), child.id);
    close(child.to_child);
    ck_assert_int_eq(access(lock_path, F_OK), 0);
    expect_taken();
}
END_TEST

static void make_file(const char *path) {
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    fclose(stream);
}

/* A number that was that of a process, and is that of none now. */
static long dead_process(void) {
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    return child;
}

/* What is no temporary file, or of a process that runs, is left alone. */
START_TEST(leftovers_of_dead_processes_are_removed) {
    char dead[64], running[64], other[64];
    long process = dead_process();
    snprintf(dead, sizeof dead, "runs/.snug-%ld-7.tmp", process);
    snprintf(other, sizeof other, "runs/.snug-%ld-7.tmp2", process);
    snprintf(running, sizeof running, "runs/.snug-%ld-7.tmp", (long)getppid());
    make_file(dead);
    make_file(running);
    make_file(other);
    expect_taken();
    ck_assert_int_eq(unlink(dead), -1);
    ck_assert_int_eq(unlink(running), 0);
    ck_assert_int_eq(unlink(other), 0);
}
END_TEST

static void *take(void *user) {
    snug_checkpoint_lock lock;
    snug_status *status = user;
    *status = snug_checkpoint_lock_take(&lock, directory);
    char expected[160];
    snprintf(expected, sizeof expected, "runs: is used by process %ld, this one,", (long)getpid());
    expect_location(expected);
    return NULL;
}

START_TEST(threads_of_a_process_exclude_each_other) {
    snug_checkpoint_lock lock;
    pthread_t thread;
    snug_status status = SNUG_OK;
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, directory), SNUG_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, take, &status), 0);
    pthread_join(thread, NULL);
    ck_assert_int_eq(status, SNUG_ERROR_FILE);
    snug_checkpoint_lock_release(&lock);
    expect_taken();
}
END_TEST

START_TEST(wrong_directories_are_named) {
    snug_checkpoint_lock lock;
    char longest[5000];
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, "/none/runs"), SNUG_ERROR_FILE);
    expect_location("/none/runs/lock: cannot create: No such file or directory");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, longest), SNUG_ERROR_FILE);
}
END_TEST

/* A file of that name which is no lock, and a link that leads to one, stay as they are. */
START_TEST(other_files_are_not_overwritten) {
    snug_checkpoint_lock lock;
    FILE *stream = fopen(lock_path, "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a user's own", stream);
    fclose(stream);
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, directory), SNUG_ERROR_FILE);
    expect_location("runs/lock: is not the lock of");
    struct stat st;
    ck_assert_int_eq(stat(lock_path, &st), 0);
    ck_assert_int_eq(st.st_size, 12);
    ck_assert_int_eq(unlink(lock_path), 0);
    ck_assert_int_eq(symlink("other", lock_path), 0);
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, directory), SNUG_ERROR_FILE);
    expect_location("runs/lock: cannot create:");
}
END_TEST

START_TEST(faults_are_reported_and_release_it) {
    snug_checkpoint_lock lock;
    faults_start(SIZE_MAX, FAULT_NONE);
    expect_taken();
    ck_assert_uint_eq(faults_stop(), 4);
    ck_assert_str_eq(faults_log(), "open ftruncate write close ");
    for (size_t k = 0; k < 3; k++) {
        faults_start(k, ENOSPC);
        ck_assert_int_eq(snug_checkpoint_lock_take(&lock, directory), SNUG_ERROR_FILE);
        faults_stop();
        expect_location(lock_path);
        ck_assert_ptr_nonnull(strstr(snug_error(), strerror(ENOSPC)));
        expect_taken();
    }
}
END_TEST

static Suite *lock_suite(void) {
    Suite *suite = suite_create("checkpoint_lock");
    TCase *tests = tcase_create("checkpoint_lock");
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, a_second_process_is_refused);
    tcase_add_test(tests, a_dead_process_blocks_nobody);
    tcase_add_test(tests, leftovers_of_dead_processes_are_removed);
    tcase_add_test(tests, threads_of_a_process_exclude_each_other);
    tcase_add_test(tests, wrong_directories_are_named);
    tcase_add_test(tests, other_files_are_not_overwritten);
    tcase_add_test(tests, faults_are_reported_and_release_it);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(lock_suite)
