/*
 * A copy of a dataset in memory, whose features can be changed.
 *
 * Datasets are immutable views of shared storage, so that whoever wants to know what a model would
 * make of other features copies the rows once, and then changes and restores columns of the copy.
 */
#ifndef SNUG_EXPLAIN_COPIED_ROWS_H
#define SNUG_EXPLAIN_COPIED_ROWS_H

#include "data/dataset.h"

/*
 * Returns a copy of the rows of a dataset with memory of its own for the features, targets and
 * weights. Its features are not const: snug_copied_features(). NULL on failure.
 */
snug_dataset *snug_dataset_copy_rows(const snug_dataset *data);

/* Returns the features of a copy, rows x columns, as they are stored: less their offsets. */
float *snug_copied_features(const snug_dataset *copy);

#endif
