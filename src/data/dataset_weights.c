/* Weights of rows. */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"

static snug_status check_weights(const float *weights, size_t rows) {
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        if (!(isfinite(weights[i]) && weights[i] >= 0)) {
            return snug_fail(
                SNUG_ERROR_DATA,
                "weights: row %zu (from 0) is %g: must be a finite number of at least 0", i,
                (double)weights[i]);
        }
        sum += (double)weights[i];
    }
    if (sum > 0) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA, "weights: every row weighs 0: at least one must weigh more");
}

snug_status snug_dataset_set_weights(snug_dataset *data, const float *weights) {
    if (data == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
    }
    snug_storage *storage = data->storage;
    float *copy = NULL;
    if (data->rows != NULL || atomic_load(&storage->references) > 1) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "weights are given to a whole dataset, before rows "
                                              "are split off or selected");
    }
    if (weights != NULL) {
        if (check_weights(weights, data->count) != SNUG_OK) {
            return snug_error_status();
        }
        copy = snug_alloc(data->count, sizeof *copy);
        if (copy == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        memcpy(copy, weights, data->count * sizeof *copy);
    }
    snug_release(storage->weights);
    storage->weights = copy;
    return SNUG_OK;
}

bool snug_dataset_weighted(const snug_dataset *data) {
    return data != NULL && data->storage->weights != NULL;
}

float snug_dataset_weight(const snug_dataset *data, size_t row) {
    if (data == NULL || row >= data->count) {
        return 0;
    }
    if (data->storage->weights == NULL) {
        return 1;
    }
    return data->storage->weights[snug_stored_row(data, row)];
}

snug_dataset *snug_dataset_weighted_rows(const snug_dataset *training) {
    if (!snug_dataset_weighted(training)) {
        return snug_dataset_share(training);
    }
    size_t count = 0, *rows = snug_alloc(training->count, sizeof *rows);
    for (size_t i = 0; rows != NULL && i < training->count; i++) {
        if (snug_dataset_weight(training, i) > 0) {
            rows[count++] = i;
        }
    }
    snug_dataset *chosen = NULL;
    if (rows != NULL && count == 0) {
        snug_fail(SNUG_ERROR_DATA, "the training rows: every row weighs 0");
    } else if (rows != NULL) {
        chosen = snug_dataset_select(training, rows, count);
    }
    snug_release(rows);
    return chosen;
}
