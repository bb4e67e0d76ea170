#include <float.h>
#include <math.h>

#include "model/data_digits.h"
#include "schema/offsets.h"

/* A float is off by half the distance to its neighbour: by at most this share of its size. */
#define FLOAT_ERROR ((double)FLT_EPSILON / 2)

/* Whether a column of floats that has an offset in the model is off by more than is negligible. */
static bool loses_digits(const snug_dataset *data, const snug_scaler *scaler, size_t column) {
    const double negligible = 1e-6;
    const snug_storage *storage = data->storage;
    if (snug_offset(scaler->offsets, column) == 0 || snug_offset(storage->offsets, column) != 0) {
        return false;
    }
    for (size_t i = 0; i < data->count; i++) {
        size_t at = snug_stored_row(data, i) * storage->columns + column;
        double error = fabs((double)storage->x[at]) * FLOAT_ERROR;
        if (error * (double)scaler->factor[column] > negligible) {
            return true;
        }
    }
    return false;
}

snug_status snug_data_warn_of_digits(const snug_dataset *data, const char *what,
                                     const snug_scaler *scaler, snug_warnings *warnings) {
    if (scaler->offsets == NULL || data->storage->x == NULL ||
        data->storage->columns != scaler->features) {
        return SNUG_OK;
    }
    for (size_t j = 0; j < scaler->features; j++) {
        if (loses_digits(data, scaler, j)) {
            return snug_warn(warnings,
                             "%s: column \"%.200s\": digits may be lost: it was read as 32-bit "
                             "floats, and the model subtracts %.17g from doubles; "
                             "snug_dataset_read_for() and snug_predict_f64() keep them",
                             what, snug_dataset_column_name(data, j), scaler->offsets[j]);
        }
    }
    return SNUG_OK;
}
