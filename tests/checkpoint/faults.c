/* Whatever call fails while a file is written, or kills the process there, nothing is lost. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <snug/model.h>

#include "core/memory.h"
#include "files/file.h"
#include "files/file_write.h"
#include "support/errors.h"
#include "support/faults.h"
#include "support/suite.h"

static const char path[] = "file";
static char directory[64];

static void enter_directory(void) {
    strcpy(directory, "/tmp/snug_faults_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
}

/* Returns how many temporary files there are; removes them. */
static size_t remove_temporaries(void) {
    size_t count = 0;
    DIR *entries = opendir(".");
    ck_assert_ptr_nonnull(entries);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (strncmp(entry->d_name, ".snug-", 6) == 0) {
            ck_assert_int_eq(unlink(entry->d_name), 0);
            count++;
        }
    }
    closedir(entries);
    return count;
}

static void leave_directory(void) {
    (void)unlink(path);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(directory), 0); /* so nothing else is left in it */
}

/* ---- what is written ------------------------------------------------------------------------- */

static snug_model *model;

/* As `snug train` writes its model. */
static snug_status write_model(void) {
    return snug_model_save(model, path);
}

/* As the tool writes tables of predictions and results: through a stream, in several parts. */
static snug_status write_table(void) {
    snug_file file;
    snug_status status = snug_file_create(&file, path);
    if (status != SNUG_OK) {
        return status;
    }
    for (int i = 0; i < 2000; i++) {
        fprintf(file.stream, "%d,%d,%d\n", i, i * i, -i);
    }
    return snug_file_commit(&file);
}

/* As the tool writes experiments: one string, which the stream holds until the end. */
static snug_status write_experiment(void) {
    snug_file file;
    snug_status status = snug_file_create(&file, path);
    if (status != SNUG_OK) {
        return status;
    }
    fputs("{\"data\": {\"train\": \"iris.csv\"}}\n", file.stream);
    return snug_file_commit(&file);
}

typedef struct writer {
    const char *name;
    snug_status (*write)(void);
    const char *calls; /* in their order */
} writer;

static const writer writers[] = {
    {"model", write_model, "open write fsync close rename open fsync close "},
    {"table", write_table,
     "open write write write write write fsync close rename open fsync close "},
    {"experiment", write_experiment, "open write fsync close rename open fsync close "}};

enum { WRITERS = sizeof writers / sizeof *writers };

static void make_model(void) {
    enter_directory();
    model = snug_model_new(3);
    snug_model_add(model, snug_dense(4));
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
}

static void free_model(void) {
    snug_model_free(model);
    leave_directory();
}

/* ---- what is left ---------------------------------------------------------------------------- */

typedef struct content {
    char *bytes; /* NULL: there is no file */
    size_t size;
} content;

static content read_content(void) {
    content c = {NULL, 0};
    if (access(path, F_OK) == 0) {
        c.bytes = snug_file_read(path, &c.size);
        ck_assert_ptr_nonnull(c.bytes);
    }
    return c;
}

static int same(const content *a, const content *b) {
    return (a->bytes == NULL) == (b->bytes == NULL) && a->size == b->size &&
           (a->bytes == NULL || memcmp(a->bytes, b->bytes, a->size) == 0);
}

/* Makes the file as it is before: with other bytes, or not there at all. */
static content make_old(int exists) {
    if (exists) {
        FILE *stream = fopen(path, "wb");
        ck_assert_ptr_nonnull(stream);
        fputs("the old file", stream);
        fclose(stream);
    } else {
        (void)unlink(path);
    }
    return read_content();
}

static content write_new(const writer *w) {
    ck_assert_int_eq(w->write(), SNUG_OK);
    return read_content();
}

/* Returns the number of the call by which the new file comes into its place. */
static size_t rename_of(const writer *w) {
    size_t number = 0;
    for (const char *c = w->calls; strncmp(c, "rename", 6) != 0; c++) {
        number += *c == ' ';
    }
    return number;
}

static size_t call_count(const writer *w) {
    size_t count = 0;
    for (const char *c = w->calls; *c != '\0'; c++) {
        count += *c == ' ';
    }
    return count;
}

START_TEST(calls_are_in_the_right_order) {
    for (size_t i = 0; i < WRITERS; i++) {
        faults_start(SIZE_MAX, FAULT_NONE);
        snug_status status = writers[i].write();
        faults_stop();
        ck_assert_int_eq(status, SNUG_OK);
        ck_assert_str_eq(faults_log(), writers[i].calls);
    }
}
END_TEST

/* One error at one call: the old file is whole, or the new one if it is in its place already. */
static void check_error(const writer *w, size_t k, int reason, int exists) {
    content new = write_new(w), old = make_old(exists);
    faults_start(k, reason);
    snug_status status = w->write();
    faults_stop();
    content left = read_content();
    bool last = k == call_count(w) - 1; /* closing the directory, on which nothing depends */
    ck_assert_int_eq(status, last ? SNUG_OK : SNUG_ERROR_FILE);
    ck_assert_msg(same(&left, k <= rename_of(w) ? &old : &new), "%s: call %zu", w->name, k);
    ck_assert_uint_eq(remove_temporaries(), 0);
    if (!last) {
        expect_location("file: cannot ");
        ck_assert_ptr_nonnull(strstr(snug_error(), strerror(reason)));
    }
    snug_release(new.bytes);
    snug_release(old.bytes);
    snug_release(left.bytes);
}

START_TEST(an_error_at_any_call_leaves_a_whole_file) {
    static const int reasons[] = {ENOSPC, EIO, EROFS};
    for (size_t i = 0; i < WRITERS; i++) {
        for (size_t k = 0; k < call_count(&writers[i]); k++) {
            for (size_t r = 0; r < sizeof reasons / sizeof *reasons; r++) {
                check_error(&writers[i], k, reasons[r], 0);
                check_error(&writers[i], k, reasons[r], 1);
            }
        }
    }
}
END_TEST

/* A write that stores a part is continued; where the disk is full then, that is the reason. */
START_TEST(short_writes_are_continued) {
    for (size_t i = 0; i < WRITERS; i++) {
        content new = write_new(&writers[i]);
        for (size_t k = 1; k < rename_of(&writers[i]) - 2; k++) {
            content old = make_old(1);
            faults_start(k, FAULT_SHORT_FULL);
            snug_status status = writers[i].write();
            faults_stop();
            content left = read_content();
            ck_assert_int_eq(status, SNUG_ERROR_FILE);
            expect_location("file: cannot write: No space left on device");
            ck_assert(same(&left, &old));
            ck_assert_uint_eq(remove_temporaries(), 0);
            snug_release(left.bytes);
            faults_start(k, FAULT_SHORT);
            status = writers[i].write();
            faults_stop();
            left = read_content();
            ck_assert_int_eq(status, SNUG_OK);
            ck_assert(same(&left, &new));
            snug_release(left.bytes);
            snug_release(old.bytes);
        }
        snug_release(new.bytes);
    }
}
END_TEST

/* A signal that interrupts a call is no failure. */
START_TEST(interrupted_calls_are_repeated) {
    for (size_t i = 0; i < WRITERS; i++) {
        for (size_t k = 0; k < call_count(&writers[i]); k++) {
            bool renames = k == rename_of(&writers[i]) || k == rename_of(&writers[i]) + 1;
            faults_start(k, renames ? FAULT_NONE : EINTR); /* these are never interrupted */
            snug_status status = writers[i].write();
            faults_stop();
            ck_assert_msg(status == SNUG_OK, "%s: call %zu: %s", writers[i].name, k, snug_error());
        }
    }
}
END_TEST

/* Writes in another process, which is killed at its call number k; returns whether it was. */
static bool is_killed(const writer *w, size_t k, int fault) {
    int status;
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        faults_start(k, fault);
        _exit(w->write() == SNUG_OK ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

START_TEST(a_kill_at_any_call_leaves_a_whole_file) {
    for (size_t i = 0; i < WRITERS; i++) {
        const writer *w = &writers[i];
        content new = write_new(w);
        for (size_t k = 0; k <= call_count(w); k++) {
            for (int half = 0; half < 2; half++) {
                content old = make_old(1);
                bool killed = is_killed(w, k, half ? FAULT_KILL_HALF : FAULT_KILL);
                content left = read_content();
                ck_assert(killed == (k < call_count(w)) || half);
                ck_assert_msg(same(&left, k <= rename_of(w) && killed ? &old : &new),
                              "%s: call %zu", w->name, k);
                ck_assert_uint_le(remove_temporaries(), 1);
                snug_release(old.bytes);
                snug_release(left.bytes);
            }
        }
        snug_release(new.bytes);
    }
}
END_TEST

/* ---- files that are written where they are --------------------------------------------------- */

/* A mount point cannot be replaced: it is written over, and what was to be written is not lost. */
START_TEST(mount_points_are_written_over) {
    static const char calls[] =
        "open write fsync close rename open write ftruncate fsync close unlink ";
    content old = make_old(1);
    faults_start(SIZE_MAX, FAULT_NONE);
    faults_refuse_rename(EBUSY);
    ck_assert_int_eq(snug_file_write(path, "new", 3), SNUG_OK);
    faults_stop();
    ck_assert_str_eq(faults_log(), calls);
    content left = read_content();
    ck_assert_str_eq(left.bytes, "new");
    ck_assert_uint_eq(remove_temporaries(), 0);
    snug_release(left.bytes);
    snug_release(old.bytes);
}
END_TEST

START_TEST(what_does_not_fit_over_a_mount_point_is_kept) {
    for (size_t k = 5; k < 10; k++) {
        content old = make_old(1);
        faults_start(k, EIO);
        faults_refuse_rename(EBUSY);
        ck_assert_int_eq(snug_file_write(path, "new", 3), SNUG_ERROR_FILE);
        faults_stop();
        const char *message = snug_error();
        ck_assert_ptr_eq(strstr(message, "file: cannot replace: Input/output error; "), message);
        char kept[PATH_MAX];
        ck_assert_int_eq(sscanf(strstr(message, ".snug-"), "%1000s", kept), 1);
        size_t size;
        char *bytes = snug_file_read(kept, &size);
        ck_assert_ptr_nonnull(bytes);
        ck_assert_str_eq(bytes, "new");
        ck_assert_uint_eq(remove_temporaries(), 1);
        snug_release(bytes);
        snug_release(old.bytes);
    }
}
END_TEST

/* As the tool writes a history: what was written before the failure stays, and it is reported. */
START_TEST(a_growing_file_keeps_what_it_has) {
    for (size_t k = 1; k < 4; k++) {
        snug_file file;
        faults_start(k, ENOSPC);
        ck_assert_int_eq(snug_file_create_in_place(&file, path), SNUG_OK);
        for (int line = 1; line < 3; line++) {
            fprintf(file.stream, "line %d\n", line);
            fflush(file.stream);
        }
        ck_assert_int_eq(snug_file_commit(&file), SNUG_ERROR_FILE);
        faults_stop();
        expect_location("file: cannot write: No space left on device");
        content left = read_content();
        ck_assert_ptr_nonnull(left.bytes);
        ck_assert_int_eq(strncmp(left.bytes, "line 1\nline 2\n", k == 3 ? 14 : (k - 1) * 7), 0);
        snug_release(left.bytes);
    }
}
END_TEST

START_TEST(directories_that_cannot_be_synced_are_left_alone) {
    static const int reasons[] = {EINVAL, ENOTSUP, EACCES};
    for (size_t r = 0; r < sizeof reasons / sizeof *reasons; r++) {
        for (size_t k = 5; k < 7; k++) {
            faults_start(k, reasons[r]);
            ck_assert_int_eq(snug_file_write(path, "new", 3), SNUG_OK);
            faults_stop();
        }
    }
}
END_TEST

static Suite *faults_suite(void) {
    Suite *suite = suite_create("file_faults");
    TCase *tests = tcase_create("file_faults");
    tcase_add_checked_fixture(tests, make_model, free_model);
    tcase_add_test(tests, calls_are_in_the_right_order);
    tcase_add_test(tests, an_error_at_any_call_leaves_a_whole_file);
    tcase_add_test(tests, short_writes_are_continued);
    tcase_add_test(tests, interrupted_calls_are_repeated);
    tcase_add_test(tests, mount_points_are_written_over);
    tcase_add_test(tests, what_does_not_fit_over_a_mount_point_is_kept);
    tcase_add_test(tests, a_growing_file_keeps_what_it_has);
    tcase_add_test(tests, directories_that_cannot_be_synced_are_left_alone);
    suite_add_tcase(suite, tests);
    TCase *kills = tcase_create("kills");
    tcase_add_checked_fixture(kills, make_model, free_model);
    tcase_set_tags(kills, "exhaustive"); /* processes that are killed free nothing */
    tcase_add_test(kills, a_kill_at_any_call_leaves_a_whole_file);
    suite_add_tcase(suite, kills);
    return suite;
}

REGISTER_SUITE(faults_suite)
