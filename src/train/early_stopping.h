/* Early stopping: watches a metric of the validation rows and keeps the best epoch's weights. */
#ifndef SNUG_TRAIN_EARLY_STOPPING_H
#define SNUG_TRAIN_EARLY_STOPPING_H

#include <snug/train.h>

#include "metrics/metrics.h"
#include "model/model.h"

typedef struct snug_early_stopping_state {
    const snug_early_stopping *options; /* NULL: off, and nothing happens */
    const snug_metric_kind *metric;
    double best;
    size_t best_epoch;         /* from 1; 0: none yet */
    size_t waited;             /* epochs since then */
    float *parameters, *state; /* of the best epoch, or NULL: they are not restored */
} snug_early_stopping_state;

/* Off where the patience is 0. Free with snug_early_stopping_clear(), also when it fails. */
snug_status snug_early_stopping_start(snug_early_stopping_state *stopper,
                                      const snug_early_stopping *options, const snug_model *model,
                                      unsigned targets, bool has_validation);
void snug_early_stopping_clear(snug_early_stopping_state *stopper);

/* After each epoch, from 1: whether the patience is at its end. */
bool snug_early_stopping_watch(snug_early_stopping_state *stopper, size_t epoch,
                               const snug_metrics *validation, const snug_model *model);

/*
 * Fails where the patience ended without one epoch in which the metric had a value: nothing was
 * watched. Where training ended before the patience, `ended` gives a warning.
 */
snug_status snug_early_stopping_check(const snug_early_stopping_state *stopper, bool ended);

/* Sets the model to its best epoch and returns it, or returns 0 where the model stays as it is. */
size_t snug_early_stopping_restore(const snug_early_stopping_state *stopper, snug_model *model);

#endif
