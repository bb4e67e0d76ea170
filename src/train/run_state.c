#include <sys/stat.h>

#include "checkpoint/checkpoint_file.h"
#include "checkpoint/conditions.h"
#include "checkpoint/data_conditions.h"
#include "checkpoint/parts.h"
#include "core/memory.h"
#include "core/status.h"
#include "files/file_write.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "kinds/fields.h"
#include "train/batch.h"
#include "train/ema.h"
#include "train/fit_options.h"
#include "train/history.h"
#include "train/run_state.h"

/* ---- what a checkpoint has ------------------------------------------------------------------- */

/* Returns whether the run is inside an epoch: between its first batch and its evaluation. */
static bool is_within_epoch(const snug_trainer *t) {
    return t->progress.epoch_batches > 0 && !t->progress.epoch_ended;
}

/* Adds the single numbers of the run. The lengths of its vectors follow from them. */
static void add_numbers(snug_trainer *t, snug_saved_values *to) {
    snug_training_progress *p = &t->progress;
    snug_accumulation *a = &t->session->accumulation;
    snug_saved_add_one(to, SNUG_SAVED_SIZE, &p->epoch, "position.epoch");
    snug_saved_add_one(to, SNUG_SAVED_SIZE, &p->epoch_batches, "position.epoch_batches");
    snug_saved_add_one(to, SNUG_SAVED_BOOL, &p->epoch_ended, "position.epoch_ended");
    snug_saved_add_one(to, SNUG_SAVED_UINT64, &p->batch, "position.batches");
    snug_saved_add_one(to, SNUG_SAVED_BOOL, &p->done, "position.done");
    snug_saved_add_one(to, SNUG_SAVED_UINT64, &t->schedules.time.step, "position.step");
    snug_saved_add(to, SNUG_SAVED_DOUBLE, t->schedules.rate.state, SNUG_SCHEDULE_STATE,
                   sizeof(double), "schedules.rate");
    snug_saved_add(to, SNUG_SAVED_DOUBLE, t->schedules.decay.state, SNUG_SCHEDULE_STATE,
                   sizeof(double), "schedules.weight_decay");
    snug_saved_add_optimizer(to, t->optimizer);
    snug_saved_add_one(to, SNUG_SAVED_SIZE, &a->float_batches, "accumulation.float_batches");
    snug_saved_add_one(to, SNUG_SAVED_DOUBLE, &a->weight, "accumulation.weight");
    snug_saved_add_one(to, SNUG_SAVED_BOOL, &a->has_totals, "accumulation.has_totals");
    snug_saved_add_accumulator(to, &t->metrics.accumulator);
}

static void add_early_stopping(snug_trainer *t, snug_saved_values *to) {
    const snug_plan *plan = t->model->plan;
    snug_early_stopping_state *s = &t->metrics.early_stopping;
    if (s->options == NULL) {
        return;
    }
    snug_saved_add_one(to, SNUG_SAVED_DOUBLE, &s->best, "early_stopping.best");
    snug_saved_add_one(to, SNUG_SAVED_SIZE, &s->best_epoch, "early_stopping.best_epoch");
    snug_saved_add_one(to, SNUG_SAVED_SIZE, &s->kept_epoch, "early_stopping.kept_epoch");
    snug_saved_add_one(to, SNUG_SAVED_SIZE, &s->waited, "early_stopping.waited");
    if (s->parameters != NULL) {
        snug_saved_add_flat(to, SNUG_SAVED_FLOAT, s->parameters, plan, false,
                            "early_stopping.parameters");
        snug_saved_add_flat(to, SNUG_SAVED_FLOAT, s->state, plan, true, "early_stopping.state");
    }
}

/* Adds the gradients that wait for their step. */
static void add_gradients(snug_trainer *t, snug_saved_values *to) {
    snug_accumulation *a = &t->session->accumulation;
    const snug_plan *plan = t->model->plan;
    if (a->float_batches > 0) {
        snug_saved_add_flat(to, SNUG_SAVED_FLOAT, t->session->arena.gradients, plan, false,
                            "accumulation.gradients");
    }
    if (a->has_totals) {
        snug_saved_add_flat(to, SNUG_SAVED_DOUBLE, a->totals, plan, false, "accumulation.totals");
    }
}

/*
 * Returns whether the sums of the metrics are needed again: within an epoch, and for an optimizer
 * of full batches, which may end at the parameters that it evaluated in the epoch before.
 */
static bool keeps_sums(const snug_trainer *t) {
    return is_within_epoch(t) || (snug_optimizer_iterates(t->optimizer) && t->progress.epoch > 0);
}

/* Adds all but the single numbers. The model comes last, so that a failure leaves it as it was. */
static void add_vectors(snug_trainer *t, snug_saved_values *to) {
    const snug_plan *plan = t->model->plan;
    snug_saved_add_moments(to, t->optimizer, plan);
    snug_ema_add_to(t->step.ema, t->model, to);
    add_early_stopping(t, to);
    snug_history_add_to(t->metrics.history, to);
    if (keeps_sums(t)) {
        snug_saved_add_sums(to, &t->metrics.accumulator);
    }
    if (is_within_epoch(t)) {
        add_gradients(t, to);
    }
    snug_saved_add_flat(to, SNUG_SAVED_FLOAT, t->model->parameters, plan, false,
                        "model.parameters");
    snug_saved_add_flat(to, SNUG_SAVED_FLOAT, t->model->state, plan, true, "model.state");
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* Adds the options of training but those that change no bit of the result. */
static snug_status write_options(cJSON *to, const snug_trainer *t, const char *const *metrics) {
    snug_train_settings settings = {.fit = *t->options,
                                    .loss = t->model->loss,
                                    .optimizer = t->optimizer->handle.object,
                                    .schedule = t->schedules.rate.schedule,
                                    .weight_decay_schedule = t->schedules.decay.schedule};
    settings.fit.metrics = metrics;
    snug_status status = snug_fields_write(snug_train_fields, &settings, to);
    cJSON_DeleteItemFromObjectCaseSensitive(to, "start_from"); /* which belongs to experiments */
    cJSON_DeleteItemFromObjectCaseSensitive(to, "strict");
    cJSON_DeleteItemFromObjectCaseSensitive(to, "inspect");
    return status;
}

/* Adds the options of training. Fields end a list of names with NULL, which a caller need not. */
static snug_status add_options(cJSON *conditions, const snug_trainer *t, bool *failed) {
    size_t count = t->options->metric_count;
    const char **metrics = snug_alloc(count + 1, sizeof *metrics);
    cJSON *to = metrics != NULL ? snug_json_object(conditions, "train", failed) : NULL;
    for (size_t i = 0; metrics != NULL && i < count; i++) {
        metrics[i] = t->options->metrics[i];
    }
    snug_status status =
        to != NULL && !*failed ? write_options(to, t, metrics) : snug_error_status();
    if (status == SNUG_OK && t->options->start_from != NULL) {
        snug_json_string(to, "start_from", t->options->start_from, failed);
    }
    snug_release(metrics);
    return status;
}

/* Makes the conditions of the run, to be freed with cJSON_Delete(); NULL on failure. */
static cJSON *make_conditions(const snug_trainer *t) {
    bool failed = false;
    cJSON *conditions = snug_json_object(NULL, NULL, &failed);
    snug_conditions_add_machine(conditions, t->model, snug_thread_pool_threads(t->session->pool),
                                &failed);
    snug_status status = failed ? SNUG_ERROR_MEMORY : add_options(conditions, t, &failed);
    if (status == SNUG_OK) {
        snug_conditions_add_model(conditions, t->model, &failed);
        status = failed ? snug_error_status()
                        : snug_conditions_add_preprocessing(conditions, t->model, &failed);
    }
    if (status == SNUG_OK) {
        status = snug_conditions_add_data(conditions, "data", t->data.train, &failed);
    }
    if (status == SNUG_OK && t->data.validation != NULL) {
        status = snug_conditions_add_data(conditions, "validation", t->data.validation, &failed);
    }
    if (status == SNUG_OK && !failed) {
        return conditions;
    }
    cJSON_Delete(conditions);
    return NULL;
}

/* Fails where the conditions of the checkpoint are others, unless these may drift. */
static snug_status check_conditions(const snug_trainer *t, const cJSON *then, const cJSON *now) {
    snug_differences differences;
    snug_conditions_compare_kinds(then, now, &differences);
    if (differences.count > 0) { /* first: no option helps */
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: cannot be resumed: %s", t->checkpoints.path,
                         differences.list);
    }
    snug_conditions_compare(then, now, &differences);
    if (differences.count > 0 && !t->options->allow_drift) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: cannot be resumed to the same bits: %s; .allow_drift (--allow-drift) "
                         "resumes all the same",
                         t->checkpoints.path, differences.list);
    }
    return SNUG_OK;
}

/* ---- resuming -------------------------------------------------------------------------------- */

/*
 * Fails where numbers of a file cannot be those of a position in this run; drops those that no
 * vectors follow.
 */
static snug_status check_position(snug_trainer *t, size_t epochs) {
    const snug_training_progress *p = &t->progress;
    bool inside = is_within_epoch(t);
    if ((inside && p->epoch_batches > p->batches_per_epoch) ||
        epochs != p->epoch - (p->epoch > 0 && !p->epoch_ended) ||
        (p->epoch == 0 && (p->epoch_batches > 0 || p->epoch_ended))) {
        return snug_fail(SNUG_ERROR_FILE,
                         "position: epoch %zu, batch %zu, with %zu epochs in the history, is none "
                         "of this run",
                         p->epoch, p->epoch_batches, epochs);
    }
    if (!keeps_sums(t)) {
        snug_metric_accumulator_reset(&t->metrics.accumulator);
    }
    return snug_saved_check_accumulator(&t->metrics.accumulator,
                                        inside ? p->epoch_batches * t->data.batches.size
                                               : snug_dataset_row_count(t->data.train));
}

/*
 * Gives the history as many epochs as the checkpoint has, whose metrics are then read. The file is
 * to hold their numbers, so that it makes no more memory be allocated than it has.
 */
static snug_status make_history(snug_trainer *t, size_t epochs, size_t file_size) {
    snug_training_metrics *m = &t->metrics;
    snug_metrics train, validation;
    bool validates = t->data.validation != NULL;
    snug_metric_accumulator_read(&m->accumulator, 0, &train);
    if (validates) {
        snug_metric_accumulator_read(&m->evaluator.accumulator, 0, &validation);
    }
    size_t least = (train.count + train.classes * train.classes) * sizeof(double);
    if (epochs > file_size / least) {
        return snug_fail(SNUG_ERROR_FILE, "%s: history: lacks metrics of its %zu epochs",
                         t->checkpoints.path, epochs);
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < epochs && status == SNUG_OK; i++) {
        status = snug_history_add(m->history, &train, validates ? &validation : NULL);
    }
    return status;
}

/* Reads the numbers, and then the vectors, whose lengths they decide. */
static snug_status read_values(snug_trainer *t, const snug_checkpoint_file *file) {
    snug_saved_values values = {0};
    size_t epochs = snug_checkpoint_count(file, "history.train.loss");
    add_numbers(t, &values);
    snug_status status = snug_checkpoint_read(file, &values);
    snug_saved_clear(&values);
    if (!t->session->accumulation.on) { /* there was, or the file claims so, without totals here */
        snug_accumulation_restart(&t->session->accumulation);
    }
    if (status == SNUG_OK) {
        status = check_position(t, epochs);
        status = status == SNUG_OK ? status : snug_fail_in("%s", t->checkpoints.path);
    }
    if (status == SNUG_OK) {
        status = make_history(t, epochs, file->tensors.size);
    }
    if (status == SNUG_OK) {
        const snug_parameter_ranges ranges = snug_plan_ranges(t->model->plan);
        status = snug_optimizer_resume(t->optimizer, &ranges, t->optimizer->t);
    }
    if (status == SNUG_OK) {
        add_vectors(t, &values);
        status = snug_checkpoint_read(file, &values);
    }
    snug_saved_clear(&values);
    return status;
}

/*
 * Shuffles the order of the rows as the epochs so far did: each shuffles that of the one before. An
 * optimizer of full batches takes the rows in their own order.
 */
static void replay_shuffles(snug_trainer *t) {
    const snug_training_progress *p = &t->progress;
    if (snug_optimizer_iterates(t->optimizer)) {
        return;
    }
    size_t shuffled = p->epoch_ended || p->epoch_batches > 0 ? p->epoch : p->epoch - (p->epoch > 0);
    for (size_t epoch = 1; epoch <= shuffled; epoch++) {
        snug_train_shuffle(t, epoch);
    }
}

static snug_status resume(snug_trainer *t, const cJSON *now) {
    snug_checkpoint_file file;
    snug_status status = snug_checkpoint_open(&file, t->checkpoints.path);
    if (status == SNUG_OK) {
        status = check_conditions(t, file.conditions, now);
    }
    if (status == SNUG_OK) {
        status = read_values(t, &file);
    }
    snug_checkpoint_close(&file);
    if (status == SNUG_OK) {
        replay_shuffles(t);
        t->model->fresh = t->model->fresh && t->schedules.time.step == 0;
        t->model->untrained = t->model->untrained && t->schedules.time.step == 0;
        t->checkpoints.resumed = true;
        t->checkpoints.saved_step = t->schedules.time.step;
    }
    return status;
}

/* ---- start and end --------------------------------------------------------------------------- */

/* Makes the directory, where it is missing, and locks it; sets the path of the checkpoint. */
static snug_status open_directory(snug_trainer *t) {
    const snug_fit_options *o = t->options;
    const char *name = o->checkpoint_name;
    t->checkpoints.path =
        snug_format("%s/%s.safetensors", o->checkpoint, name != NULL ? name : "checkpoint");
    if (t->checkpoints.path == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_checkpoint_make_directory(o->checkpoint);
    if (status == SNUG_OK && name == NULL) {
        status = snug_checkpoint_lock_take(&t->checkpoints.lock, o->checkpoint);
    }
    return status == SNUG_OK ? snug_file_check(t->checkpoints.path) : status;
}

/* Resumes from the checkpoint, or starts from the beginning where there is none. */
static snug_status resume_or_start(snug_trainer *t, const cJSON *conditions) {
    const char *path = t->checkpoints.path;
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (exists && !t->options->resume) {
        return snug_fail(
            SNUG_ERROR_FILE,
            "%s: is there already: .resume (--resume) goes on from it; remove it to start "
            "anew",
            path);
    }
    if (exists) {
        return resume(t, conditions);
    }
    if (t->options->resume) {
        snug_log(SNUG_LOG_INFO, "%s: is not there: training starts from the beginning", path);
    }
    return SNUG_OK;
}

snug_status snug_run_start_checkpoints(snug_trainer *t) {
    const snug_fit_options *o = t->options;
    if (o->checkpoint == NULL) {
        bool wanted = o->resume || o->checkpoint_every > 0 || o->checkpoint_every_steps > 0 ||
                      o->checkpoint_name != NULL || o->allow_drift;
        return !wanted ? SNUG_OK
                       : snug_fail(SNUG_ERROR_ARGUMENT,
                                   "checkpoint: needs a directory, where there are options of "
                                   "checkpoints or of resuming");
    }
    snug_status status = open_directory(t);
    cJSON *conditions = status == SNUG_OK ? make_conditions(t) : NULL;
    if (conditions == NULL) {
        return status == SNUG_OK ? snug_error_status() : status;
    }
    t->checkpoints.conditions = snug_json_print(conditions, false);
    status =
        t->checkpoints.conditions != NULL ? resume_or_start(t, conditions) : snug_error_status();
    cJSON_Delete(conditions);
    return status;
}

void snug_run_clear_checkpoints(snug_trainer *t) {
    snug_release(t->checkpoints.path);
    snug_release(t->checkpoints.conditions);
    snug_checkpoint_lock_release(&t->checkpoints.lock);
    t->checkpoints = (snug_training_checkpoints){0};
}

/* ---- saving ---------------------------------------------------------------------------------- */

snug_status snug_run_save(snug_trainer *t) {
    snug_saved_values values = {0};
    if (t->checkpoints.path == NULL) {
        return SNUG_OK;
    }
    add_numbers(t, &values);
    add_vectors(t, &values);
    snug_status status =
        snug_checkpoint_write(t->checkpoints.path, t->checkpoints.conditions, &values);
    snug_saved_clear(&values);
    t->checkpoints.saved_step = t->schedules.time.step;
    return status;
}

/* Returns whether a checkpoint is due after an epoch: the last one, or every so many. */
static bool is_due_after_epoch(const snug_trainer *t) {
    const snug_training_progress *p = &t->progress;
    size_t every = t->options->checkpoint_every;
    every = every == 0 && t->options->checkpoint_every_steps == 0 ? 1 : every;
    return p->done || p->epoch == p->epochs || (every > 0 && p->epoch % every == 0);
}

snug_status snug_run_save_if_due(snug_trainer *t) {
    uint64_t step = t->schedules.time.step;
    size_t every = t->options->checkpoint_every_steps;
    if (t->checkpoints.path == NULL) {
        return SNUG_OK;
    }
    bool due = t->progress.epoch_ended && is_due_after_epoch(t);
    due = due || (every > 0 && step != t->checkpoints.saved_step && step % every == 0);
    return due ? snug_run_save(t) : SNUG_OK;
}
