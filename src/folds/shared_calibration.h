/*
 * Calibration of a run: one temperature and one threshold of all its models, fitted on the
 * out-of-fold logits of all rows together, each by a member that was not trained on it. With
 * several seeds each row counts once for each of them.
 */
#ifndef SNUG_FOLDS_SHARED_CALIBRATION_H
#define SNUG_FOLDS_SHARED_CALIBRATION_H

#include "folds/run.h"

/* What was fitted; 1 and 0.5 are none. */
typedef struct snug_shared_calibration {
    double temperature, threshold;
} snug_shared_calibration;

/*
 * Fits what the experiment asks for, once the members are trained, and gives it to all that are
 * finished; then evaluates these on their folds and stores what they predict for them.
 */
snug_status snug_folds_calibrate(snug_folds_run *run, snug_shared_calibration *shared);

/* Gives a model that was trained on all rows the temperature and the threshold. */
snug_status snug_shared_calibration_apply(const snug_shared_calibration *shared, snug_model *model);

#endif
