/* Datasets of a program's own arrays, which are checked and borrowed. */

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/finite.h"
#include "schema/table_schema.h"

static snug_status check_shape(const void *x, size_t rows, size_t columns, size_t size) {
    size_t count, bytes;
    if (x == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "x is NULL");
    }
    if (rows == 0 || columns == 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "x must have rows and columns (got %zu x %zu)", rows,
                         columns);
    }
    if (!snug_multiply(rows, columns, &count) || !snug_multiply(count, size, &bytes)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "x cannot have %zu x %zu values", rows, columns);
    }
    return SNUG_OK;
}

/* *count becomes the largest class + 1. */
static snug_status count_classes(const int32_t *classes, size_t rows, size_t *count) {
    *count = 0;
    for (size_t i = 0; classes != NULL && i < rows; i++) {
        if (classes[i] < 0 || classes[i] >= SNUG_MAX_CLASSES) {
            return snug_fail(SNUG_ERROR_DATA,
                             "classes: row %zu (from 0) is %ld: must be at least 0 and below %d", i,
                             (long)classes[i], SNUG_MAX_CLASSES);
        }
        if ((size_t)classes[i] >= *count) {
            *count = (size_t)classes[i] + 1;
        }
    }
    return SNUG_OK;
}

/* A dataset that borrows what `arrays` points to. */
static snug_dataset *borrow(const snug_storage *arrays) {
    snug_storage *storage = snug_storage_new();
    if (storage == NULL) {
        return NULL;
    }
    storage->rows = arrays->rows;
    storage->columns = arrays->columns;
    storage->classes = arrays->classes;
    storage->outputs = arrays->outputs;
    storage->x = arrays->x;
    storage->bytes = arrays->bytes;
    storage->class_of = arrays->class_of;
    storage->values = arrays->values;
    storage->table =
        snug_table_schema_new_numbered(arrays->columns, arrays->classes, arrays->outputs);
    if (storage->table != NULL) {
        return snug_dataset_from_storage(storage);
    }
    snug_storage_free(storage);
    return NULL;
}

snug_dataset *snug_dataset_from_arrays(const float *x, size_t rows, size_t columns,
                                       const int32_t *classes) {
    snug_storage arrays = {.rows = rows, .columns = columns, .x = x, .class_of = classes};
    if (check_shape(x, rows, columns, sizeof *x) != SNUG_OK ||
        snug_check_finite("x", 0, x, rows, columns) != SNUG_OK ||
        count_classes(classes, rows, &arrays.classes) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, borrow(&arrays));
}

snug_dataset *snug_dataset_from_bytes(const uint8_t *x, size_t rows, size_t columns,
                                      const int32_t *classes) {
    snug_storage arrays = {.rows = rows, .columns = columns, .bytes = x, .class_of = classes};
    if (check_shape(x, rows, columns, sizeof *x) != SNUG_OK ||
        count_classes(classes, rows, &arrays.classes) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, borrow(&arrays));
}

snug_dataset *snug_dataset_from_values(const float *x, size_t rows, size_t columns, const float *y,
                                       size_t outputs) {
    snug_storage arrays = {
        .rows = rows, .columns = columns, .x = x, .values = y, .outputs = outputs};
    size_t count, bytes;
    if (check_shape(x, rows, columns, sizeof *x) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    if (y == NULL || outputs == 0 || !snug_multiply(rows, outputs, &count) ||
        !snug_multiply(count, sizeof *y, &bytes)) {
        snug_fail(SNUG_ERROR_ARGUMENT, "y must hold at least one value a row (got %zu)",
                  y != NULL ? outputs : 0);
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    if (snug_check_finite("x", 0, x, rows, columns) != SNUG_OK ||
        snug_check_finite("y", 0, y, rows, outputs) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, borrow(&arrays));
}
