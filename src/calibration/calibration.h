/*
 * Fitting a model's temperature and threshold, on data or on logits that the caller has, such as
 * those of rows that were each predicted by a model that was not trained on them.
 *
 *     data --model--> logits, classes, weights --+--> temperature     postprocessing/temperature.h
 *                                                +--> threshold       calibration/threshold.h
 */
#ifndef SNUG_CALIBRATION_CALIBRATION_H
#define SNUG_CALIBRATION_CALIBRATION_H

#include <snug/metrics.h> /* IWYU pragma: export */

#include "core/warnings.h"
#include "data/dataset.h"
#include "model/model.h"
#include "postprocessing/temperature.h"

/* What is to be fitted; "train" has keys of the same names. */
typedef struct snug_calibration_wish {
    const char *calibration;      /* "temperature", or NULL: none */
    const char *threshold_metric; /* the name of a metric, or NULL: no threshold is chosen */
} snug_calibration_wish;

/*
 * Fails where what is wished is unknown, or the model cannot have it. The error messages begin with
 * the key.
 */
snug_status snug_calibration_check(const snug_model *model, const snug_calibration_wish *wish);

/* Removes the temperature and the threshold, which are fitted to weights that training changes. */
void snug_calibration_clear(snug_model *model);

/*
 * Fits what is wished on the outputs of the model's last layer, before any temperature, whose
 * classes are the model's. `warnings` gets what was not possible; NULL: only the log does.
 */
snug_status snug_calibrate_logits(snug_model *model, const snug_logits *logits,
                                  const snug_calibration_wish *wish, snug_warnings *warnings);

/* Fits what is wished on data that is matched with the model. Does nothing without a wish. */
snug_status snug_calibrate_data(snug_model *model, const snug_dataset *data,
                                const snug_calibration_wish *wish, snug_warnings *warnings);

#endif
