/* Datasets of a program's own arrays, which are checked, and borrowed or, if doubles, copied. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/finite.h"
#include "schema/offsets.h"
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

static snug_status check_values(const void *y, size_t rows, size_t outputs, size_t size) {
    size_t count, bytes;
    return y != NULL && outputs > 0 && snug_multiply(rows, outputs, &count) &&
                   snug_multiply(count, size, &bytes)
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT, "y must hold at least one value a row (got %zu)",
                           y != NULL ? outputs : 0);
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

/* A storage of a shape, without values, or NULL. */
static snug_storage *new_storage(const snug_storage *shape) {
    snug_storage *storage = snug_storage_new();
    if (storage == NULL) {
        return NULL;
    }
    storage->rows = shape->rows;
    storage->columns = shape->columns;
    storage->classes = shape->classes;
    storage->outputs = shape->outputs;
    storage->table = snug_table_schema_new_numbered(shape->columns, shape->classes, shape->outputs);
    if (storage->table != NULL) {
        return storage;
    }
    snug_storage_free(storage);
    return NULL;
}

/* A dataset that borrows what `arrays` points to. */
static snug_dataset *borrow(const snug_storage *arrays) {
    snug_storage *storage = new_storage(arrays);
    if (storage == NULL) {
        return NULL;
    }
    storage->x = arrays->x;
    storage->bytes = arrays->bytes;
    storage->class_of = arrays->class_of;
    storage->values = arrays->values;
    return snug_dataset_from_storage(storage);
}

/* ---- arrays of doubles, which are copied ----------------------------------------------------- */

/* Sets the features of the storage to x[rows][columns], with the offsets that they need. */
static snug_status copy_features(snug_storage *storage, const double *x) {
    size_t rows = storage->rows, columns = storage->columns;
    snug_column_span *spans = snug_spans_new(columns);
    float *copy = snug_alloc(rows * columns, sizeof *copy);
    storage->x = copy;
    if (spans == NULL || copy == NULL) {
        snug_release(spans);
        return SNUG_ERROR_MEMORY;
    }
    snug_spans_add(spans, x, rows, columns);
    bool found = snug_spans_offsets(spans, columns, &storage->offsets);
    snug_release(spans);
    if (!found) {
        return SNUG_ERROR_MEMORY;
    }
    snug_offsets_subtract(storage->offsets, x, rows, columns, copy);
    return snug_check_finite("x", 0, copy, rows, columns);
}

/* Sets the target values of the storage to y[rows][outputs]; warns where floats lose digits. */
static snug_status copy_values(snug_storage *storage, const double *y) {
    size_t rows = storage->rows, outputs = storage->outputs;
    snug_column_span *spans = snug_spans_new(outputs);
    float *copy = snug_alloc(rows * outputs, sizeof *copy);
    snug_status status = spans != NULL && copy != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    storage->values = copy;
    if (status == SNUG_OK) {
        snug_spans_add(spans, y, rows, outputs);
        snug_offsets_subtract(NULL, y, rows, outputs, copy);
        status = snug_check_finite("y", 0, copy, rows, outputs);
    }
    for (size_t j = 0; j < outputs && status == SNUG_OK; j++) {
        status = snug_warn_of_lost_targets(&storage->warnings, "y",
                                           storage->table->targets.items[j], &spans[j]);
    }
    snug_release(spans);
    return status;
}

static snug_status copy_classes(snug_storage *storage, const int32_t *classes) {
    int32_t *copy = snug_alloc(storage->rows, sizeof *copy);
    storage->class_of = copy;
    if (copy == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(copy, classes, storage->rows * sizeof *copy);
    return SNUG_OK;
}

/* A dataset of copies of x and of either targets, which may both be NULL. */
static snug_dataset *copy(const snug_storage *shape, const double *x, const int32_t *classes,
                          const double *y) {
    snug_storage *storage = new_storage(shape);
    if (storage == NULL) {
        return NULL;
    }
    storage->owned = true;
    snug_status status = copy_features(storage, x);
    if (status == SNUG_OK && classes != NULL) {
        status = copy_classes(storage, classes);
    }
    if (status == SNUG_OK && y != NULL) {
        status = copy_values(storage, y);
    }
    if (status == SNUG_OK) {
        return snug_dataset_from_storage(storage);
    }
    snug_storage_free(storage);
    return NULL;
}

snug_dataset *snug_dataset_from_arrays_f64(const double *x, size_t rows, size_t columns,
                                           const int32_t *classes) {
    snug_storage shape = {.rows = rows, .columns = columns};
    if (check_shape(x, rows, columns, sizeof *x) != SNUG_OK ||
        count_classes(classes, rows, &shape.classes) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, copy(&shape, x, classes, NULL));
}

snug_dataset *snug_dataset_from_values_f64(const double *x, size_t rows, size_t columns,
                                           const double *y, size_t outputs) {
    snug_storage shape = {.rows = rows, .columns = columns, .outputs = outputs};
    if (check_shape(x, rows, columns, sizeof *x) != SNUG_OK ||
        check_values(y, rows, outputs, sizeof *y) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, copy(&shape, x, NULL, y));
}

/* ---- arrays that are borrowed ---------------------------------------------------------------- */

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
    if (check_shape(x, rows, columns, sizeof *x) != SNUG_OK ||
        check_values(y, rows, outputs, sizeof *y) != SNUG_OK ||
        snug_check_finite("x", 0, x, rows, columns) != SNUG_OK ||
        snug_check_finite("y", 0, y, rows, outputs) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, borrow(&arrays));
}
