/*
 * Reading the files of rows that an experiment names.
 */
#ifndef SNUG_EXPERIMENT_EXPERIMENT_DATA_H
#define SNUG_EXPERIMENT_EXPERIMENT_DATA_H

#include "data/preprocessing.h"
#include "experiment/experiment.h"

/*
 * Reads the file or files of a source, in whichever format they are.
 *
 * `like` is the preprocessing of the training rows, by which all other rows are read: the same
 * columns become the same features, and the same strings the same classes. NULL for the training
 * rows themselves. Returns a dataset that the caller owns; NULL on failure, also where a setting
 * does not apply to the format of the training rows.
 */
snug_dataset *snug_experiment_read_source(const snug_experiment *e, const snug_source *source,
                                          const snug_preprocessing *like);

#endif
