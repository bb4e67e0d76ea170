/*
 * What the next step of a run depends on, as the values of a checkpoint (checkpoint/checkpoint.h):
 *
 *     position.*        epoch, batch, step; whether the epoch was evaluated, whether training ends
 *     schedules.*       the states of the schedules
 *     model.*           parameters and state, such as running means, as flat vectors
 *     optimizer.*       its counter, moments and numbers
 *     ema.*             the average of the weights
 *     early_stopping.*  the best epoch, with its weights
 *     history.*         the metrics of the epochs so far
 *     accumulation.*    within an epoch: the gradients that wait for their step
 *     metrics.*         within an epoch: the sums of its metrics so far
 *
 * Everything else follows from options, data and seed, which are the checkpoint's conditions: the
 * preprocessing is fitted again, and the order of the rows is shuffled again, epoch by epoch.
 */
#ifndef SNUG_TRAIN_RUN_STATE_H
#define SNUG_TRAIN_RUN_STATE_H

#include "train/trainer.h"

/*
 * Prepares the checkpoints of a run that is ready for its first step, where the options want them,
 * and resumes from the one that there is. Fails for a checkpoint of other conditions, unless they
 * may drift, for one that is damaged, and where a new run would replace one. On failure the model
 * is as it was.
 */
snug_status snug_run_start_checkpoints(snug_trainer *t);

/* Frees what the checkpoints need. */
void snug_run_clear_checkpoints(snug_trainer *t);

/*
 * Saves a checkpoint where one is due: after a batch, or after an epoch. Does nothing for a run
 * without checkpoints.
 */
snug_status snug_run_save_if_due(snug_trainer *t);

/* Saves a checkpoint, as where a run is stopped. Does nothing for a run without checkpoints. */
snug_status snug_run_save(snug_trainer *t);

#endif
