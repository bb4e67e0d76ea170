/* Judging a model, with the buffers kept for the next time. */
#ifndef SNUG_METRICS_EVALUATE_H
#define SNUG_METRICS_EVALUATE_H

#include "metrics/accumulator.h"
#include "session/batches.h"

typedef struct snug_evaluator {
    snug_session *session;
    snug_batches batches;
    snug_metric_accumulator tally;
} snug_evaluator;

/*
 * For data that fits the model, of the selection's targets, in `threads` threads; 0: as many as the
 * work repays. Free with snug_evaluator_clear(), also when it fails.
 */
snug_status snug_evaluator_start(snug_evaluator *judge, const snug_model *model,
                                 const snug_dataset *data, const snug_selection *selection,
                                 size_t threads);
void snug_evaluator_clear(snug_evaluator *judge);

/*
 * Runs all rows; counts, unless NULL, gets the confusion matrix of `classes` x `classes` added.
 * Fails as snug_dataset_gather() does.
 */
snug_status snug_evaluator_run(snug_evaluator *judge, snug_metrics *metrics, size_t classes,
                               size_t *counts);

#endif
