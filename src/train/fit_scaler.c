/*
 * Fits the scaler of a model's inputs on the training rows, or warns where the inputs stay as they
 * are and a layer needs them standardized; fits the scaler of its targets; and layers to data.
 */
#include <math.h>

#include <snug/train.h>

#include "core/status.h"
#include "data/dataset.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "data_init/fit_layers.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/loss.h"
#include "model/model.h"
#include "model_file/safetensors.h"
#include "model_file/save.h"
#include "plan/layer_parts.h"
#include "schema/offsets.h"
#include "schema/table_schema.h"
#include "train/fit_scaler.h"

/* Returns the name of the first activation that needs inputs of mean 0 and variance 1, or NULL. */
static const char *self_normalizing_name(const snug_model *model) {
    for (size_t i = 0; i < model->plan->count; i++) {
        const snug_object *f = snug_layer_first_activation(model->plan->nodes[i].object);
        if (f != NULL && ((const snug_activation_kind *)(const void *)f->kind)->self_normalizing) {
            return f->kind->name;
        }
    }
    return NULL;
}

/* Warns where the training rows are far from mean 0 and deviation 1, in a model that needs it. */
static snug_status warn_of_scale(const snug_model *model, const snug_dataset *training,
                                 snug_warnings *warnings) {
    const char *name = self_normalizing_name(model);
    double mean = 0, deviation = 0;
    snug_scaler *scaler;
    if (name == NULL) {
        return SNUG_OK;
    }
    scaler = snug_scaler_fit(training, SNUG_SCALING_STANDARD);
    if (scaler == NULL) {
        return snug_error_status();
    }
    for (size_t j = 0; j < scaler->features; j++) {
        mean += fabs((double)scaler->shift[j]) / (double)scaler->features;
        deviation += 1.0 / (double)scaler->factor[j] / (double)scaler->features;
    }
    snug_scaler_free(scaler);
    if (mean > 0.25 || deviation < 0.5 || deviation > 2.0) {
        return snug_warn(warnings,
                         "the inputs are not standardized: on average a feature's mean is %.3g "
                         "away from 0 and its deviation is %.3g; %s wants mean 0 and deviation 1",
                         mean, deviation, name);
    }
    return SNUG_OK;
}

/* Warns of features that are more than floats hold, and that no offset is subtracted from. */
static snug_status warn_of_digits(const snug_storage *data, snug_warnings *warnings) {
    snug_status status = SNUG_OK;
    for (size_t j = 0; j < data->columns && status == SNUG_OK; j++) {
        double offset = snug_offset(data->offsets, j);
        if (offset != 0) {
            status = snug_warn(warnings,
                               "column \"%s\": digits were lost: without scaling its values, such "
                               "as %.17g, are 32-bit floats; \"scaling\": \"standard\" keeps "
                               "their digits",
                               data->features.items[j], offset);
        }
    }
    return status;
}

/* Fails, and removes the preprocessing, where the model could not be saved after training. */
static snug_status check_saving(snug_model *model) {
    snug_status status = snug_model_check_saving(model, SNUG_HEADER_LIMIT);
    if (status == SNUG_OK) {
        return SNUG_OK;
    }
    snug_preprocessing_free(model->preprocessing);
    model->preprocessing = NULL;
    return status;
}

snug_status snug_fit_scaler(snug_model *model, const snug_dataset *training, snug_scaling scaling,
                            snug_warnings *warnings) {
    snug_status status = snug_model_check_layers(model);
    snug_scaler *scaler;
    snug_table_schema *table;
    if (training == NULL) {
        return status == SNUG_OK ? snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the data")
                                 : status;
    }
    if (status != SNUG_OK || model->preprocessing != NULL) {
        return status;
    }
    if (scaling == SNUG_SCALING_NONE && (warn_of_digits(training->storage, warnings) != SNUG_OK ||
                                         warn_of_scale(model, training, warnings) != SNUG_OK)) {
        return snug_error_status();
    }
    scaler = snug_scaler_fit(training, scaling);
    table = scaler != NULL ? snug_table_schema_copy(training->storage->table) : NULL;
    if (table == NULL) {
        snug_scaler_free(scaler);
        return snug_error_status();
    }
    status = snug_model_set_preprocessing(model, snug_preprocessing_new(table, scaler));
    return status == SNUG_OK ? check_saving(model) : status;
}

snug_status snug_model_fit_scaler(snug_model *model, const snug_dataset *training,
                                  snug_scaling scaling) {
    return snug_fit_scaler(model, training, scaling, NULL);
}

/* ---- targets --------------------------------------------------------------------------------- */

/* Returns whether the targets are values that the loss compares whatever their units. */
static bool scales_targets(const snug_model *model, const snug_dataset *training) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)model->loss->kind;
    return kind->magnitude != NULL && snug_dataset_output_count(training) > 0;
}

/* Fits the scaler of the targets, with the numbers of each as often as it has outputs. */
static snug_target_scaler *fit_each_output(const snug_dataset *training, size_t quantiles) {
    snug_target_scaler *fitted = snug_target_scaler_fit(training);
    if (fitted == NULL || quantiles == 1) {
        return fitted;
    }
    snug_target_scaler *scaler = snug_target_scaler_new(fitted->outputs * quantiles);
    for (size_t j = 0; scaler != NULL && j < scaler->outputs; j++) {
        scaler->mean[j] = fitted->mean[j / quantiles];
        scaler->deviation[j] = fitted->deviation[j / quantiles];
    }
    snug_target_scaler_free(fitted);
    return scaler;
}

snug_status snug_fit_target_scaler(snug_model *model, const snug_dataset *training,
                                   snug_target_scaling scaling) {
    snug_preprocessing *preprocessing = model->preprocessing;
    if (preprocessing->target_scaler_fitted) {
        return SNUG_OK;
    }
    if (scaling == SNUG_TARGET_SCALING_STANDARD && scales_targets(model, training)) {
        preprocessing->target_scaler =
            fit_each_output(training, snug_loss_quantiles(model->loss, NULL));
        if (preprocessing->target_scaler == NULL) {
            return snug_error_status();
        }
    }
    snug_status status = snug_model_check_saving(model, SNUG_HEADER_LIMIT);
    if (status != SNUG_OK) {
        snug_target_scaler_free(preprocessing->target_scaler);
        preprocessing->target_scaler = NULL;
        return status;
    }
    preprocessing->target_scaler_fitted = true;
    return SNUG_OK;
}

snug_status snug_fit_clipping(snug_model *model, const snug_dataset *training) {
    size_t targets = snug_dataset_output_count(training);
    if (targets == 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "clip_predictions: is for targets that are values, and these are classes");
    }
    snug_postprocessing *postprocessing = snug_model_need_postprocessing(model);
    snug_status status = postprocessing != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < snug_dataset_row_count(training) && status == SNUG_OK; i++) {
        if (snug_dataset_weight(training, i) > 0) {
            status = snug_postprocessing_widen(postprocessing, targets, 1,
                                               snug_dataset_values(training, i));
        }
    }
    return status == SNUG_OK ? snug_model_check_saving(model, SNUG_HEADER_LIMIT) : status;
}

snug_status snug_model_fit_target_scaler(snug_model *model, const snug_dataset *training,
                                         snug_target_scaling scaling) {
    snug_status status = snug_model_check_layers(model);
    if (status != SNUG_OK) {
        return status;
    }
    if (model->preprocessing == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the model has no preprocessing yet: call snug_model_fit_scaler() first");
    }
    status = snug_training_data_check(model, NULL, training, "the data");
    return status == SNUG_OK ? snug_fit_target_scaler(model, training, scaling) : status;
}

/* ---- layers ---------------------------------------------------------------------------------- */

snug_status snug_model_fit_layers(snug_model *model, const snug_dataset *training, uint64_t seed) {
    snug_dataset *matched = NULL;
    snug_status status = snug_model_check(model);
    if (status == SNUG_OK) {
        status = snug_data_match(model, training, "the data", NULL, &matched);
    }
    if (status == SNUG_OK) {
        status = snug_training_data_check(model, NULL, matched, "the data");
    }
    if (status == SNUG_OK) {
        status = snug_fit_layers(model, matched, seed);
    }
    snug_dataset_free(matched);
    return status;
}
