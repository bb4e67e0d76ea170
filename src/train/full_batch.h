/*
 * An epoch of an optimizer that works on all rows at once, such as L-BFGS.
 *
 * Such an optimizer calls back for the mean loss of all training rows and its gradient, at as many
 * parameters as its line search tries. There are no optimizer steps batch by batch, and nothing of
 * train/step.h applies: neither clipping nor limits of columns nor averaged weights.
 */
#ifndef SNUG_TRAIN_FULL_BATCH_H
#define SNUG_TRAIN_FULL_BATCH_H

#include "train/trainer.h"

/*
 * Makes one step of the optimizer, which may compute the loss of all rows several times. `epoch`,
 * from 1, is for messages. Sets t->progress.done where the optimizer cannot improve on the
 * parameters any more. Fails as a batch does.
 */
snug_status snug_train_full_batch(snug_trainer *t, size_t epoch);

#endif
