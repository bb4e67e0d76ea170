/* The metrics of each epoch, as snug_fit() collects them; <snug/train.h> reads them. */
#ifndef SNUG_TRAIN_HISTORY_H
#define SNUG_TRAIN_HISTORY_H

#include <snug/train.h> /* IWYU pragma: export */

#include "checkpoint/checkpoint.h"
#include "core/warnings.h"

/* Makes an empty history, to be freed with snug_history_free(). NULL without memory. */
snug_history *snug_history_new(void);

/*
 * Appends an epoch, with copies of its metrics. validation is NULL in all epochs or in none. On
 * failure, for lack of memory, nothing is appended.
 */
snug_status snug_history_add(snug_history *history, const snug_metrics *train,
                             const snug_metrics *validation);

/* Returns the warnings of the run, which belong to the history. */
snug_warnings *snug_history_warnings(snug_history *history);

/*
 * Warns once of all metrics that were not a number in any epoch: of the validation rows, or of the
 * training rows where there are no others. `known`, or NULL, is the name of one that the caller has
 * been told of.
 */
snug_status snug_history_warn_of_undefined(snug_history *history, const char *known);

/* Notes the epoch, from 1, whose weights early stopping has restored. */
void snug_history_set_best(snug_history *history, size_t epoch);

/*
 * Adds the metrics of all epochs to the values of a checkpoint: a vector of each metric, with an
 * entry an epoch.
 */
void snug_history_add_to(snug_history *history, snug_saved_values *values);

#endif
