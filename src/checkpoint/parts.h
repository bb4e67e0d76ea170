/* What a checkpoint has of the optimizer and of the metrics: the values of their structs. */
#ifndef SNUG_CHECKPOINT_PARTS_H
#define SNUG_CHECKPOINT_PARTS_H

#include "checkpoint/checkpoint.h"
#include "metrics/accumulator.h"
#include "optim/optimizer.h"

/* Adds the counter of an optimizer and the numbers that its kind keeps. */
void snug_saved_add_optimizer(snug_saved_values *values, snug_optimizer *optimizer);

/* Adds the moments of a model's optimizer that has made a step, or is to be as if it had. */
void snug_saved_add_moments(snug_saved_values *values, snug_optimizer *optimizer,
                            const snug_plan *plan);

/* Adds the single numbers of an accumulator of metrics. */
void snug_saved_add_accumulator(snug_saved_values *values, snug_metric_accumulator *accumulator);

/*
 * Adds the vectors of an accumulator of metrics. The predictions of rows, where it keeps them, are
 * as many as its number of rows.
 */
void snug_saved_add_sums(snug_saved_values *values, snug_metric_accumulator *accumulator);

/*
 * Fails where the rows of an accumulator whose numbers were read are more than `most`, those of the
 * batches so far: it has memory for the predictions of no others.
 */
snug_status snug_saved_check_accumulator(const snug_metric_accumulator *accumulator, size_t most);

#endif
