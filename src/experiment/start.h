/* The model that the training of an experiment starts from: "start_from" of its section "train". */
#ifndef SNUG_EXPERIMENT_START_H
#define SNUG_EXPERIMENT_START_H

#include "experiment/experiment.h"

/*
 * Loads the model that an experiment starts from, which the caller owns, into *from; NULL where it
 * starts from none. Its path is relative to the experiment's file.
 */
snug_status snug_experiment_load_start(const snug_experiment *e, snug_model **from);

/*
 * Matches datasets, each of which may be NULL, with the model that the experiment starts from, by
 * the names of columns, categories and classes. Does nothing where that has no preprocessing.
 */
snug_status snug_experiment_match_start(const snug_experiment *e, snug_dataset **parts[],
                                        size_t count);

/*
 * Gives a new model of the experiment, without weights, the preprocessing of the model that it
 * starts from, and logs which tensors it will take. Fails where they do not fit.
 */
snug_status snug_experiment_prepare_start(const snug_experiment *e, snug_model *model);

/*
 * Gives a model of the experiment the weights that it starts from, and initial ones of the seed
 * where it has more tensors. Does nothing where it starts from none.
 */
snug_status snug_experiment_start_model(const snug_experiment *e, snug_model *model, uint64_t seed);

#endif
