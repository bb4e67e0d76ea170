#include <float.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "data/dataset.h"
#include "data/target_scaler.h"

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

/* ---- fitting --------------------------------------------------------------------------------- */

/*
 * Sets the means. The sums are of differences from the first row, so that they keep the digits of
 * large targets, and the mean of equal targets is exactly theirs.
 */
static void find_means(snug_target_scaler *scaler, const snug_dataset *rows) {
    const float *first = snug_dataset_values(rows, 0);
    for (size_t i = 0; i < rows->count; i++) {
        const float *t = snug_dataset_values(rows, i);
        for (size_t j = 0; j < scaler->outputs; j++) {
            scaler->mean[j] += (double)t[j] - (double)first[j];
        }
    }
    for (size_t j = 0; j < scaler->outputs; j++) {
        scaler->mean[j] = (double)first[j] + scaler->mean[j] / (double)rows->count;
    }
}

/* A deviation that is no normal float would overflow or vanish where floats are divided by it. */
static void find_deviations(snug_target_scaler *scaler, const snug_dataset *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        const float *t = snug_dataset_values(rows, i);
        for (size_t j = 0; j < scaler->outputs; j++) {
            double difference = (double)t[j] - scaler->mean[j];
            scaler->deviation[j] += difference * difference;
        }
    }
    for (size_t j = 0; j < scaler->outputs; j++) {
        double deviation = sqrt(scaler->deviation[j] / (double)rows->count);
        scaler->deviation[j] = deviation >= (double)FLT_MIN ? deviation : 1.0;
    }
}

snug_target_scaler *snug_target_scaler_fit(const snug_dataset *training) {
    snug_dataset *rows = snug_dataset_weighted_rows(training);
    snug_target_scaler *scaler =
        rows != NULL ? snug_target_scaler_new(snug_dataset_output_count(rows)) : NULL;
    if (scaler != NULL) {
        find_means(scaler, rows);
        find_deviations(scaler, rows);
    }
    snug_dataset_free(rows);
    return scaler;
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
