/*
 * The exponential moving average of a model's weights, as snug_fit() uses it: the step updates it
 * (train/step.c), and the model has it while it is evaluated. snug_ema_update() and
 * snug_ema_swap() of <snug/train.h> are for a caller's own loop, and check what they are given.
 */
#ifndef SNUG_TRAIN_EMA_H
#define SNUG_TRAIN_EMA_H

#include <snug/train.h> /* IWYU pragma: export */

#include "checkpoint/checkpoint.h"
#include "model/model.h"

/*
 * Gives the model its averaged weights, or with averaged == false its own back. Does nothing where
 * the model has them already, before the first update, and for ema == NULL. Steps change the
 * model's own weights; validation, callbacks and the trained model have the average.
 */
void snug_ema_show(snug_ema *ema, snug_model *model, bool averaged);

/* Adds all that the average has to the values of a checkpoint; nothing for ema == NULL. */
void snug_ema_add_to(snug_ema *ema, const snug_model *model, snug_saved_values *values);

#endif
