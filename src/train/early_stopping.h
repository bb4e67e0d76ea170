/* Early stopping: watches a metric of the validation rows and keeps the weights of an epoch. */
#ifndef SNUG_TRAIN_EARLY_STOPPING_H
#define SNUG_TRAIN_EARLY_STOPPING_H

#include <snug/train.h>

#include "core/warnings.h"
#include "metrics/metrics.h"
#include "model/model.h"

typedef struct snug_early_stopping_state {
    const snug_early_stopping *options; /* NULL: off, and nothing happens */
    const snug_metric_kind *metric;
    double best;       /* value of the metric */
    size_t best_epoch; /* from 1; 0: none yet */
    size_t kept_epoch; /* whose weights are kept: the best, or one that ties with it */
    size_t waited;     /* epochs since the best */
    /* copies of the model's flat vectors after .kept_epoch; NULL: they are not restored */
    float *parameters, *state;
} snug_early_stopping_state;

/*
 * Starts early stopping for the model; `targets` is SNUG_TARGET_CLASSES or SNUG_TARGET_VALUES and
 * selects the metrics. It stays off where the patience is 0. To be freed with
 * snug_early_stopping_clear(), also when it fails.
 */
snug_status snug_early_stopping_start(snug_early_stopping_state *s,
                                      const snug_early_stopping *options, const snug_model *model,
                                      unsigned targets, bool has_validation);
void snug_early_stopping_clear(snug_early_stopping_state *s);

/*
 * Takes note of the validation metrics after epoch number `epoch`, from 1, and keeps the weights
 * where they are the best so far. Returns whether to stop: the patience has ended.
 */
bool snug_early_stopping_watch(snug_early_stopping_state *s, size_t epoch,
                               const snug_metrics *validation, const snug_model *model);

/*
 * Fails where the patience ended without one epoch in which the metric had a value: nothing was
 * watched. Where training `ended` before the patience, warns instead.
 */
snug_status snug_early_stopping_check(const snug_early_stopping_state *s, bool ended,
                                      snug_warnings *warnings);

/* Sets the model to the epoch kept and returns it, or returns 0 where the model stays as it is. */
size_t snug_early_stopping_restore(const snug_early_stopping_state *s, snug_model *model);

#endif
