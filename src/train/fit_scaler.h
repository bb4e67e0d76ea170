/*
 * Fitting the scalers of a model's inputs and of its targets, as snug_model_fit_scaler() and
 * snug_model_fit_target_scaler() do.
 *
 * snug_fit() does it once, before the first step, by the training rows alone.
 */
#ifndef SNUG_TRAIN_FIT_SCALER_H
#define SNUG_TRAIN_FIT_SCALER_H

#include <snug/train.h> /* IWYU pragma: export */

#include "core/warnings.h"

/*
 * Fits the step from raw features to the model's inputs on the training rows, as the public
 * function says. `warnings` gets what is assumed, such as that inputs are standardized already;
 * NULL: only the log does. Where a warning is an error, the model stays as it was.
 */
snug_status snug_fit_scaler(snug_model *model, const snug_dataset *training, snug_scaling scaling,
                            snug_warnings *warnings);

/*
 * Fits the scaler of the targets on the training rows, for a model that has its loss and its
 * preprocessing. Does nothing where the preprocessing keeps what it has, where the targets are
 * classes, and where the loss has no magnitude().
 */
snug_status snug_fit_target_scaler(snug_model *model, const snug_dataset *training,
                                   snug_target_scaling scaling);

/*
 * Sets or widens the range that predicted values are clipped to, so that it holds the targets of
 * the training rows. Fails where the targets are classes.
 */
snug_status snug_fit_clipping(snug_model *model, const snug_dataset *training);

#endif
