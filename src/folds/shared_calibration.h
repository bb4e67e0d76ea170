/*
 * Calibration of a run's model, which no rows are left for: each member is calibrated on its own
 * fold, which are rows that it was not trained on, and what they found is averaged.
 */
#ifndef SNUG_FOLDS_SHARED_CALIBRATION_H
#define SNUG_FOLDS_SHARED_CALIBRATION_H

#include "folds/run.h"

/* What the members found: the geometric mean of temperatures, and the mean of thresholds. */
typedef struct snug_shared_calibration {
    double temperature, threshold;
} snug_shared_calibration;

/*
 * Returns the means over the members that are finished, which still have their models; 1 and 0.5
 * where none is.
 */
snug_shared_calibration snug_shared_calibration_of(const snug_folds *folds);

/* Gives a model that was trained on all rows the temperature and the threshold. */
snug_status snug_shared_calibration_apply(const snug_shared_calibration *shared, snug_model *model);

/* Gives an ensemble, whose members have their temperatures, the threshold for their mean. */
snug_status snug_shared_threshold_apply(const snug_shared_calibration *shared,
                                        snug_model *ensemble);

#endif
