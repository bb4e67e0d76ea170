/* The order of batches, and one batch forward, with its loss and its metrics. */
#ifndef SNUG_TRAIN_BATCH_H
#define SNUG_TRAIN_BATCH_H

#include "train/trainer.h"

/*
 * Gathers batch number `batch` of the epoch, from 0, runs it forward and takes its loss. *loss gets
 * its losses; where their sum is finite the batch counts in the metrics. Fails where rows in a file
 * cannot be read.
 */
snug_status snug_train_forward(snug_trainer *t, size_t batch, snug_loss_sum *loss);

/*
 * Shuffles the order of the training rows for an epoch, from 1: that of the epoch before, so that
 * the order of an epoch follows from those of all before it. Does nothing where the options keep
 * the data's order.
 */
void snug_train_shuffle(snug_trainer *t, size_t epoch);

/* Fails with SNUG_ERROR_DIVERGED for a loss that is not finite, of batch number `batch`, from 0. */
snug_status snug_train_diverged(double loss, size_t epoch, size_t batch);

/* Returns the schedules' factors on the learning rate and the weight decay, for the next step. */
snug_step_factors snug_train_step_factors(const snug_trainer *t);

#endif
