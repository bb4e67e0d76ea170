#include <string.h>

#include <snug/data.h>

#include "core/memory.h"
#include "schema/target_scaler.h"

const char *const snug_target_scaling_names[] = {
    [SNUG_TARGET_SCALING_STANDARD] = "standard", [SNUG_TARGET_SCALING_NONE] = "none", NULL};

/* ---- storage --------------------------------------------------------------------------------- */

snug_target_scaler *snug_target_scaler_new(size_t outputs) {
    snug_target_scaler *scaler = snug_alloc(1, sizeof *scaler);
    if (scaler == NULL) {
        return NULL;
    }
    scaler->outputs = outputs;
    scaler->mean = snug_alloc(outputs, sizeof *scaler->mean);
    scaler->deviation = snug_alloc(outputs, sizeof *scaler->deviation);
    if (scaler->mean != NULL && scaler->deviation != NULL) {
        return scaler;
    }
    snug_target_scaler_free(scaler);
    return NULL;
}

snug_target_scaler *snug_target_scaler_copy(const snug_target_scaler *scaler) {
    snug_target_scaler *copy = snug_target_scaler_new(scaler->outputs);
    if (copy != NULL) {
        memcpy(copy->mean, scaler->mean, scaler->outputs * sizeof *copy->mean);
        memcpy(copy->deviation, scaler->deviation, scaler->outputs * sizeof *copy->deviation);
    }
    return copy;
}

void snug_target_scaler_free(snug_target_scaler *scaler) {
    if (scaler == NULL) {
        return;
    }
    snug_release(scaler->mean);
    snug_release(scaler->deviation);
    snug_release(scaler);
}

/* ---- applying -------------------------------------------------------------------------------- */

void snug_target_scaler_centre(const snug_target_scaler *scaler, size_t rows, const float *t,
                               float *centred) {
    const size_t outputs = scaler->outputs;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < outputs; j++) {
            centred[i * outputs + j] = (float)((double)t[i * outputs + j] - scaler->mean[j]);
        }
    }
}

void snug_target_scaler_stretch(const snug_target_scaler *scaler, size_t rows, const float *z,
                                float *values) {
    const size_t outputs = scaler->outputs;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < outputs; j++) {
            values[i * outputs + j] = (float)(scaler->deviation[j] * (double)z[i * outputs + j]);
        }
    }
}

void snug_target_scaler_undo(const snug_target_scaler *scaler, size_t rows, float *z) {
    const size_t outputs = scaler->outputs;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < outputs; j++) {
            double value = scaler->deviation[j] * (double)z[i * outputs + j];
            z[i * outputs + j] = (float)(scaler->mean[j] + value);
        }
    }
}
