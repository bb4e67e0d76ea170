/* The probability of the second of two classes above which it is predicted, by a metric. */
#ifndef SNUG_CALIBRATION_THRESHOLD_H
#define SNUG_CALIBRATION_THRESHOLD_H

#include "metrics/metrics.h"
#include "postprocessing/temperature.h"

/*
 * Returns the metric of that name; NULL after an error message that begins with "threshold_metric",
 * where there is none or it does not depend on the predicted classes alone.
 */
const snug_metric_kind *snug_threshold_metric(const char *name);

/*
 * Sets *threshold to that whose decisions between two classes have the best metric: 0.5, or the
 * middle between two neighbouring probabilities of the rows. Of equally good ones it is the nearest
 * to 0.5. Fails without memory.
 */
snug_status snug_threshold_fit(const snug_logits *logits, double temperature,
                               const snug_metric_kind *metric, double *threshold);

#endif
