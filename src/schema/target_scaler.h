/*
 * Scaling of targets that are values: a network learns to predict (t - mean) / deviation, which is
 * of the order of 1 whatever the units of the targets t.
 *
 * The last layer's outputs are called z. Their values in the units of the targets,
 *
 *     mean[j] + deviation[j] z[j]        are the predictions
 *     deviation[j] z[j]                  are compared with t - mean[j] by losses and metrics
 *
 * The second form keeps the digits of targets whose mean is much larger than their deviation, such
 * as dates: what is compared has as many digits as float has, and not those that the mean leaves.
 */
#ifndef SNUG_SCHEMA_TARGET_SCALER_H
#define SNUG_SCHEMA_TARGET_SCALER_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

typedef struct snug_target_scaler {
    size_t outputs;           /* first, for snug_json_numbers_codec */
    double *mean, *deviation; /* `outputs` numbers each, owned; deviations are above 0 */
} snug_target_scaler;

/* The names in JSON of the kinds of scaling, by their number, ended by NULL. */
extern const char *const snug_target_scaling_names[];

/* Returns a scaler of so many outputs whose numbers are 0, or NULL without memory. */
snug_target_scaler *snug_target_scaler_new(size_t outputs);

/* Returns a copy, or NULL without memory. */
snug_target_scaler *snug_target_scaler_copy(const snug_target_scaler *scaler);

/* Frees a scaler; ignores NULL. */
void snug_target_scaler_free(snug_target_scaler *scaler);

/* centred = t - mean; both are rows x outputs. Computed in double and rounded once. */
void snug_target_scaler_centre(const snug_target_scaler *scaler, size_t rows, const float *t,
                               float *centred);

/* values = deviation z; both are rows x outputs. Computed in double and rounded once. */
void snug_target_scaler_stretch(const snug_target_scaler *scaler, size_t rows, const float *z,
                                float *values);

/* z = mean + deviation z, in place; z is rows x outputs. Computed in double and rounded once. */
void snug_target_scaler_undo(const snug_target_scaler *scaler, size_t rows, float *z);

/*
 * Returns the scaler as a JSON object, exact to the bit; NULL with *failed set without memory. The
 * caller frees it with cJSON_Delete().
 */
cJSON *snug_target_scaler_write(const snug_target_scaler *scaler, bool *failed);

/*
 * Reads what snug_target_scaler_write() made. `path` is the path of the value in the file, for
 * error messages; `newer` is whether the file has a newer format version, whose unknown keys are
 * ignored. Returns NULL where a value is wrong, and without memory.
 */
snug_target_scaler *snug_target_scaler_read(const cJSON *json, const char *path, bool newer);

#endif
