/*
 * What a run that is to be resumed refuses, and leaves as it is: other conditions, by their names;
 * damaged files; full disks; missing memory.
 */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/lock.h"
#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "files/file_write.h"
#include "model/model.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/faults.h"
#include "support/problems.h"
#include "support/quick_files.h"
#include "support/suite.h"

static const char directory[] = "runs", file[] = "runs/checkpoint.safetensors";
static char parent[64];

/* The checkpoint that each test begins with. */
static char *saved;
static size_t saved_size;

enum { EPOCHS = 3, BATCH_SIZE = 16 };

static snug_fit_options some_options(void) {
    return (snug_fit_options){.optimizer = snug_adam(0.01),
                              .epochs = EPOCHS,
                              .batch_size = BATCH_SIZE,
                              .validation = 0.3,
                              .seed = 5,
                              .threads = 1,
                              .ema = 0.5,
                              .early_stopping = {.patience = 9},
                              .checkpoint = directory};
}

/* Stops at the end of the first epoch. */
static bool stop_after_one(const snug_progress *at, void *user) {
    (void)user;
    return !at->epoch_end || at->resumed;
}

/* Makes a directory for each test, in which a run was stopped after its first epoch. */
static void make_directory(void) {
    strcpy(parent, "/tmp/snug_refused_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(parent));
    ck_assert_int_eq(chdir(parent), 0);
    skip_fsync();
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = some_options();
    o.callback = stop_after_one;
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_STOPPED);
    snug_model_free(model);
    snug_dataset_free(data);
    saved = snug_file_read(file, &saved_size);
    ck_assert_ptr_nonnull(saved);
}

static void restore_checkpoint(void) {
    ck_assert_int_eq(snug_file_write(file, saved, saved_size), SNUG_OK);
}

static void expect_unchanged(void) {
    size_t size = 0;
    char *bytes = snug_file_read(file, &size);
    ck_assert_uint_eq(size, saved_size);
    ck_assert_int_eq(memcmp(bytes, saved, size), 0);
    snug_release(bytes);
}

/* Removes the temporary files that an injected failure of unlink() left. */
static void remove_temporary_files(void) {
    DIR *opened = opendir(directory);
    ck_assert_ptr_nonnull(opened);
    for (const struct dirent *entry; (entry = readdir(opened)) != NULL;) {
        if (strncmp(entry->d_name, ".snug-", 6) == 0) {
            ck_assert_int_eq(unlinkat(dirfd(opened), entry->d_name, 0), 0);
        }
    }
    closedir(opened);
}

static void remove_directory(void) {
    snug_release(saved);
    remove_temporary_files();
    (void)unlink(file);
    (void)unlink("runs/" SNUG_CHECKPOINT_LOCK_NAME);
    ck_assert_int_eq(rmdir(directory), 0);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(parent), 0);
}

/* Trains a new model; on failure it has no weights, and the checkpoint is what it was. */
static snug_status train_on(const snug_dataset *data, snug_fit_options o) {
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_status status = snug_fit(model, data, &o, NULL);
    if (status != SNUG_OK && status != SNUG_ERROR_DIVERGED) {
        ck_assert_ptr_null(model->parameters);
        ck_assert_ptr_null(model->preprocessing);
    }
    snug_model_free(model);
    return status;
}

static snug_status train(snug_fit_options o) {
    snug_dataset *data = blobs();
    snug_status status = train_on(data, o);
    snug_dataset_free(data);
    return status;
}

static snug_fit_options resumed(void) {
    snug_fit_options o = some_options();
    o.resume = true;
    return o;
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* Expects that a run on the data is refused by what differs, and that it is made with drift. */
static void expect_drift_on(const snug_dataset *data, snug_fit_options o, const char *what) {
    snug_fit_options again = o;
    char wanted[300];
    again.optimizer = snug_adam(0.01);
    snprintf(wanted, sizeof wanted, "%s: cannot be resumed to the same bits: %s", file, what);
    ck_assert_int_eq(train_on(data, o), SNUG_ERROR_ARGUMENT);
    ck_assert_msg(strncmp(snug_error(), wanted, strlen(wanted)) == 0, "got %s", snug_error());
    expect_unchanged();
    again.allow_drift = true;
    ck_assert_msg(train_on(data, again) == SNUG_OK, "%s: %s", what, snug_error());
    restore_checkpoint();
}

static void expect_drift(snug_fit_options o, const char *what) {
    snug_dataset *data = blobs();
    expect_drift_on(data, o, what);
    snug_dataset_free(data);
}

START_TEST(other_options_are_named) {
    snug_fit_options o = resumed();
    o.batch_size = 8;
    expect_drift(o, "train.batch_size is 8 (was 16); ");
    o = resumed();
    o.epochs = 4;
    o.clip_norm = 2;
    expect_drift(o, "train.epochs is 4 (was 3), train.clip_norm is 2 (was 0); ");
    o = resumed();
    o.schedule = snug_schedule_new("cosine");
    snug_fit_options again = o;
    ck_assert_int_eq(train(o), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(snug_error(), "train.schedule is an object (was null)"));
    again.optimizer = snug_adam(0.01);
    again.schedule = snug_schedule_new("cosine");
    again.allow_drift = true;
    ck_assert_int_eq(train(again), SNUG_OK);
}
END_TEST

/* What the weights were at first is but a name to the library. */
START_TEST(another_start_is_named) {
    snug_fit_options o = resumed();
    o.start_from = "b.safetensors";
    expect_drift(o, "train.start_from is \"b.safetensors\" (was not given); ");
}
END_TEST

START_TEST(another_seed_has_other_rows_too) {
    snug_fit_options o = resumed();
    o.seed = 6;
    expect_drift(o, "train.seed is 6 (was 5), ");
}
END_TEST

/* Data that differs from blobs() in the last bit of one number. */
START_TEST(other_data_is_named) {
    float x[BLOB_ROWS * BLOB_COLUMNS];
    int32_t classes[BLOB_ROWS];
    snug_dataset *data = blobs();
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, x + i * BLOB_COLUMNS), SNUG_OK);
        classes[i] = (int32_t)(i % BLOB_CLASSES);
    }
    snug_dataset_free(data);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        x[i * BLOB_COLUMNS] = nextafterf(x[i * BLOB_COLUMNS], 0);
    }
    data = snug_dataset_from_arrays(x, BLOB_ROWS, BLOB_COLUMNS, classes);
    expect_drift_on(data, resumed(),
                    "the columns, classes or scaling are not those of the checkpoint "
                    "(preprocessing), the values of the training data are not those of the "
                    "checkpoint (data.contents), ");
    snug_dataset_free(data);
}
END_TEST

START_TEST(another_cpu_path_is_named) {
    char wanted[100];
    const char *was = snug_cpu_name(snug_cpu_path());
    snug_cpu other = snug_cpu_path() == SNUG_CPU_PORTABLE ? snug_cpu_best() : SNUG_CPU_PORTABLE;
    if (other == snug_cpu_path()) {
        return; /* this CPU has a single one */
    }
    snug_cpu_force(other);
    snprintf(wanted, sizeof wanted, "cpu is \"%s\" (was \"%s\")", snug_cpu_name(other), was);
    expect_drift(resumed(), wanted);
    snug_cpu_force(SNUG_CPU_COUNT);
}
END_TEST

START_TEST(another_model_is_named) {
    snug_dataset *data = blobs();
    for (int drift = 0; drift < 2; drift++) {
        snug_model *model = snug_model_new(BLOB_COLUMNS);
        snug_fit_options o = resumed();
        o.allow_drift = drift > 0;
        snug_model_add(model, snug_dense(9));
        snug_model_add(model, snug_selu());
        snug_model_add(model, snug_dense(BLOB_CLASSES));
        ck_assert_int_ne(snug_fit(model, data, &o, NULL), SNUG_OK);
        expect_location("runs/checkpoint.safetensors: cannot be resumed: tensors.0.weight[1] is 9 "
                        "(was 8), ");
        ck_assert_ptr_null(model->parameters);
        snug_model_free(model);
        expect_unchanged();
    }
    snug_dataset_free(data);
}
END_TEST

START_TEST(another_optimizer_cannot_drift) {
    snug_fit_options o = resumed();
    snug_optimizer_free(o.optimizer);
    o.optimizer = snug_optimizer_new("nadam");
    o.allow_drift = true;
    ck_assert_int_eq(train(o), SNUG_ERROR_ARGUMENT);
    expect_location("runs/checkpoint.safetensors: cannot be resumed: train.optimizer.type is ");
    static const char *const names[] = {"f1"};
    o = resumed();
    o.metrics = names;
    o.metric_count = 1;
    o.allow_drift = true;
    ck_assert_int_eq(train(o), SNUG_ERROR_ARGUMENT);
    expect_location("runs/checkpoint.safetensors: cannot be resumed: train.metrics is ");
    expect_unchanged();
}
END_TEST

START_TEST(a_checkpoint_is_not_replaced_by_a_new_run) {
    ck_assert_int_eq(train(some_options()), SNUG_ERROR_FILE);
    expect_location("runs/checkpoint.safetensors: is there already");
    expect_unchanged();
}
END_TEST

START_TEST(options_of_checkpoints_need_a_directory) {
    snug_fit_options o = resumed();
    o.checkpoint = NULL;
    ck_assert_int_eq(train(o), SNUG_ERROR_ARGUMENT);
    expect_location("checkpoint: needs a directory");
    o = some_options();
    o.checkpoint = "runs/checkpoint.safetensors";
    ck_assert_int_eq(train(o), SNUG_ERROR_FILE);
    expect_location("runs/checkpoint.safetensors");
    o = some_options();
    o.checkpoint = "runs/checkpoint.safetensors/a/b";
    ck_assert_int_eq(train(o), SNUG_ERROR_FILE);
    expect_location("runs/checkpoint.safetensors/a/b: cannot create: Not a directory");
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

START_TEST(a_model_is_no_checkpoint_and_a_checkpoint_is_no_model) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = {.epochs = 1};
    ck_assert_ptr_null(snug_model_load(file));
    expect_location("runs/checkpoint.safetensors: is the checkpoint of a training run");
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
    ck_assert_int_eq(snug_model_save(model, file), SNUG_OK);
    ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
    expect_location("runs/checkpoint.safetensors: is no checkpoint of Snug");
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Writes the checkpoint with its first `from` replaced by `to`, which is as long. */
static void write_edited(const char *from, const char *to) {
    char *bytes = snug_copy_text(saved, saved_size);
    size_t n = strlen(from), at = 0;
    ck_assert_uint_eq(strlen(to), n);
    while (at + n <= saved_size && memcmp(bytes + at, from, n) != 0) {
        at++;
    }
    ck_assert_msg(at + n <= saved_size, "the checkpoint lacks %s", from);
    memcpy(bytes + at, to, n);
    ck_assert_int_eq(snug_file_write(file, bytes, saved_size), SNUG_OK);
    snug_release(bytes);
}

static void refuse_edit(const char *from, const char *to, const char *what) {
    char wanted[200];
    write_edited(from, to);
    ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
    snprintf(wanted, sizeof wanted, "%s: %s", file, what);
    expect_location(wanted);
}

START_TEST(a_checkpoint_of_a_newer_format_is_refused) {
    refuse_edit("\"snug.format\":\"3.", "\"snug.format\":\"4.", "has format 4.");
    refuse_edit("\"checkpoint\"", "\"chequepint\"", "is no checkpoint of Snug");
    refuse_edit("snug.conditions", "snug.condltions", "the metadata has no string");
    refuse_edit("position.epoch\"", "position.epOch\"", "position.epoch: is missing");
    refuse_edit("\"U64\"", "\"I64\"", "position.epoch: dtype: must be ");
    refuse_edit("model.parameters.0", "model.pErameters.0",
                "model.parameters.0.weight: is missing");
}
END_TEST

/* What is left of a file that was cut is called a checkpoint, as it is none of a model. */
START_TEST(a_truncated_checkpoint_is_called_one) {
    static const size_t sizes[] = {0, 7, 8, 100};
    char wanted[200];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ck_assert_int_eq(snug_file_write(file, saved, sizes[i]), SNUG_OK);
        ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
        snprintf(wanted, sizeof wanted, "%s: is no checkpoint, or truncated: it has %zu bytes",
                 file, sizes[i]);
        expect_location(wanted);
    }
}
END_TEST

/* Returns where the data of the saved checkpoint begins. */
static size_t data_start(void) {
    size_t length = 0;
    for (int i = 7; i >= 0; i--) {
        length = length << 8 | (unsigned char)saved[i];
    }
    return 8 + length;
}

/* Sets one of the first numbers: epoch, batches of it, whether it ended ... */
static void set_number(size_t number, uint64_t value) {
    char *bytes = snug_copy_text(saved, saved_size);
    for (size_t i = 0; i < 8; i++) {
        bytes[data_start() + 8 * number + i] = (char)(unsigned char)(value >> (8 * i));
    }
    ck_assert_int_eq(snug_file_write(file, bytes, saved_size), SNUG_OK);
    snug_release(bytes);
}

START_TEST(positions_that_no_run_has_are_refused) {
    static const uint64_t wrong[] = {0, 2, 77, UINT64_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        set_number(0, wrong[i]); /* position.epoch */
        ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
        ck_assert_ptr_nonnull(strstr(snug_error(), "is none of this run"));
    }
    set_number(2, 0); /* position.epoch_ended */
    ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
    set_number(2, 7);
    ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
    expect_location("runs/checkpoint.safetensors: position.epoch_ended: must be 0 or 1");
}
END_TEST

/* Whatever is changed, a run fails with a message or trains. */
START_TEST(damaged_checkpoints_do_no_harm) {
    char *bytes = snug_copy_text(saved, saved_size);
    for (size_t n = 0; n < saved_size; n += n < 200 ? 7 : 97) {
        ck_assert_int_eq(snug_file_write(file, bytes, n), SNUG_OK);
        ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
    }
    for (size_t i = 0; i < saved_size; i += 5) {
        bytes[i] = (char)(bytes[i] ^ (char)(1 << i % 7));
        ck_assert_int_eq(snug_file_write(file, bytes, saved_size), SNUG_OK);
        snug_fit_options o = resumed();
        o.allow_drift = i % 2 == 0;
        if (train(o) != SNUG_OK) {
            ck_assert_uint_gt(strlen(snug_error()), 0);
        }
        bytes[i] = saved[i];
    }
    snug_release(bytes);
}
END_TEST

/* ---- failures -------------------------------------------------------------------------------- */

START_TEST(a_full_disk_ends_training_and_leaves_the_checkpoint) {
    snug_dataset *data = blobs();
    for (int fault = ENOSPC;; fault = EIO) {
        snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
        snug_fit_options o = resumed();
        size_t calls = 0;
        faults_start(SIZE_MAX, FAULT_NONE);
        ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
        calls = faults_stop();
        skip_fsync();
        ck_assert_uint_gt(calls, 10);
        snug_model_free(model);
        for (size_t at = 0; at < calls; at++) {
            restore_checkpoint();
            model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
            o = resumed();
            faults_start(at, fault);
            snug_status status = snug_fit(model, data, &o, NULL);
            faults_stop();
            skip_fsync();
            ck_assert(status == SNUG_OK || status == SNUG_ERROR_FILE);
            ck_assert(status == SNUG_OK || strncmp(snug_error(), "runs", 4) == 0);
            snug_model_free(model);
            ck_assert_msg(train(resumed()) == SNUG_OK, "after call %zu: %s", at, snug_error());
        }
        restore_checkpoint();
        if (fault == EIO) {
            break;
        }
    }
    snug_dataset_free(data);
}
END_TEST

START_TEST(missing_memory_leaves_the_checkpoint) {
    size_t calls = 0;
    for (size_t at = 0; at == 0 || at < calls; at += 3) {
        restore_checkpoint();
        snug_dataset *data = blobs();
        snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
        snug_fit_options o = resumed();
        failing_start(at == 0 ? SIZE_MAX : at);
        snug_status status = snug_fit(model, data, &o, NULL);
        calls = at == 0 ? failing_calls() : calls;
        (void)failing_stop();
        ck_assert(status == SNUG_OK || status == SNUG_ERROR_MEMORY);
        snug_model_free(model);
        snug_dataset_free(data);
        ck_assert_msg(train(resumed()) == SNUG_OK, "after allocation %zu: %s", at, snug_error());
    }
    ck_assert_uint_gt(calls, 100);
}
END_TEST

/* ---- the callback and the log ---------------------------------------------------------------- */

typedef struct watch {
    size_t resumed, epochs, before;
} watch;

static bool count_calls(const snug_progress *at, void *user) {
    watch *w = user;
    if (at->resumed) {
        w->resumed++;
        w->before = snug_history_epoch_count(at->history);
        ck_assert_uint_eq(at->epoch, 1);
        ck_assert(at->epoch_end);
        ck_assert_ptr_null(at->train);
    }
    w->epochs += at->epoch_end && !at->resumed;
    return true;
}

START_TEST(the_callback_learns_of_resuming) {
    watch w = {0};
    snug_fit_options o = resumed();
    o.callback = count_calls;
    o.user = &w;
    ck_assert_int_eq(train(o), SNUG_OK);
    ck_assert_uint_eq(w.resumed, 1);
    ck_assert_uint_eq(w.before, 1);
    ck_assert_uint_eq(w.epochs, EPOCHS - 1);
}
END_TEST

static void keep_message(snug_log_level level, const char *message, void *user) {
    if (level == SNUG_LOG_INFO) {
        snprintf(user, 200, "%s", message);
    }
}

START_TEST(without_a_checkpoint_the_run_starts_from_the_beginning) {
    char message[200] = "";
    watch w = {0};
    snug_fit_options o = resumed();
    o.callback = count_calls;
    o.user = &w;
    (void)unlink(file);
    snug_set_log(keep_message, message);
    ck_assert_int_eq(train(o), SNUG_OK);
    snug_set_log(NULL, NULL);
    ck_assert_str_eq(message, "runs/checkpoint.safetensors: is not there: training starts from the "
                              "beginning");
    ck_assert_uint_eq(w.resumed, 0);
    ck_assert_uint_eq(w.epochs, EPOCHS);
}
END_TEST

static bool start_another(const snug_progress *at, void *user) {
    (void)user;
    if (at->resumed) {
        ck_assert_int_eq(train(resumed()), SNUG_ERROR_FILE);
        ck_assert_ptr_nonnull(strstr(snug_error(), "runs"));
    }
    return true;
}

START_TEST(two_runs_do_not_share_a_checkpoint) {
    snug_fit_options o = resumed();
    o.callback = start_another;
    ck_assert_int_eq(train(o), SNUG_OK);
}
END_TEST

static Suite *refused_suite(void) {
    Suite *suite = suite_create("refused checkpoints");
    TCase *tc = tcase_create("refused");
    tcase_add_checked_fixture(tc, make_directory, remove_directory);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, other_options_are_named);
    tcase_add_test(tc, another_start_is_named);
    tcase_add_test(tc, another_seed_has_other_rows_too);
    tcase_add_test(tc, other_data_is_named);
    tcase_add_test(tc, another_cpu_path_is_named);
    tcase_add_test(tc, another_model_is_named);
    tcase_add_test(tc, another_optimizer_cannot_drift);
    tcase_add_test(tc, a_checkpoint_is_not_replaced_by_a_new_run);
    tcase_add_test(tc, options_of_checkpoints_need_a_directory);
    tcase_add_test(tc, a_model_is_no_checkpoint_and_a_checkpoint_is_no_model);
    tcase_add_test(tc, a_checkpoint_of_a_newer_format_is_refused);
    tcase_add_test(tc, a_truncated_checkpoint_is_called_one);
    tcase_add_test(tc, positions_that_no_run_has_are_refused);
    tcase_add_test(tc, the_callback_learns_of_resuming);
    tcase_add_test(tc, without_a_checkpoint_the_run_starts_from_the_beginning);
    tcase_add_test(tc, two_runs_do_not_share_a_checkpoint);
    suite_add_tcase(suite, tc);
    TCase *many = tcase_create("damage");
    tcase_add_checked_fixture(many, make_directory, remove_directory);
    tcase_set_timeout(many, 200);
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, damaged_checkpoints_do_no_harm);
    tcase_add_test(many, a_full_disk_ends_training_and_leaves_the_checkpoint);
    tcase_add_test(many, missing_memory_leaves_the_checkpoint);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(refused_suite)
