/* Evaluating a model, again and again, in the same buffers. */
#ifndef SNUG_METRICS_EVALUATE_H
#define SNUG_METRICS_EVALUATE_H

#include "data/gather.h" /* IWYU pragma: export */
#include "metrics/accumulator.h"
#include "session/batches.h"

typedef struct snug_evaluator {
    snug_session *session;
    snug_batches batches;
    snug_metric_accumulator accumulator;
    float *calibrated; /* a block's logits / temperature; NULL: the temperature is 1 */
} snug_evaluator;

/*
 * Makes the buffers for data that fits the model, with targets as the selection has them, in
 * `threads` threads; 0: as many as the work repays. Free with snug_evaluator_clear(), also when it
 * fails.
 */
snug_status snug_evaluator_start(snug_evaluator *evaluator, const snug_model *model,
                                 const snug_dataset *data, const snug_selection *selection,
                                 size_t threads);
void snug_evaluator_clear(snug_evaluator *evaluator);

/*
 * Runs all rows through the model and reads the metrics. A confusion matrix in them belongs to the
 * evaluator, until its next run. Fails as snug_dataset_gather() does.
 */
snug_status snug_evaluator_run(snug_evaluator *evaluator, snug_metrics *metrics);

/*
 * Evaluates a model as snug_evaluate_parallel() does, which has the other parameters, and also by
 * the metric `also`, unless that is NULL.
 */
snug_status snug_evaluate_also(const snug_model *model, const snug_dataset *data,
                               const char *const *names, size_t count, const char *also,
                               size_t threads, snug_metrics *metrics);

#endif
