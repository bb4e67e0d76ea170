#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "data/dataset.h"
#include "experiment/start.h"
#include "folds/training.h"
#include "model/copy.h"
#include "session/session.h"

/* ---- rows ------------------------------------------------------------------------------------ */

static bool is_in_fold(const snug_folds_run *run, const snug_fold_training *training, size_t row) {
    const snug_folds *folds = run->folds;
    return folds->fold_of[training->result.seed * folds->row_count + row] == training->result.fold;
}

/* Returns a view of the rows of the training's fold, or of all others; NULL on failure. */
static snug_dataset *select_rows(const snug_folds_run *run, const snug_fold_training *training,
                                 bool inside) {
    size_t *rows = snug_alloc(run->rows->count, sizeof *rows), count = 0;
    if (rows == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < run->rows->count; i++) {
        if (is_in_fold(run, training, i) == inside) {
            rows[count++] = i;
        }
    }
    snug_dataset *selected = snug_dataset_select(run->rows, rows, count);
    snug_release(rows);
    return selected;
}

snug_dataset *snug_fold_rows(const snug_folds_run *run, const snug_fold_training *training) {
    return select_rows(run, training, true);
}

/* ---- warnings and errors --------------------------------------------------------------------- */

/* A snug_log_fn, which keeps each warning of a training once; without memory it is lost. */
static void keep_warning(snug_log_level level, const char *message, void *user) {
    snug_fold_training *training = user;
    const snug_strings *known = &training->warnings;
    if (level != SNUG_LOG_WARNING) {
        return;
    }
    for (size_t i = 0; i < known->count; i++) {
        if (strcmp(known->items[i], message) == 0) {
            return;
        }
    }
    char **items = snug_resize(training->warnings.items, known->count + 1, sizeof *items);
    if (items != NULL) {
        training->warnings.items = items;
        (void)snug_strings_append(&training->warnings, message);
    }
}

/* ---- training -------------------------------------------------------------------------------- */

typedef struct course {
    snug_folds_run *run;
    const snug_fold_training *training;
    snug_training_callback_fn *callback;
} course;

/* A snug_callback_fn. */
static bool watch(const snug_progress *progress, void *user) {
    const course *c = user;
    return c->callback(c->run, c->training, progress);
}

/*
 * Sets where the training saves its checkpoints. Returns the name of its file, to be released after
 * it; NULL where it saves none or without memory.
 */
static char *set_checkpoints(snug_fit_options *fit, const snug_folds_run *run,
                             const snug_fold_training *training) {
    const snug_folds_options *o = run->options;
    size_t seed = training->result.seed;
    fit->checkpoint = o->checkpoint;
    fit->checkpoint_every = o->checkpoint_every;
    fit->checkpoint_every_steps = o->checkpoint_every_steps;
    fit->resume = o->resume;
    fit->allow_drift = o->allow_drift;
    if (o->checkpoint != NULL) {
        char *name =
            training->refit
                ? snug_format("refit-%zu", seed)
                : snug_format("member-%zu", seed * run->folds->fold_count + training->result.fold);
        fit->checkpoint_name = name;
        return name;
    }
    return NULL;
}

/* Frees the handles of options that no training has taken over. */
static void free_handles(snug_fit_options *options) {
    snug_loss_free(options->loss);
    snug_optimizer_free(options->optimizer);
    snug_schedule_free(options->schedule);
    snug_schedule_free(options->weight_decay_schedule);
}

/* Trains on `rows`, with `fold` as validation rows; NULL: a refit, without any. */
static snug_status fit(course *c, snug_fold_training *training, const snug_dataset *rows,
                       const snug_dataset *fold) {
    snug_fit_options options;
    snug_history *history = NULL;
    snug_status status = snug_experiment_options(c->run->experiment, &options);
    if (status != SNUG_OK) {
        return status;
    }
    options.validation = 0;
    options.validation_data = fold;
    options.seed = training->seed;
    options.threads = training->threads;
    options.callback = watch;
    options.user = c;
    options.inspect = (snug_inspect_steps){0}; /* it is for the history of one training */
    options.calibration = options.threshold_metric = NULL; /* fitted on all folds together */
    if (training->refit) {
        options.epochs = training->epochs;
        options.early_stopping = (snug_early_stopping){0};
    }
    char *name = set_checkpoints(&options, c->run, training);
    if (name == NULL && options.checkpoint != NULL) {
        free_handles(&options);
        return SNUG_ERROR_MEMORY;
    }
    status = snug_fit(training->model, rows, &options, &history);
    snug_release(name);
    training->result.epochs = snug_history_epoch_count(history);
    training->result.best_epoch = snug_history_best(history);
    snug_history_free(history);
    return status;
}

enum { BLOCK = 256 };

/* Predicts a block of the fold's rows, and stores it where the data has these rows. */
static snug_status predict_block(const snug_folds_run *run, const snug_fold_training *training,
                                 snug_session *session, const snug_dataset *fold, size_t *row,
                                 size_t first, double *x, float *y) {
    snug_folds *folds = run->folds;
    size_t inputs = snug_dataset_column_count(fold), left = fold->count - first;
    size_t count = left < BLOCK ? left : BLOCK;
    float *to = folds->predictions + training->result.seed * folds->row_count * folds->outputs;
    for (size_t i = 0; i < count; i++) {
        if (snug_dataset_row_f64(fold, first + i, x + i * inputs) != SNUG_OK) {
            return snug_error_status();
        }
    }
    if (snug_predict_f64(session, x, BLOCK, y) != SNUG_OK) {
        return snug_error_status();
    }
    for (size_t i = 0; i < count; i++, ++*row) {
        while (!is_in_fold(run, training, *row)) {
            ++*row;
        }
        memcpy(to + *row * folds->outputs, y + i * folds->outputs, folds->outputs * sizeof *to);
    }
    return SNUG_OK;
}

/* Stores what the member predicts for its fold, in blocks of one size as in `snug predict`. */
static snug_status predict(const snug_folds_run *run, const snug_fold_training *training,
                           const snug_dataset *fold) {
    size_t inputs = snug_dataset_column_count(fold), row = 0;
    double *x = snug_alloc(inputs, BLOCK * sizeof *x);
    float *y = snug_alloc(run->folds->outputs, BLOCK * sizeof *y);
    snug_session *session =
        x != NULL && y != NULL ? snug_session_new(training->model, BLOCK) : NULL;
    snug_status status = session != NULL ? SNUG_OK : snug_error_status();
    for (size_t i = 0; i < fold->count && status == SNUG_OK; i += BLOCK) {
        status = predict_block(run, training, session, fold, &row, i, x, y);
    }
    snug_session_free(session);
    snug_release(x);
    snug_release(y);
    return status;
}

/* Evaluates a member on its fold, and stores what it predicts for it. */
static snug_status evaluate(const snug_folds_run *run, snug_fold_training *training,
                            const snug_dataset *fold) {
    const snug_fit_options *fit = &run->experiment->train.fit;
    snug_status status =
        snug_evaluate_parallel(training->model, fold, fit->metrics, fit->metric_count,
                               training->threads, &training->result.metrics);
    return status == SNUG_OK ? predict(run, training, fold) : status;
}

snug_status snug_fold_evaluate(const snug_folds_run *run, snug_fold_training *training) {
    snug_dataset *fold = snug_fold_rows(run, training);
    snug_status status = fold != NULL ? evaluate(run, training, fold) : snug_error_status();
    snug_dataset_free(fold);
    return status;
}

static snug_status train_member(course *c, snug_fold_training *training) {
    snug_dataset *rows = select_rows(c->run, training, false);
    snug_dataset *fold = rows != NULL ? snug_fold_rows(c->run, training) : NULL;
    if (fold == NULL) {
        snug_dataset_free(rows);
        return snug_error_status();
    }
    snug_status status = fit(c, training, rows, fold);
    if (status == SNUG_OK && !snug_calibrates(&c->run->calibration)) {
        status = evaluate(c->run, training, fold);
    }
    snug_dataset_free(rows);
    snug_dataset_free(fold);
    return status;
}

void snug_fold_train(snug_folds_run *run, snug_fold_training *training,
                     snug_training_callback_fn *callback) {
    course c = {run, training, callback};
    snug_log_divert(keep_warning, training);
    training->model = snug_model_copy(run->template);
    training->status =
        training->model != NULL
            ? snug_experiment_start_model(run->experiment, training->model, training->seed)
            : snug_error_status();
    if (training->status == SNUG_OK) {
        training->status =
            training->refit ? fit(&c, training, run->rows, NULL) : train_member(&c, training);
    }
    snug_log_divert(NULL, NULL);
    if (training->status == SNUG_OK) {
        training->result.finished = true;
        return;
    }
    training->error = snug_copy_string(snug_error());
    snug_model_free(training->model);
    training->model = NULL;
}

void snug_fold_training_clear(snug_fold_training *training) {
    snug_model_free(training->model);
    snug_metrics_clear(&training->result.metrics);
    snug_strings_clear(&training->warnings);
    snug_release(training->error);
    *training = (snug_fold_training){0};
}
