/* Checks of snug_fit() that concern its options, beside those of the data (model/data_check.h). */
#ifndef SNUG_TRAIN_FIT_CHECK_H
#define SNUG_TRAIN_FIT_CHECK_H

#include <snug/train.h>

/*
 * Fails for an option out of its range that the table of options does not know, and for two that
 * exclude each other.
 */
snug_status snug_fit_check_options(const snug_fit_options *options);

/*
 * Fails where the batches, or the training rows, are of one row and a layer computes statistics
 * over the rows of a batch.
 */
snug_status snug_fit_check_rows(const snug_model *model, size_t batch_size, size_t row_count);

/*
 * Fails where an optimizer of full batches, such as L-BFGS, cannot work: it needs the same loss
 * whenever it returns to the same parameters, and makes steps that nothing else may change.
 */
snug_status snug_fit_check_full_batch(const snug_fit_options *options, const snug_model *model);

/*
 * Fails where the trained weights or the state are not finite, after `epoch` epochs. No loss
 * follows the last step that would show it.
 */
snug_status snug_fit_check_weights(const snug_model *model, size_t epoch);

#endif
