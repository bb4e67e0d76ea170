#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/gather.h"
#include "explain/copied_rows.h"

/* Allocates the features, targets and weights of a copy, as far as the original has them. */
static snug_status allocate(snug_storage *copy, const snug_storage *from) {
    size_t features, values;
    if (!snug_multiply(copy->rows, copy->columns, &features) ||
        !snug_multiply(copy->rows, copy->outputs, &values)) {
        return snug_fail_memory(SIZE_MAX);
    }
    bool failed = (copy->x = snug_alloc(features, sizeof(float))) == NULL;
    if (!failed && from->class_of != NULL) {
        failed = (copy->class_of = snug_alloc(copy->rows, sizeof(int32_t))) == NULL;
    }
    if (!failed && from->values != NULL) {
        failed = (copy->values = snug_alloc(values, sizeof(float))) == NULL;
    }
    if (!failed && from->weights != NULL) {
        failed = (copy->weights = snug_alloc(copy->rows, sizeof(float))) == NULL;
    }
    if (!failed && from->offsets != NULL) {
        failed = (copy->offsets = snug_alloc(copy->columns, sizeof(double))) == NULL;
    }
    if (!failed) {
        failed = (copy->table = snug_table_schema_copy(from->table)) == NULL;
    }
    return failed ? SNUG_ERROR_MEMORY : SNUG_OK;
}

/* Copies the rows into a storage that has its memory. */
static snug_status fill(snug_storage *copy, const snug_dataset *data) {
    if (copy->offsets != NULL) {
        memcpy(copy->offsets, data->storage->offsets, copy->columns * sizeof *copy->offsets);
    }
    snug_dataset_gather_targets(data, NULL, 0, copy->rows, (int32_t *)copy->class_of,
                                (float *)copy->values);
    snug_dataset_gather_weights(data, NULL, 0, copy->rows, copy->weights);
    return snug_dataset_gather_stored(data, 0, copy->rows, (float *)copy->x);
}

snug_dataset *snug_dataset_copy_rows(const snug_dataset *data) {
    const snug_storage *from = data->storage;
    snug_storage *copy = snug_storage_new();
    if (copy == NULL) {
        return NULL;
    }
    copy->rows = data->count;
    copy->columns = from->columns;
    copy->outputs = from->outputs;
    copy->classes = from->classes;
    copy->owned = true;
    copy->missing = from->missing;
    copy->sparse = from->sparse;
    if (allocate(copy, from) != SNUG_OK || fill(copy, data) != SNUG_OK) {
        snug_storage_free(copy);
        return NULL;
    }
    return snug_dataset_from_storage(copy);
}

float *snug_copied_features(const snug_dataset *copy) {
    return (float *)copy->storage->x;
}
