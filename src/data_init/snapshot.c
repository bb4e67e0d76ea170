#include "core/status.h"
#include "data_init/snapshot.h"

snug_status snug_snapshot_keep(snug_snapshot *snapshot, const snug_model *model) {
    *snapshot = (snug_snapshot){.has_weights = model->parameters != NULL,
                                .has_preprocessing = model->preprocessing != NULL};
    snapshot->has_target_scaling =
        snapshot->has_preprocessing && model->preprocessing->target_scaler_fitted;
    if (model->postprocessing != NULL) {
        snapshot->postprocessing = snug_postprocessing_copy(model->postprocessing);
        if (snapshot->postprocessing == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    if (model->loss == NULL) {
        return SNUG_OK;
    }
    snapshot->loss = snug_object_copy(model->loss);
    if (snapshot->loss != NULL) {
        return SNUG_OK;
    }
    snug_snapshot_clear(snapshot);
    return snug_error_status();
}

void snug_snapshot_restore(snug_snapshot *snapshot, snug_model *model) {
    snug_object_free(model->loss);
    model->loss = snapshot->loss;
    snapshot->loss = NULL;
    snug_postprocessing_free(model->postprocessing);
    model->postprocessing = snapshot->postprocessing;
    snapshot->postprocessing = NULL;
    if (!snapshot->has_weights) {
        snug_model_drop_weights(model);
    }
    if (!snapshot->has_preprocessing) {
        snug_preprocessing_free(model->preprocessing);
        model->preprocessing = NULL;
    } else if (!snapshot->has_target_scaling) {
        snug_target_scaler_free(model->preprocessing->target_scaler);
        model->preprocessing->target_scaler = NULL;
        model->preprocessing->target_scaler_fitted = false;
    }
}

void snug_snapshot_clear(snug_snapshot *snapshot) {
    snug_object_free(snapshot->loss);
    snug_postprocessing_free(snapshot->postprocessing);
    snapshot->loss = NULL;
    snapshot->postprocessing = NULL;
}
