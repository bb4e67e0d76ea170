/* Runs over folds that are stopped and resumed: the same bits, and no member is trained twice. */
#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/lock.h"
#include "support.h"
#include "support/errors.h"
#include "support/faults.h"
#include "support/problems.h"
#include "support/suite.h"

static const char directory[] = "runs";
static char parent[64];

static void enter_directory(void) {
    strcpy(parent, "/tmp/snug_folds_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(parent));
    ck_assert_int_eq(chdir(parent), 0);
    faults_start(SIZE_MAX, FAULT_NONE);
    faults_skip_sync(); /* which takes longer than all the rest */
}

/* Removes the checkpoints; returns how many files there were, without the lock. */
static size_t remove_checkpoints(void) {
    size_t count = 0;
    DIR *entries = opendir(directory);
    for (const struct dirent *e; entries != NULL && (e = readdir(entries)) != NULL;) {
        char path[300];
        snprintf(path, sizeof path, "%s/%s", directory, e->d_name);
        count += unlink(path) == 0 && strcmp(e->d_name, "lock") != 0;
    }
    if (entries != NULL) {
        closedir(entries);
        ck_assert_int_eq(rmdir(directory), 0);
    }
    return count;
}

static void leave_directory(void) {
    (void)faults_stop();
    (void)unlink("model");
    (void)remove_checkpoints();
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(parent), 0);
}

/* Stops a run at one of its batches, and counts them. */
typedef struct watch {
    size_t calls, stop_at;
} watch;

static bool watch_run(const snug_folds_progress *progress, void *user) {
    watch *w = user;
    (void)progress;
    return w->calls++ != w->stop_at;
}

/* Runs 3 folds with 2 seeds, stopped at a call of the callback; SIZE_MAX: to the end. */
static snug_status run(const snug_experiment *e, const snug_dataset *data, size_t threads,
                       watch *watched, snug_folds **folds) {
    const snug_folds_options options = {.folds = 3,
                                        .seeds = 2,
                                        .refit = true,
                                        .threads = threads,
                                        .checkpoint = directory,
                                        .checkpoint_every_steps = 2,
                                        .resume = true,
                                        .callback = watch_run,
                                        .user = watched};
    return snug_folds_train(e, data, &options, folds);
}

/* Returns the bytes of the model's file, to be released. */
static char *model_bytes(const snug_folds *folds, size_t *size) {
    FILE *stream;
    ck_assert_int_eq(snug_model_save(snug_folds_model(folds), "model"), SNUG_OK);
    stream = fopen("model", "rb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_eq(fseek(stream, 0, SEEK_END), 0);
    *size = (size_t)ftell(stream);
    char *bytes = malloc(*size);
    ck_assert_ptr_nonnull(bytes);
    rewind(stream);
    ck_assert_uint_eq(fread(bytes, 1, *size, stream), *size);
    fclose(stream);
    return bytes;
}

#define TRAIN                                                                                      \
    "\"epochs\": 6, \"early_stopping\": {\"patience\": 2}, \"calibration\": \"temperature\", "     \
    "\"ema\": 0.9"

START_TEST(a_stopped_run_goes_on_to_the_same_bits) {
    snug_experiment *e = folds_experiment(TRAIN);
    snug_dataset *data = blobs();
    snug_folds *folds;
    size_t size = 0, resumed_size = 0;
    watch all = {0, SIZE_MAX};
    ck_assert_int_eq(run(e, data, 1, &all, &folds), SNUG_OK);
    char *expected = model_bytes(folds, &size);
    snug_folds_free(folds);
    ck_assert_uint_eq(remove_checkpoints(), 3 * 2 + 2);
    for (size_t stop = 1; stop < all.calls; stop += 13) {
        watch first = {0, stop}, second = {0, 9}, third = {0, SIZE_MAX};
        ck_assert_int_eq(run(e, data, 1 + stop % 2, &first, &folds), SNUG_STOPPED);
        snug_folds_free(folds);
        if (run(e, data, 2, &second, &folds) == SNUG_STOPPED) {
            snug_folds_free(folds);
            ck_assert_msg(run(e, data, 1, &third, &folds) == SNUG_OK, "%s", snug_error());
            ck_assert_uint_lt(third.calls + stop / 2, all.calls); /* the others are not repeated */
        }
        char *bytes = model_bytes(folds, &resumed_size);
        ck_assert_uint_eq(resumed_size, size);
        ck_assert_mem_eq(bytes, expected, size);
        free(bytes);
        snug_folds_free(folds);
        (void)remove_checkpoints();
    }
    free(expected);
    snug_dataset_free(data);
    snug_experiment_free(e);
}
END_TEST

/* Of a run that was finished nothing is trained again, and its results are the same. */
START_TEST(finished_members_are_not_trained_again) {
    snug_experiment *e = folds_experiment(TRAIN);
    snug_dataset *data = blobs();
    snug_folds *first, *second;
    watch all = {0, SIZE_MAX}, none = {0, SIZE_MAX};
    ck_assert_int_eq(run(e, data, 2, &all, &first), SNUG_OK);
    ck_assert_int_eq(run(e, data, 2, &none, &second), SNUG_OK);
    ck_assert_uint_gt(all.calls, 0);
    ck_assert_uint_eq(none.calls, 0);
    ck_assert_uint_eq(snug_folds_refit_epochs(first), snug_folds_refit_epochs(second));
    for (size_t i = 0; i < 6; i++) {
        snug_fold a, b;
        ck_assert_int_eq(snug_folds_member(first, i, &a), SNUG_OK);
        ck_assert_int_eq(snug_folds_member(second, i, &b), SNUG_OK);
        ck_assert_uint_eq(a.epochs, b.epochs);
        ck_assert_uint_eq(a.best_epoch, b.best_epoch);
        for (size_t j = 0; j < a.metrics.count; j++) {
            ck_assert(a.metrics.values[j].value == b.metrics.values[j].value);
        }
    }
    snug_folds_free(first);
    snug_folds_free(second);
    snug_dataset_free(data);
    snug_experiment_free(e);
}
END_TEST

static void expect_refused(const snug_experiment *e, const snug_dataset *data,
                           const snug_folds_options *options, const char *message) {
    snug_folds *folds;
    ck_assert_int_ne(snug_folds_train(e, data, options, &folds), SNUG_OK);
    ck_assert_ptr_null(folds);
    expect_location(message);
}

START_TEST(other_runs_are_refused) {
    snug_experiment *e = folds_experiment("\"epochs\": 1");
    snug_dataset *data = blobs();
    snug_folds *folds;
    snug_folds_options options = {.folds = 2, .checkpoint = directory};
    ck_assert_int_eq(snug_folds_train(e, data, &options, &folds), SNUG_OK);
    snug_folds_free(folds);
    expect_refused(e, data, &options,
                   "fold 1 of 2, seed 1 of 1: runs/member-0.safetensors: is there already: ");
    options.resume = true;
    options.folds = 3;
    ck_assert_int_ne(snug_folds_train(e, data, &options, &folds), SNUG_OK);
    ck_assert_ptr_nonnull(strstr(snug_error(), "runs/member-0.safetensors: cannot be resumed to"));
    snug_checkpoint_lock lock;
    ck_assert_int_eq(snug_checkpoint_lock_take(&lock, directory), SNUG_OK);
    expect_refused(e, data, &options, "runs: is used by process ");
    snug_checkpoint_lock_release(&lock);
    options.checkpoint = "runs/member-0.safetensors/runs";
    expect_refused(e, data, &options,
                   "runs/member-0.safetensors/runs: cannot create: Not a directory");
    snug_dataset_free(data);
    snug_experiment_free(e);
}
END_TEST

/* A disk that is full costs the run, but no checkpoint. */
START_TEST(a_full_disk_is_reported) {
    snug_experiment *e = folds_experiment("\"epochs\": 3");
    snug_dataset *data = blobs();
    snug_folds *folds;
    snug_folds_options options = {
        .folds = 2, .threads = 1, .checkpoint = directory, .resume = true};
    faults_start(40, FAULT_FULL);
    snug_status status = snug_folds_train(e, data, &options, &folds);
    faults_stop();
    ck_assert_int_eq(status, SNUG_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(snug_error(), "runs/member-"));
    ck_assert_ptr_nonnull(strstr(snug_error(), strerror(ENOSPC)));
    ck_assert_msg(snug_folds_train(e, data, &options, &folds) == SNUG_OK, "%s", snug_error());
    snug_folds_free(folds);
    snug_dataset_free(data);
    snug_experiment_free(e);
}
END_TEST

static Suite *checkpoints_suite(void) {
    Suite *suite = suite_create("checkpoints of folds");
    TCase *tests = tcase_create("checkpoints of folds");
    tcase_add_checked_fixture(tests, enter_directory, leave_directory);
    tcase_add_test(tests, a_stopped_run_goes_on_to_the_same_bits);
    tcase_add_test(tests, finished_members_are_not_trained_again);
    tcase_add_test(tests, other_runs_are_refused);
    tcase_add_test(tests, a_full_disk_is_reported);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(checkpoints_suite)
