/* Datasets of NPY files: features as floats or bytes, targets as classes or values. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/preprocessing.h"
#include "formats/data_files.h"
#include "formats/npy.h"

/* All values, minus the offsets of their columns, as finite floats, or NULL. */
static float *floats(const snug_row_file *values, const double *offsets) {
    float *x = snug_alloc(values->rows * values->columns, sizeof *x);
    if (x != NULL && snug_row_file_read(values, offsets, 0, values->rows, x) == SNUG_OK) {
        return x;
    }
    snug_release(x);
    return NULL;
}

static snug_status read_bytes(const snug_row_file *values, snug_storage *storage) {
    size_t n = values->rows * values->columns;
    uint8_t *bytes = snug_alloc(n, 1);
    storage->bytes = bytes;
    return bytes != NULL ? snug_row_file_bytes(values, bytes) : SNUG_ERROR_MEMORY;
}

/* Takes the offsets of the model that the rows are read for, or finds those that they need. */
static snug_status find_offsets(const snug_row_file *values, const snug_preprocessing *like,
                                snug_storage *storage) {
    if (like != NULL && like->scaler->features == values->columns) {
        return snug_offsets_copy(like->scaler->offsets, values->columns, &storage->offsets)
                   ? SNUG_OK
                   : snug_error_status();
    }
    snug_column_span *spans = snug_row_file_measure(values);
    bool found = spans != NULL && snug_spans_offsets(spans, values->columns, &storage->offsets);
    snug_release(spans);
    return found ? SNUG_OK : snug_error_status();
}

static snug_status read_features(snug_npy *npy, snug_storage *storage,
                                 const snug_data_request *request) {
    snug_row_file *values = &npy->values;
    bool bytes = values->type == 'u' && values->size == 1;
    if (npy->dimensions == 1) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has one dimension; features have two: rows and columns",
                         values->file.name);
    }
    storage->rows = values->rows;
    storage->columns = values->columns;
    bool in_file = values->file.bytes == NULL;
    if (find_offsets(values, bytes ? NULL : request->table.like, storage) != SNUG_OK) {
        return snug_error_status();
    }
    if (in_file &&
        snug_row_file_exceeds(values, bytes ? 1 : sizeof(float), request->max_in_memory)) {
        if (values->fortran && values->columns > 1) {
            snug_status status = snug_warn(
                &storage->warnings,
                "%s: is in Fortran order and too large for the memory: each row is read in %zu "
                "pieces; numpy.save(..., numpy.ascontiguousarray(x)) makes it one",
                values->file.name, values->columns);
            if (status != SNUG_OK) {
                return status;
            }
        }
        storage->file = snug_row_file_keep(values);
        return storage->file != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    }
    if (bytes) {
        return read_bytes(values, storage);
    }
    storage->x = floats(values, storage->offsets);
    return storage->x != NULL ? SNUG_OK : snug_error_status();
}

static bool is_class(float value) {
    return value >= 0 && value < SNUG_MAX_CLASSES && floorf(value) == value;
}

static bool all_classes(const float *y, size_t rows) {
    for (size_t i = 0; i < rows; i++) {
        if (!is_class(y[i])) {
            return false;
        }
    }
    return true;
}

static snug_status set_classes(const snug_npy *npy, snug_storage *storage, const float *y) {
    int32_t *classes = snug_alloc(npy->values.rows, sizeof *classes);
    storage->class_of = classes;
    for (size_t i = 0; classes != NULL && i < npy->values.rows; i++) {
        if (!is_class(y[i])) {
            return snug_fail(
                SNUG_ERROR_DATA,
                "%s: row %zu (from 0) is %.9g: a class must be a whole number of at "
                "least 0 and below %d; other numbers are values, which \"loss\": \"mse\" "
                "takes",
                npy->values.file.name, i, (double)y[i], SNUG_MAX_CLASSES);
        }
        classes[i] = (int32_t)y[i];
        if ((size_t)classes[i] >= storage->classes) {
            storage->classes = (size_t)classes[i] + 1;
        }
    }
    return classes != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Whether targets y are classes: as wanted, and where either will do or nothing is, as they are. */
static bool are_classes(const snug_row_file *values, unsigned wanted, const float *y) {
    if (wanted == SNUG_TARGET_CLASSES || wanted == SNUG_TARGET_VALUES) {
        return wanted == SNUG_TARGET_CLASSES;
    }
    if (values->columns > 1) {
        return false;
    }
    return values->type != 'f' || (wanted != 0 && all_classes(y, values->rows));
}

/* Moves the targets y into the storage. */
static snug_status set_targets(const snug_npy *npy, unsigned wanted, snug_storage *storage,
                               float *y) {
    if (!are_classes(&npy->values, wanted, y)) {
        storage->values = y;
        storage->outputs = npy->values.columns;
        return SNUG_OK;
    }
    snug_status status =
        npy->values.columns == 1
            ? set_classes(npy, storage, y)
            : snug_fail(SNUG_ERROR_DATA, "%s: has %zu columns where classes have one",
                        npy->values.file.name, npy->values.columns);
    snug_release(y);
    return status;
}

static snug_status warn_of_targets(const snug_row_file *values, snug_storage *storage) {
    snug_column_span *spans = snug_row_file_measure(values);
    snug_status status = spans != NULL ? SNUG_OK : snug_error_status();
    for (size_t j = 0; j < values->columns && status == SNUG_OK; j++) {
        char name[32];
        snprintf(name, sizeof name, "y%zu", j + 1);
        status = snug_warn_of_lost_targets(&storage->warnings, values->file.name, name, &spans[j]);
    }
    snug_release(spans);
    return status;
}

static snug_status read_targets(const snug_npy *npy, const char *features, unsigned wanted,
                                snug_storage *storage) {
    if (npy->values.rows != storage->rows) {
        return snug_fail(SNUG_ERROR_DATA, "%s: holds %zu targets for the %zu rows of %s",
                         npy->values.file.name, npy->values.rows, storage->rows, features);
    }
    float *y = floats(&npy->values, NULL);
    snug_status status = y != NULL ? set_targets(npy, wanted, storage, y) : snug_error_status();
    return status == SNUG_OK && storage->outputs > 0 ? warn_of_targets(&npy->values, storage)
                                                     : status;
}

static snug_status fill_storage(snug_storage *storage, snug_byte_source *files,
                                const snug_data_request *request) {
    snug_npy npy;
    const char *features = files[0].name; /* the storage may take over the file */
    snug_status status = snug_npy_open(&npy, &files[0]);
    if (status == SNUG_OK) {
        status = read_features(&npy, storage, request);
    }
    snug_byte_source_close(&npy.values.file);
    if (status == SNUG_OK && files[1].name != NULL) {
        status = snug_npy_open(&npy, &files[1]);
        if (status == SNUG_OK) {
            status = read_targets(&npy, features, request->targets, storage);
        }
        snug_byte_source_close(&npy.values.file);
    }
    return status;
}

static snug_dataset *read_dataset(snug_byte_source *files, const snug_data_request *request) {
    return snug_data_read_arrays(fill_storage, files, request);
}

static const char *const extensions[] = {".npy", NULL};

static const snug_field files[] = {SNUG_DATA_FILE(0, "features", "NPY file of the features"),
                                   SNUG_DATA_FILE(1, "targets", "NPY file of the targets"),
                                   {.kind = SNUG_FIELD_END}};

const snug_data_format snug_data_format_npy = {
    .name = "npy",
    .title = "NPY",
    .summary = "arrays that numpy.save() wrote: one file of features, one of targets",
    .extensions = extensions,
    .files = files,
    .sniff = snug_npy_sniff,
    .read = read_dataset,
};

snug_dataset *snug_npy_dataset(const char *features, const char *targets, unsigned wanted,
                               size_t max_in_memory) {
    if (features == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the path of the features is NULL");
        return NULL;
    }
    return snug_data_read(features, targets, &snug_data_format_npy,
                          &(snug_data_request){.targets = wanted, .max_in_memory = max_in_memory});
}

snug_dataset *snug_dataset_read_npy(const char *features, const char *targets) {
    return snug_dataset_read_npy_as(features, targets, SNUG_TASK_AUTO);
}

snug_dataset *snug_dataset_read_npy_as(const char *features, const char *targets, snug_task task) {
    return snug_constructed(SNUG_CONSTRUCTED_DATASET,
                            snug_npy_dataset(features, task == SNUG_TASK_NONE ? NULL : targets,
                                             snug_targets_of(task), SNUG_MAX_IN_MEMORY));
}
