/* One batch forward, with its loss and its metrics: what every way of training has in common. */
#ifndef SNUG_TRAIN_BATCH_H
#define SNUG_TRAIN_BATCH_H

#include "train/trainer.h"

/*
 * Gathers batch number `batch` of the epoch, from 0, runs it forward and takes its loss. *loss gets
 * its losses; where their sum is finite the batch counts in the metrics. Fails where rows in a file
 * cannot be read.
 */
snug_status snug_train_forward(snug_trainer *t, size_t batch, snug_loss_sum *loss);

/* Fails with SNUG_ERROR_DIVERGED for a loss that is not finite, of batch number `batch`, from 0. */
snug_status snug_train_diverged(double loss, size_t epoch, size_t batch);

/* Returns the schedules' factors on the learning rate and the weight decay, for the next step. */
snug_step_factors snug_train_step_factors(const snug_trainer *t);

#endif
