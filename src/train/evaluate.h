/* Judging a model, with the buffers kept for the next time. */
#ifndef SNUG_TRAIN_EVALUATE_H
#define SNUG_TRAIN_EVALUATE_H

#include "train/batches.h"
#include "train/metrics.h"

typedef struct snug_judge {
    snug_session *session;
    snug_batches batches;
    snug_tally tally;
} snug_judge;

/*
 * For data that fits the model, of the selection's targets, in `threads` threads; 0: as many as the
 * work repays. Free with snug_judge_clear(), also when it fails.
 */
snug_status snug_judge_start(snug_judge *judge, const snug_model *model, const snug_dataset *data,
                             const snug_selection *selection, size_t threads);
void snug_judge_clear(snug_judge *judge);

/*
 * Runs all rows; counts, unless NULL, gets the confusion matrix of `classes` x `classes` added.
 * Fails as snug_dataset_gather() does.
 */
snug_status snug_judge_run(snug_judge *judge, snug_metrics *metrics, size_t classes,
                           size_t *counts);

#endif
