/*
 * Fitting a model's temperature and threshold on data.
 *
 *     data --model--> logits, classes, weights --+--> temperature     postprocessing/temperature.h
 *              (logit_rows.h)                    +--> threshold       calibration/threshold.h
 */
#ifndef SNUG_CALIBRATION_CALIBRATION_H
#define SNUG_CALIBRATION_CALIBRATION_H

#include <snug/metrics.h> /* IWYU pragma: export */

#include "core/warnings.h"
#include "data/dataset.h"
#include "model/model.h"
#include "postprocessing/temperature.h"

/* What is fitted; "train" has keys of the same names. */
typedef struct snug_calibration_options {
    const char *calibration;      /* "temperature", or NULL: none */
    const char *threshold_metric; /* the name of a metric, or NULL: no threshold is chosen */
} snug_calibration_options;

/*
 * Fails where the options name something unknown, or something that the model cannot have. The
 * error messages begin with the key.
 */
snug_status snug_calibration_check(const snug_model *model,
                                   const snug_calibration_options *options);

/* Returns whether the options name anything. */
bool snug_calibrates(const snug_calibration_options *options);

/* Gives a model a threshold, in (0, 1), of which 0.5 is none. Fails without memory. */
snug_status snug_calibration_set_threshold(snug_model *model, double threshold);

/* Removes the temperature and the threshold, which are fitted to weights that training changes. */
void snug_calibration_clear(snug_model *model);

/*
 * Fits what the options name on data that is matched with the model. `warnings` gets what was not
 * possible; NULL: only the log does. Runs no model where the options name nothing.
 */
snug_status snug_calibrate_data(snug_model *model, const snug_dataset *data,
                                const snug_calibration_options *options, snug_warnings *warnings);

/*
 * Fits what the options name on logits of the model, or of models like it, before any temperature.
 * The other parameters are those of snug_calibrate_data().
 */
snug_status snug_calibrate_logits(snug_model *model, const snug_logits *logits,
                                  const snug_calibration_options *options, snug_warnings *warnings);

#endif
