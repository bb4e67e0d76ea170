/*
 * One epoch of snug_fit():
 *
 *     shuffle the training rows
 *     for each batch:  gather, forward, loss, backward;  a step (train/step.h) after each group
 *     evaluate the validation rows, with the averaged weights if there are any
 *     add the metrics to the history
 *     show the loss to the schedule, and the metric to early stopping
 *     call the callback
 */
#ifndef SNUG_TRAIN_EPOCH_H
#define SNUG_TRAIN_EPOCH_H

#include "train/trainer.h"

/*
 * Trains epoch number `epoch`, from 1. Sets t->progress.done where training ends after it. Fails
 * with SNUG_ERROR_DIVERGED, SNUG_STOPPED or where rows in a file cannot be read.
 */
snug_status snug_train_epoch(snug_trainer *t, size_t epoch);

/*
 * Goes on where a checkpoint ended: tells the callback, makes the rest of the epoch that was in
 * work, and does what comes after an epoch. Fails as snug_train_epoch() does.
 */
snug_status snug_train_resume(snug_trainer *t);

#endif
