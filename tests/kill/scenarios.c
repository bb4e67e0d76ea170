#include <string.h>

#include "scenarios.h"
#include "support/faults.h"
#include "support/problems.h"

static const char directory[] = "runs", model_path[] = "model";

static bool count_step(const snug_progress *progress, void *user) {
    (void)progress;
    (void)user;
    faults_step();
    return true;
}

static bool count_step_of_member(const snug_folds_progress *progress, void *user) {
    (void)progress;
    (void)user;
    faults_step();
    return true;
}

/* ---- one training ---------------------------------------------------------------------------- */

static snug_status fit_and_save(snug_model *model, snug_fit_options options) {
    snug_dataset *data = blobs();
    options.validation = 0.25;
    options.batch_size = 8;
    options.seed = 5;
    options.checkpoint = directory;
    options.resume = true;
    options.callback = count_step;
    snug_status status = snug_fit(model, data, &options, NULL);
    if (status == SNUG_OK) {
        status = snug_model_save(model, model_path);
    }
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

/* With everything that has a state of its own, and a checkpoint after every step. */
static snug_status run_training(const scenario *s) {
    snug_model *model = snug_model_new(BLOB_COLUMNS);
    snug_model_add(model, snug_dense(6));
    snug_model_add(model, snug_layer_new("batch_norm"));
    snug_model_add(model, snug_layer_new("selu"));
    snug_model_add(model, snug_layer_new("{\"type\": \"alpha_dropout\", \"rate\": 0.1}"));
    snug_model_add(model, snug_dense(BLOB_CLASSES));
    return fit_and_save(model, (snug_fit_options){.epochs = 5,
                                                  .optimizer = snug_adam(0.02),
                                                  .schedule = snug_schedule_new("cosine"),
                                                  .accumulate = 2,
                                                  .ema = 0.9,
                                                  .clip_norm = 1,
                                                  .early_stopping = {.patience = 4},
                                                  .calibration = "temperature",
                                                  .checkpoint_every_steps = 1,
                                                  .threads = s->threads});
}

/* By an optimizer that keeps earlier gradients, with a checkpoint after every second epoch. */
static snug_status run_full_batches(const scenario *s) {
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    return fit_and_save(model, (snug_fit_options){.epochs = 6,
                                                  .optimizer = snug_optimizer_new("lbfgs"),
                                                  .checkpoint_every = 2,
                                                  .threads = s->threads});
}

/* ---- folds ----------------------------------------------------------------------------------- */

static snug_status run_folds(const scenario *s) {
    static const char text[] =
        "{\"data\": {\"train\": \"none.csv\"}, \"model\": {\"layers\": [{\"type\": \"dense\", "
        "\"units\": 6}, \"selu\", {\"type\": \"dense\", \"units\": \"classes\"}]}, \"train\": "
        "{\"batch_size\": 8, \"seed\": 3, \"epochs\": 4, \"early_stopping\": {\"patience\": 2}, "
        "\"calibration\": \"temperature\"}}";
    const snug_folds_options options = {.folds = 3,
                                        .seeds = 2,
                                        .refit = s->refit,
                                        .threads = s->threads,
                                        .checkpoint = directory,
                                        .checkpoint_every_steps = 3,
                                        .resume = true,
                                        .callback = count_step_of_member};
    snug_experiment *e = snug_experiment_parse(text, strlen(text), NULL);
    snug_dataset *data = blobs();
    snug_folds *folds = NULL;
    snug_status status =
        e != NULL ? snug_folds_train(e, data, &options, &folds) : snug_error_status();
    if (status == SNUG_OK) {
        status = snug_model_save(snug_folds_model(folds), model_path);
    }
    snug_folds_free(folds);
    snug_dataset_free(data);
    snug_experiment_free(e);
    return status;
}

const scenario *scenario_at(size_t index) {
    static const scenario all[] = {{"one training", run_training, 300, 1, false},
                                   {"full batches", run_full_batches, 100, 2, false},
                                   {"an ensemble of folds", run_folds, 150, 2, false},
                                   {"folds with a refit", run_folds, 150, 3, true}};
    return index < sizeof all / sizeof *all ? &all[index] : NULL;
}
