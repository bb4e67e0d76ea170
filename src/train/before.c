#include "train/before.h"

#include "core/status.h"

snug_status snug_before_keep(snug_before *before, const snug_model *model) {
    *before = (snug_before){.has_weights = model->parameters != NULL,
                            .has_preprocessing = model->preprocessing != NULL};
    if (model->loss == NULL)
        return SNUG_OK;
    before->loss = snug_object_copy(model->loss);
    return before->loss != NULL ? SNUG_OK : snug_error_status();
}

void snug_before_restore(snug_before *before, snug_model *model) {
    snug_object_free(model->loss);
    model->loss = before->loss;
    before->loss = NULL;
    if (!before->has_weights)
        snug_model_drop_weights(model);
    if (before->has_preprocessing)
        return;
    snug_preprocessing_free(model->preprocessing);
    model->preprocessing = NULL;
}

void snug_before_clear(snug_before *before) {
    snug_object_free(before->loss);
    before->loss = NULL;
}
