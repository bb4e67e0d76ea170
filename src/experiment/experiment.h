/* An experiment as its file has it, before data is read and the model is built. */
#ifndef SNUG_EXPERIMENT_EXPERIMENT_H
#define SNUG_EXPERIMENT_EXPERIMENT_H

#include <snug/experiment.h> /* IWYU pragma: export */

#include "experiment/data_options.h"
#include "model/config.h"
#include "train/fit_options.h"

struct snug_experiment {
    char *name;   /* of the file, for error messages */
    char *path;   /* of the file, to which paths in it are relative, or NULL */
    char *schema; /* the value of "$schema", for editors, or NULL */
    char *recipe; /* the value of "recipe", such as "tabular-1": what it was made by; or NULL */
    snug_data_settings data;
    snug_model_settings model; /* built once the data is known */
    snug_train_settings train;
};

/*
 * Returns whether the targets are classes or values. Where the loss takes both they are classes,
 * unless there are several: these are values.
 */
snug_target snug_experiment_target(const snug_experiment *experiment);

/* Returns the targets of the experiment, of its metrics: bits of snug_metric_kind.targets. */
unsigned snug_experiment_metric_targets(const snug_experiment *experiment);

/*
 * Returns a copy, which the caller owns, of an experiment with `count` overrides PATH=VALUE, as
 * snug_experiment_read() takes them; paths and names of kinds are checked as in a file. NULL on
 * failure.
 */
snug_experiment *snug_experiment_override(const snug_experiment *experiment,
                                          const char *const *overrides, size_t count);

/*
 * Gives the caller new datasets, all to be freed, as snug_experiment_load() does, without building
 * a model.
 */
snug_status snug_experiment_load_data(const snug_experiment *experiment, snug_dataset **train,
                                      snug_dataset **validation, snug_dataset **test);

/*
 * Gives the caller new datasets as snug_experiment_load_data() does, but leaves a validation share
 * with the training rows: for folds, which are validation rows in turn.
 */
snug_status snug_experiment_load_whole(const snug_experiment *experiment, snug_dataset **train,
                                       snug_dataset **validation, snug_dataset **test);

/*
 * Returns a new model of the experiment, with its loss, for such training rows; NULL on failure. It
 * has no weights: see experiment/start.h for one that starts from another.
 */
snug_model *snug_experiment_build_model(const snug_experiment *experiment,
                                        const snug_dataset *train);

#endif
