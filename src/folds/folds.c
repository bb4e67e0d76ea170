/* A run over folds, from its options to its model, and its results. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "folds/members.h"
#include "folds/run.h"
#include "folds/shared_calibration.h"
#include "folds/training.h"
#include "model/ensemble.h"
#include "session/threads.h"

snug_status snug_folds_load(const snug_experiment *experiment, snug_dataset **rows,
                            snug_dataset **validation, snug_dataset **test) {
    return snug_experiment_load_whole(experiment, rows, validation, test);
}

/* ---- preparing ------------------------------------------------------------------------------- */

static snug_status check(const snug_experiment *experiment, const snug_dataset *rows,
                         const snug_folds_options *options) {
    if (experiment == NULL) {
        return snug_fail_null("the experiment");
    }
    if (rows == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
    }
    if (options == NULL) {
        return snug_fail_null("the options of the folds");
    }
    if (options->seeds > SNUG_MAX_SEEDS) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "seeds: must be at most %d (got %zu)", SNUG_MAX_SEEDS,
                         options->seeds);
    }
    return snug_threads_check(options->threads);
}

/* Allocates the results; counts that the caller asks for are multiplied with care. */
static snug_status allocate(snug_folds *folds, size_t seeds, size_t outputs) {
    size_t members, cells, numbers;
    if (!snug_multiply(folds->fold_count, seeds, &members) ||
        !snug_multiply(folds->row_count, seeds, &cells) ||
        !snug_multiply(cells, outputs, &numbers)) {
        return snug_fail_memory(SIZE_MAX);
    }
    folds->seed_count = seeds;
    folds->outputs = outputs;
    folds->fold_of = snug_alloc(cells, sizeof *folds->fold_of);
    folds->predictions = snug_alloc(numbers, sizeof *folds->predictions);
    folds->classes = snug_alloc(folds->row_count, sizeof *folds->classes);
    folds->members = snug_alloc(members, sizeof *folds->members);
    bool complete = folds->fold_of != NULL && folds->predictions != NULL &&
                    folds->classes != NULL && folds->members != NULL;
    return complete ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Warns of `rare` classes, of which not every fold has a row; of one of them by its `rows`. */
static snug_status warn_of_rare_class(snug_folds *folds, const snug_dataset *data, size_t k,
                                      size_t rows, size_t rare) {
    const char *column = snug_dataset_target_name(data, 0);
    const char *name = snug_dataset_class_name(data, k);
    column = column != NULL ? column : "";
    name = name != NULL ? name : "";
    const char *in = column[0] != 0 ? " of \"" : "", *end = column[0] != 0 ? "\"" : "";
    return rare == 1
               ? snug_warn(&folds->warnings,
                           "class \"%.60s\"%s%.60s%s has %zu row%s, fewer than the %zu folds: not "
                           "every fold has one",
                           name, in, column, end, rows, rows == 1 ? "" : "s", folds->fold_count)
               : snug_warn(&folds->warnings,
                           "%zu of %zu classes%s%.60s%s have fewer rows than there are folds, %zu, "
                           "the first of them \"%.60s\" with %zu: not every fold has one",
                           rare, snug_dataset_class_count(data), in, column, end, folds->fold_count,
                           name, rows);
}

static snug_status warn_of_rare_classes(snug_folds *folds, const snug_dataset *rows) {
    size_t classes = snug_dataset_class_count(rows), *count = snug_alloc(classes, sizeof *count);
    size_t rare = 0, first = 0;
    snug_status status = count != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; classes > 0 && i < rows->count && count != NULL; i++) {
        count[snug_dataset_class(rows, i)]++;
    }
    for (size_t k = 0; k < classes && status == SNUG_OK; k++) {
        if (count[k] > 0 && count[k] < folds->fold_count && rare++ == 0) {
            first = k;
        }
    }
    if (rare > 0) {
        status = warn_of_rare_class(folds, rows, first, count[first], rare);
    }
    snug_release(count);
    return status;
}

/*
 * Member m, fold m % K of seed m / K, has the experiment's seed + m; the rows are shuffled by the
 * seed of the first member with the same folds.
 */
static snug_status assign(snug_folds *folds, const snug_dataset *rows, uint64_t seed) {
    size_t k = folds->fold_count;
    for (size_t s = 0; s < folds->seed_count; s++) {
        snug_status status =
            snug_folds_assign(rows, k, seed + s * k, folds->fold_of + s * folds->row_count);
        if (status != SNUG_OK) {
            return status;
        }
        for (size_t i = 0; i < k; i++) {
            folds->members[s * k + i] =
                (snug_fold_training){.result = {.fold = i, .seed = s}, .seed = seed + s * k + i};
        }
    }
    return SNUG_OK;
}

/* Makes and locks the directory of checkpoints, if there are any: one lock for all trainings. */
static snug_status lock_directory(snug_folds_run *run) {
    const char *directory = run->options->checkpoint;
    if (directory == NULL) {
        return SNUG_OK;
    }
    snug_status status = snug_checkpoint_make_directory(directory);
    return status == SNUG_OK ? snug_checkpoint_lock_take(&run->directory, directory) : status;
}

/* Logs that a run that is to be resumed starts from the beginning, where it has no checkpoint. */
static snug_status log_start(const snug_folds_run *run) {
    const snug_folds_options *o = run->options;
    size_t count = run->folds->fold_count * run->folds->seed_count;
    if (o->checkpoint == NULL || !o->resume) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < count; i++) {
        char *path = snug_format("%s/member-%zu.safetensors", o->checkpoint, i);
        bool exists = path != NULL && access(path, F_OK) == 0;
        snug_release(path);
        if (exists || path == NULL) {
            return exists ? SNUG_OK : SNUG_ERROR_MEMORY;
        }
    }
    snug_log(SNUG_LOG_INFO, "%s: has no checkpoints: training starts from the beginning",
             o->checkpoint);
    return SNUG_OK;
}

static snug_status prepare(snug_folds_run *run) {
    snug_folds *folds = run->folds;
    const snug_fit_options *fit = &run->experiment->train.fit;
    size_t seeds = run->options->seeds > 0 ? run->options->seeds : 1;
    folds->warnings.strict = fit->strict;
    folds->fold_count = run->options->folds;
    folds->row_count = run->rows->count;
    if (folds->fold_count < 2 || folds->fold_count > folds->row_count) {
        size_t none; /* the error message is that of assigning */
        return snug_folds_assign(run->rows, folds->fold_count, 0, &none);
    }
    run->template = snug_experiment_build_model(run->experiment, run->rows);
    if (run->template == NULL ||
        snug_calibration_check(run->template, &run->calibration) != SNUG_OK) {
        return snug_error_status();
    }
    snug_status status = allocate(folds, seeds, run->template->plan->outputs);
    if (status == SNUG_OK) {
        status = assign(folds, run->rows, fit->seed);
    }
    if (status == SNUG_OK) {
        status = log_start(run);
    }
    return status == SNUG_OK ? warn_of_rare_classes(folds, run->rows) : status;
}

/* ---- the model ------------------------------------------------------------------------------- */

/* Makes one model of those of the trainings that are finished, and takes them over. */
static snug_status take_models(snug_folds *folds, snug_fold_training *trainings, size_t count) {
    size_t finished = 0;
    snug_model **models = snug_alloc(count, sizeof(snug_model *));
    if (models == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (trainings[i].result.finished) {
            models[finished++] = trainings[i].model;
            trainings[i].model = NULL;
        }
    }
    if (finished > 1) {
        folds->model = snug_ensemble_take(models, finished);
        return folds->model != NULL ? SNUG_OK : snug_error_status();
    }
    folds->model = models[0];
    snug_release(models);
    return SNUG_OK;
}

/* Trains on all rows for as many epochs as the members' best ones are on average. */
static snug_status refit(snug_folds_run *run) {
    snug_folds *folds = run->folds;
    size_t count = folds->fold_count * folds->seed_count;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (double)folds->members[i].result.best_epoch;
    }
    double mean = round(sum / (double)count);
    folds->refit_epochs = mean >= 1 ? (size_t)mean : 1;
    folds->refits = snug_alloc(folds->seed_count, sizeof *folds->refits);
    if (folds->refits == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t s = 0; s < folds->seed_count; s++) {
        folds->refits[s] = (snug_fold_training){.result = {.seed = s},
                                                .refit = true,
                                                .epochs = folds->refit_epochs,
                                                .seed = run->experiment->train.fit.seed + s};
    }
    return snug_folds_run_all(run, folds->refits, folds->seed_count);
}

/* Averages what the members of all seeds predict for a row, into the first seed's. */
static void average_predictions(snug_folds *folds) {
    size_t n = folds->row_count * folds->outputs;
    for (size_t i = 0; folds->seed_count > 1 && i < n; i++) {
        double sum = 0;
        for (size_t s = 0; s < folds->seed_count; s++) {
            sum += (double)folds->predictions[s * n + i];
        }
        folds->predictions[i] = (float)(sum / (double)folds->seed_count);
    }
}

/* Decides on the class of each row as the model of the run does, by the threshold that it has. */
static void predict_classes(snug_folds *folds) {
    for (size_t i = 0; i < folds->row_count && snug_model_class_count(folds->model) > 0; i++) {
        const float *prediction = folds->predictions + i * folds->outputs;
        folds->classes[i] = (int32_t)snug_model_predicted_class(folds->model, prediction);
    }
}

static snug_status train(snug_folds_run *run) {
    snug_folds *folds = run->folds;
    size_t count = folds->fold_count * folds->seed_count;
    snug_shared_calibration shared;
    snug_status status = snug_folds_run_all(run, folds->members, count);
    if (status == SNUG_OK || status == SNUG_STOPPED) {
        snug_status calibrated = snug_folds_calibrate(run, &shared);
        status = calibrated != SNUG_OK ? calibrated : status;
    }
    if (status == SNUG_OK) {
        folds->complete = true;
        average_predictions(folds);
    }
    bool refits = status == SNUG_OK && run->options->refit;
    if (refits) {
        status = refit(run);
    }
    for (size_t s = 0; refits && s < folds->seed_count && status == SNUG_OK; s++) {
        status = snug_shared_calibration_apply(&shared, folds->refits[s].model);
    }
    if (status != SNUG_OK && status != SNUG_STOPPED) {
        return status;
    }
    snug_status taken = refits && status == SNUG_OK
                            ? take_models(folds, folds->refits, folds->seed_count)
                            : take_models(folds, folds->members, count);
    if (taken == SNUG_OK && snug_model_is_ensemble(folds->model)) {
        /* The members have the temperature, of which the mean of their probabilities needs none. */
        taken = snug_calibration_set_threshold(folds->model, shared.threshold);
    }
    if (taken == SNUG_OK && folds->complete) {
        predict_classes(folds);
    }
    return taken == SNUG_OK ? status : taken;
}

snug_status snug_folds_train(const snug_experiment *experiment, const snug_dataset *rows,
                             const snug_folds_options *options, snug_folds **folds) {
    if (folds == NULL) {
        return snug_fail_null("the folds");
    }
    *folds = NULL;
    snug_status status = check(experiment, rows, options);
    if (status != SNUG_OK) {
        return status;
    }
    snug_folds_run run = {.experiment = experiment, .rows = rows, .options = options};
    const snug_fit_options *fit = &experiment->train.fit;
    run.calibration = (snug_calibration_options){fit->calibration, fit->threshold_metric};
    run.folds = snug_alloc(1, sizeof *run.folds);
    if (run.folds == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    pthread_mutex_init(&run.lock, NULL);
    status = lock_directory(&run);
    if (status == SNUG_OK) {
        status = prepare(&run);
    }
    if (status == SNUG_OK) {
        status = train(&run);
    }
    pthread_mutex_destroy(&run.lock);
    snug_checkpoint_lock_release(&run.directory);
    snug_model_free(run.template);
    if (status == SNUG_OK || status == SNUG_STOPPED) {
        *folds = run.folds;
    } else {
        snug_folds_free(run.folds);
    }
    return status;
}

void snug_folds_free(snug_folds *folds) {
    if (folds == NULL) {
        return;
    }
    for (size_t i = 0; folds->members != NULL && i < folds->fold_count * folds->seed_count; i++) {
        snug_fold_training_clear(&folds->members[i]);
    }
    for (size_t i = 0; folds->refits != NULL && i < folds->seed_count; i++) {
        snug_fold_training_clear(&folds->refits[i]);
    }
    snug_release(folds->members);
    snug_release(folds->refits);
    snug_release(folds->fold_of);
    snug_release(folds->predictions);
    snug_release(folds->classes);
    snug_model_free(folds->model);
    snug_warnings_clear(&folds->warnings);
    snug_release(folds);
}
