/* Datasets of NPY files: features as floats or bytes, targets as classes or values. */
#include "data/npy.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/table.h"

enum { BLOCK = 8192 }; /* values converted at a time */

/* One value, its bytes in this machine's order. */
static float number(char type, size_t size, const unsigned char *bytes) {
    union {
        float f4;
        double f8;
        int8_t i1;
        int16_t i2;
        int32_t i4;
        int64_t i8;
        uint8_t u1;
        uint16_t u2;
        uint32_t u4;
        uint64_t u8;
    } v = {0};
    memcpy(&v, bytes, size);
    if (type == 'f')
        return size == 4 ? v.f4 : (float)v.f8;
    if (type == 'i')
        return size == 1 ? v.i1 : size == 2 ? v.i2 : size == 4 ? (float)v.i4 : (float)v.i8;
    return size == 1 ? v.u1 : size == 2 ? v.u2 : size == 4 ? (float)v.u4 : (float)v.u8;
}

static void convert(const snug_npy *npy, const unsigned char *bytes, size_t n, float *x) {
    for (size_t i = 0; i < n; i++, bytes += npy->size) {
        unsigned char own[8] = {0};
        for (size_t k = 0; k < npy->size; k++)
            own[k] = bytes[npy->swapped ? npy->size - 1 - k : k];
        x[i] = number(npy->type, npy->size, own);
    }
}

static snug_status read_floats(const snug_npy *npy, float *x) {
    size_t count = npy->rows * npy->columns;
    unsigned char *block = snug_alloc(BLOCK, npy->size);
    snug_status status = block ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t done = 0; status == SNUG_OK && done < count;) {
        size_t n = count - done < BLOCK ? count - done : BLOCK;
        status = snug_bytes_read(&npy->file, npy->start + done * npy->size, n * npy->size, block);
        if (status == SNUG_OK)
            convert(npy, block, n, x + done);
        done += n;
    }
    snug_release(block);
    return status;
}

/* All values as finite floats, or NULL. */
static float *floats(const snug_npy *npy) {
    float *x = snug_alloc(npy->rows * npy->columns, sizeof *x);
    if (x && read_floats(npy, x) == SNUG_OK &&
        snug_check_finite(npy->file.name, x, npy->rows, npy->columns) == SNUG_OK)
        return x;
    snug_release(x);
    return NULL;
}

static snug_status read_features(const snug_npy *npy, snug_storage *storage) {
    if (npy->dimensions == 1)
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has one dimension; features have two: rows and columns",
                         npy->file.name);
    storage->rows = npy->rows;
    storage->columns = npy->columns;
    if (npy->type != 'u' || npy->size != 1) {
        storage->x = floats(npy);
        return storage->x ? SNUG_OK : snug_error_status();
    }
    uint8_t *bytes = snug_alloc(npy->rows, npy->columns);
    storage->bytes = bytes;
    return bytes ? snug_bytes_read(&npy->file, npy->start, npy->rows * npy->columns, bytes)
                 : SNUG_ERROR_MEMORY;
}

static snug_status set_classes(const snug_npy *npy, snug_storage *storage, const float *y) {
    int32_t *classes = snug_alloc(npy->rows, sizeof *classes);
    storage->class_of = classes;
    for (size_t i = 0; classes && i < npy->rows; i++) {
        if (y[i] < 0 || y[i] >= SNUG_MOST_CLASSES)
            return snug_fail(
                SNUG_ERROR_DATA,
                "%s: row %zu (from 0) is %.9g: a class must be at least 0 and below %d",
                npy->file.name, i, (double)y[i], SNUG_MOST_CLASSES);
        classes[i] = (int32_t)y[i];
        if ((size_t)classes[i] >= storage->classes)
            storage->classes = (size_t)classes[i] + 1;
    }
    return classes ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* One column of integers is classes, all else values. */
static snug_status read_targets(const snug_npy *npy, const char *features, snug_storage *storage) {
    if (npy->rows != storage->rows)
        return snug_fail(SNUG_ERROR_DATA, "%s: holds %zu targets for the %zu rows of %s",
                         npy->file.name, npy->rows, storage->rows, features);
    float *y = floats(npy);
    if (!y)
        return snug_error_status();
    if (npy->type == 'f' || npy->columns > 1) {
        storage->values = y;
        storage->outputs = npy->columns;
        return SNUG_OK;
    }
    snug_status status = set_classes(npy, storage, y);
    snug_release(y);
    return status;
}

static snug_status fill_storage(snug_storage *storage, const char *features, const char *targets) {
    snug_npy npy;
    storage->owned = true;
    snug_status status = snug_npy_open(&npy, features);
    if (status == SNUG_OK)
        status = read_features(&npy, storage);
    snug_bytes_close(&npy.file);
    if (status == SNUG_OK && targets) {
        status = snug_npy_open(&npy, targets);
        if (status == SNUG_OK)
            status = read_targets(&npy, features, storage);
        snug_bytes_close(&npy.file);
    }
    if (status != SNUG_OK)
        return status;
    storage->table = snug_table_numbered(storage->columns, storage->classes, storage->outputs);
    return storage->table ? SNUG_OK : SNUG_ERROR_MEMORY;
}

snug_dataset *snug_dataset_read_npy(const char *features, const char *targets) {
    if (!features) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the path of the features is NULL");
        return NULL;
    }
    snug_storage *storage = snug_storage_new();
    if (!storage)
        return NULL;
    if (fill_storage(storage, features, targets) == SNUG_OK)
        return snug_dataset_adopt(storage);
    snug_storage_free(storage);
    return NULL;
}
