/*
 * Gathering the rows of a batch: features, targets and weights of any rows, in any order, scaled
 * while they are copied. A missing feature is replaced here, by the scaler's fill.
 */
#ifndef SNUG_DATA_GATHER_H
#define SNUG_DATA_GATHER_H

#include "data/dataset.h"
#include "data/scaler.h"

/*
 * Sets x[i] to the preprocessed features of row order[first + i] of the data, for i < count (order
 * NULL: row first + i). scaler NULL: the features themselves, a missing one NaN. x is count x
 * columns. Data with other offsets than those of the scaler is converted in double. Fails only
 * where a file that is not held in memory cannot be read or has a value that is not finite.
 */
snug_status snug_dataset_gather(const snug_dataset *data, const snug_scaler *scaler,
                                const size_t *order, size_t first, size_t count, float *x);

/*
 * Sets x[count][columns] to the features of rows first .. first + count - 1 as they are stored,
 * without the offsets of the data. Fails as snug_dataset_gather() does.
 */
snug_status snug_dataset_gather_stored(const snug_dataset *data, size_t first, size_t count,
                                       float *x);

/*
 * Copies the targets of the same rows: classes[count] or values[count x outputs], whichever there
 * is.
 */
void snug_dataset_gather_targets(const snug_dataset *data, const size_t *order, size_t first,
                                 size_t count, int32_t *classes, float *values);

/* Copies the weights of the same rows, weights[count]; nothing where the data has none. */
void snug_dataset_gather_weights(const snug_dataset *data, const size_t *order, size_t first,
                                 size_t count, float *weights);

/*
 * Scales x[rows][features], values minus the offsets of the scaler, into out[rows][features]; out
 * may be x.
 */
void snug_scaler_apply(const snug_scaler *scaler, size_t rows, const float *x, float *out);

#endif
