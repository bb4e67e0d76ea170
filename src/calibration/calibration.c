#include <string.h>

#include "calibration/calibration.h"
#include "calibration/logit_rows.h"
#include "calibration/threshold.h"
#include "core/status.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/ensemble.h"
#include "model/targets.h"
#include "postprocessing/temperature.h"

/* ---- what can be fitted ---------------------------------------------------------------------- */

/* `key` is that of the option, for the error message. */
static snug_status check_logits(const snug_model *model, const char *key) {
    if (snug_model_has_logits(model)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s: needs classes and a loss of their probabilities, such as "
                     "softmax_cross_entropy or binary_cross_entropy",
                     key);
}

snug_status snug_calibration_check(const snug_model *model,
                                   const snug_calibration_options *options) {
    const char *calibration = options->calibration, *metric = options->threshold_metric;
    if (calibration != NULL && strcmp(calibration, "temperature") != 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "calibration: must be \"temperature\" or null (got \"%.40s\")",
                         calibration);
    }
    if (calibration != NULL && check_logits(model, "calibration") != SNUG_OK) {
        return snug_error_status();
    }
    if (metric == NULL) {
        return SNUG_OK;
    }
    if (check_logits(model, "threshold_metric") != SNUG_OK) {
        return snug_error_status();
    }
    if (snug_model_output_classes(model) != 2) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "threshold_metric: is for two classes, and the model has %zu",
                         snug_model_output_classes(model));
    }
    return snug_threshold_metric(metric) != NULL ? SNUG_OK : snug_error_status();
}

bool snug_calibrates(const snug_calibration_options *options) {
    return options->calibration != NULL || options->threshold_metric != NULL;
}

snug_status snug_calibration_set_threshold(snug_model *model, double threshold) {
    if (threshold == 0.5) {
        return SNUG_OK;
    }
    snug_postprocessing *own = snug_model_need_postprocessing(model);
    if (own == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    own->threshold = threshold;
    return SNUG_OK;
}

void snug_calibration_clear(snug_model *model) {
    if (model->postprocessing != NULL) {
        model->postprocessing->temperature = model->postprocessing->threshold = 0;
    }
}

/* ---- fitting --------------------------------------------------------------------------------- */

static snug_status fit_temperature(snug_model *model, const snug_logits *logits,
                                   snug_warnings *warnings) {
    snug_postprocessing *postprocessing = snug_model_need_postprocessing(model);
    if (postprocessing == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    postprocessing->temperature = snug_temperature_fit(logits);
    if (postprocessing->temperature >= SNUG_TEMPERATURE_LIMIT) {
        return snug_warn(warnings,
                         "calibration: the temperature is %d, the largest one: on these %zu rows "
                         "the model's probabilities are no better than the same for all classes",
                         SNUG_TEMPERATURE_LIMIT, logits->rows);
    }
    if (postprocessing->temperature > 0) {
        return SNUG_OK;
    }
    return snug_warn(warnings,
                     "calibration: the temperature remains 1, because every smaller one would be "
                     "better: each of the %zu rows is right, or there are too few wrong ones",
                     logits->rows);
}

snug_status snug_calibrate_logits(snug_model *model, const snug_logits *logits,
                                  const snug_calibration_options *options,
                                  snug_warnings *warnings) {
    snug_status status = snug_calibration_check(model, options);
    if (status == SNUG_OK && options->calibration != NULL) {
        status = fit_temperature(model, logits, warnings);
    }
    if (status != SNUG_OK || options->threshold_metric == NULL) {
        return status;
    }
    double threshold, temperature = snug_model_temperature(model);
    const snug_metric_kind *metric = snug_threshold_metric(options->threshold_metric);
    snug_postprocessing *postprocessing = snug_model_need_postprocessing(model);
    if (metric == NULL || postprocessing == NULL) {
        return snug_error_status();
    }
    status = snug_threshold_fit(logits, temperature, metric, &threshold);
    postprocessing->threshold = status == SNUG_OK && threshold != 0.5 ? threshold : 0;
    return status;
}

/* ---- fitting on data ------------------------------------------------------------------------- */

snug_status snug_calibrate_data(snug_model *model, const snug_dataset *data,
                                const snug_calibration_options *options, snug_warnings *warnings) {
    snug_logit_rows rows;
    if (!snug_calibrates(options)) {
        return SNUG_OK;
    }
    snug_status status = snug_logit_rows_make(&rows, data->count, model->plan->outputs);
    if (status == SNUG_OK) {
        status = snug_logit_rows_append(&rows, model, data);
    }
    if (status == SNUG_OK) {
        const snug_logits logits = snug_logit_rows_view(&rows);
        status = snug_calibrate_logits(model, &logits, options, warnings);
    }
    snug_logit_rows_clear(&rows);
    return status;
}

/* Matches the data with the model, checks both, and fits. */
static snug_status calibrate(snug_model *model, const snug_dataset *data,
                             const snug_calibration_options *options) {
    snug_dataset *matched = NULL;
    snug_status status = snug_model_check_weights(model);
    if (status == SNUG_OK) {
        status = snug_calibration_check(model, options);
    }
    if (status == SNUG_OK) {
        status = snug_data_match(model, data, "the data", NULL, &matched);
    }
    if (status == SNUG_OK) {
        status = snug_data_check(model, NULL, matched, "the data");
    }
    if (status == SNUG_OK && snug_dataset_class_count(matched) == 0) {
        status = snug_fail(SNUG_ERROR_DATA, "the data: has no classes, by which to calibrate");
    }
    if (status == SNUG_OK) {
        status = snug_calibrate_data(model, matched, options, NULL);
    }
    snug_dataset_free(matched);
    return status;
}

snug_status snug_model_calibrate(snug_model *model, const snug_dataset *data) {
    return calibrate(model, data, &(snug_calibration_options){.calibration = "temperature"});
}

snug_status snug_model_choose_threshold(snug_model *model, const snug_dataset *data,
                                        const char *metric) {
    if (metric == NULL) {
        return snug_fail_null("the metric");
    }
    return calibrate(model, data, &(snug_calibration_options){.threshold_metric = metric});
}
