/* An experiment: what its file says, before anything that it names is opened. */
#ifndef SNUG_EXPERIMENT_EXPERIMENT_H
#define SNUG_EXPERIMENT_EXPERIMENT_H

#include <snug/experiment.h>

#include "experiment/data_options.h"
#include "model/config.h"
#include "train/fit_options.h"

struct snug_experiment {
    char *name;   /* for sentences */
    char *path;   /* what paths in it are relative to, or NULL */
    char *schema; /* what "$schema" names, for editors, or NULL */
    snug_data_settings data;
    snug_model_settings model; /* built once the data is known */
    snug_train_settings train;
};

/* What the loss compares with; classes where it takes either, but several targets are values. */
snug_target snug_experiment_target(const snug_experiment *experiment);

#endif
