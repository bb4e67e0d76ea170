/*
 * A run that is killed at any moment, and resumed, ends with the same bits as one that is not.
 *
 * Each run is a process of its own. It is killed at a call of the system that changes a file, or at
 * a step of training, whose number a random number decides; in the middle of a write; by a signal
 * from outside at any moment; or a call fails, as on a full disk. Then it is resumed, and may be
 * killed again. Random numbers have a fixed seed, so that a failure is found again.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/memory.h"
#include "files/file.h"
#include "scenarios.h"
#include "support/faults.h"
#include "support/suite.h"

/* ---- directories ----------------------------------------------------------------------------- */

static char directory[64];

/* In memory where that is possible: a process that is killed loses nothing of it. */
static void enter_directory(void) {
    strcpy(directory, "/dev/shm/snug_kill_XXXXXX");
    if (mkdtemp(directory) == NULL) {
        strcpy(directory, "/tmp/snug_kill_XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(directory));
    }
    ck_assert_int_eq(chdir(directory), 0);
}

/* Removes all files of a directory; returns how many of them were temporary ones. */
static size_t remove_files(const char *path) {
    size_t temporary = 0;
    DIR *entries = opendir(path);
    for (const struct dirent *e; entries != NULL && (e = readdir(entries)) != NULL;) {
        char name[400];
        snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        temporary += unlink(name) == 0 && strncmp(e->d_name, ".snug-", 6) == 0;
    }
    if (entries != NULL) {
        closedir(entries);
    }
    return temporary;
}

/* Returns how many temporary files there were among the checkpoints. */
static size_t clear_directory(void) {
    size_t temporary = remove_files("runs");
    (void)rmdir("runs");
    (void)remove_files(".");
    return temporary;
}

static void leave_directory(void) {
    (void)clear_directory();
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}

/* ---- runs ------------------------------------------------------------------------------------ */

/* How a run ended. */
typedef struct ending {
    bool killed;
    bool failed;    /* by an error, whose message was checked */
    size_t calls;   /* of a run that was not killed */
    char fault[12]; /* the call that failed, as "write" */
} ending;

/* Writes how the run ended for the parent, which is of no interest where it was killed. */
static void write_result(snug_status status) {
    FILE *stream = fopen("result", "w");
    if (stream != NULL) {
        const char *fault = faults_failed()[0] != '\0' ? faults_failed() : "none";
        fprintf(stream, "%zu %d %s %s", faults_calls(), (int)status, fault,
                status != SNUG_OK ? snug_error() : "");
        fclose(stream);
    }
}

/* Starts a run in another process, which has a fault at call `at`. */
static pid_t start(const scenario *s, size_t at, int fault) {
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        faults_start(at, fault);
        faults_skip_sync();
        snug_status status = s->run(s);
        faults_stop();
        write_result(status);
        _exit(0);
    }
    return child;
}

/* Fails unless the message of an error names a file and the reason of the fault. */
static void check_message(const scenario *s, const char *message, int fault) {
    const char *reason = strerror(fault > 0 ? fault : ENOSPC);
    bool names = strstr(message, "runs") != NULL || strncmp(message, "model:", 6) == 0;
    ck_assert_msg(names && strstr(message, reason) != NULL, "%s: %s", s->name, message);
}

/* Reads what write_result() wrote. */
static void read_result(const scenario *s, int fault, ending *e) {
    char line[2000], *rest;
    FILE *stream = fopen("result", "r");
    ck_assert_ptr_nonnull(stream);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, stream));
    fclose(stream);
    e->calls = (size_t)strtoul(line, &rest, 10);
    e->failed = strtol(rest, &rest, 10) != SNUG_OK;
    rest += strspn(rest, " ");
    size_t length = strcspn(rest, " ");
    ck_assert_uint_lt(length, sizeof e->fault);
    memcpy(e->fault, rest, length);
    if (e->failed) {
        check_message(s, rest + length + 1, fault);
    }
}

static ending finish(const scenario *s, pid_t child, int fault) {
    int status;
    ending e = {0};
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        ck_assert_int_eq(WTERMSIG(status), SIGKILL);
        e.killed = true;
        return e;
    }
    ck_assert_int_eq(WEXITSTATUS(status), 0); /* a sanitizer's report, for example */
    read_result(s, fault, &e);
    return e;
}

static ending run(const scenario *s, size_t at, int fault) {
    return finish(s, start(s, at, fault), fault);
}

/* ---- trials ---------------------------------------------------------------------------------- */

/* The file of a run that is not interrupted, and what it takes. */
typedef struct reference {
    char *bytes;
    size_t size;
    size_t calls;
    double seconds;
} reference;

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static reference make_reference(const scenario *s) {
    reference r = {.seconds = seconds_now()};
    ending e = run(s, SIZE_MAX, FAULT_NONE);
    r.seconds = seconds_now() - r.seconds;
    ck_assert(!e.killed && !e.failed);
    r.calls = e.calls;
    r.bytes = snug_file_read("model", &r.size);
    ck_assert_ptr_nonnull(r.bytes);
    (void)clear_directory();
    return r;
}

/* Checks the model, and what the last run, which ended well, left among the checkpoints. */
static void check_model(const scenario *s, const reference *expected, size_t trial,
                        const ending *last) {
    size_t size = 0;
    char *bytes = snug_file_read("model", &size);
    ck_assert_msg(bytes != NULL, "%s: trial %zu: %s", s->name, trial, snug_error());
    ck_assert_msg(size == expected->size && memcmp(bytes, expected->bytes, size) == 0,
                  "%s: trial %zu: the model has other bits", s->name, trial);
    snug_release(bytes);
    size_t left = strcmp(last->fault, "unlink") == 0 ? 1 : 0; /* which could not be removed */
    ck_assert_uint_le(clear_directory(), left);
}

/* The generator of Park and Miller. */
static size_t draw(uint64_t *state, size_t count) {
    *state = *state * 48271 % 2147483647;
    return (size_t)(*state % count);
}

static int draw_fault(uint64_t *state) {
    static const int faults[] = {FAULT_KILL, FAULT_KILL, FAULT_KILL, FAULT_KILL_HALF,
                                 FAULT_FULL, ENOSPC,     EIO};
    return faults[draw(state, sizeof faults / sizeof *faults)];
}

/* How many runs ended otherwise than well, for the test's output. */
typedef struct counts {
    size_t killed, failed;
} counts;

/* Interrupts a run, whose threads vary, until a random number lets it go on to its end. */
static void run_trial(const scenario *s, const reference *expected, size_t trial, counts *sum) {
    uint64_t state = 1000 * (uint64_t)trial + 7;
    (void)draw(&state, 1);
    for (size_t attempt = 0;; attempt++) {
        bool last = attempt > 5 || (attempt > 0 && draw(&state, 2) == 0);
        int fault = last ? FAULT_NONE : draw_fault(&state);
        scenario now = *s;
        now.threads = 1 + draw(&state, 3);
        ending e = run(&now, last ? SIZE_MAX : draw(&state, expected->calls), fault);
        sum->killed += e.killed;
        sum->failed += e.failed;
        if (!e.killed && !e.failed) {
            check_model(s, expected, trial, &e);
            return;
        }
        ck_assert_msg(!last, "%s: trial %zu: the last run did not end well", s->name, trial);
    }
}

START_TEST(a_run_that_is_interrupted_ends_with_the_same_bits) {
    const scenario *s = scenario_at((size_t)_i);
    reference expected = make_reference(s);
    counts sum = {0};
    for (size_t trial = 0; trial < s->trials; trial++) {
        run_trial(s, &expected, trial, &sum);
    }
    printf("%s: %zu calls; %zu kills and %zu errors in %zu runs\n", s->name, expected.calls,
           sum.killed, sum.failed, s->trials);
    ck_assert_uint_ge(sum.killed, s->trials / 3);
    ck_assert_uint_gt(sum.failed, 0);
    snug_release(expected.bytes);
}
END_TEST

/* ---- signals from outside -------------------------------------------------------------------- */

static void pause_for(double seconds) {
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (nanosleep(&t, &t) != 0 && errno == EINTR) {
    }
}

enum { SIGNAL_TRIALS = 12 };

/* The moments differ from time to time; the result must not. */
START_TEST(a_signal_at_any_moment_loses_nothing) {
    const scenario *s = scenario_at((size_t)_i);
    reference expected = make_reference(s);
    uint64_t state = 99;
    size_t killed = 0;
    for (size_t trial = 0; trial < SIGNAL_TRIALS; trial++) {
        ending e = {.killed = true};
        for (size_t attempt = 0; e.killed; attempt++) {
            pid_t child = start(s, SIZE_MAX, FAULT_NONE);
            if (attempt < 3) {
                pause_for(expected.seconds * (double)draw(&state, 1000) / 1000);
                (void)kill(child, SIGKILL); /* it may have ended: it is not waited for yet */
            }
            e = finish(s, child, FAULT_NONE);
            ck_assert(!e.failed);
            killed += e.killed;
        }
        check_model(s, &expected, trial, &e);
    }
    printf("%s: %zu kills from outside\n", s->name, killed);
    snug_release(expected.bytes);
}
END_TEST

static Suite *kill_suite(void) {
    int count = 0;
    while (scenario_at((size_t)count) != NULL) {
        count++;
    }
    Suite *suite = suite_create("kill");
    TCase *tests = tcase_create("kill");
    tcase_add_checked_fixture(tests, enter_directory, leave_directory);
    tcase_add_loop_test(tests, a_run_that_is_interrupted_ends_with_the_same_bits, 0, count);
    tcase_add_loop_test(tests, a_signal_at_any_moment_loses_nothing, 0, count);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(kill_suite)
