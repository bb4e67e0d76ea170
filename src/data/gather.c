/*
 * Batches: rows picked from the storage, whose missing values are replaced and which are scaled on
 * the way.
 */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "cpu/simd.h"
#include "data/gather.h"
#include "schema/offsets.h"

/* Which rows of a storage: row i of the batch is rows[order[first + i]]; NULL is the identity. */
typedef struct picks {
    const size_t *rows, *order;
    size_t first, count, columns;
} picks;

SNUG_INLINE size_t pick(const picks *p, size_t i) {
    size_t row = p->order != NULL ? p->order[p->first + i] : p->first + i;
    return p->rows != NULL ? p->rows[row] : row;
}

/*
 * Asks the caches for a row that comes soon, `size` bytes a row: picked rows follow no pattern that
 * they see.
 */
SNUG_INLINE void fetch_ahead(const picks *p, size_t i, const void *from, size_t size) {
    const size_t ahead = 4, line = 64, most = 4096;
    if (i + ahead >= p->count) {
        return;
    }
    const char *row = (const char *)from + pick(p, i + ahead) * size;
    for (size_t at = 0; at < size && at < most; at += line) {
        __builtin_prefetch(row + at);
    }
}

SNUG_KERNEL(gather_bytes, (const picks *p, const uint8_t *from, float *x), (p, from, x)) {
    for (size_t i = 0; i < p->count; i++, x += p->columns) {
        const uint8_t *row = from + pick(p, i) * p->columns;
        fetch_ahead(p, i, from, p->columns);
#pragma omp simd
        for (size_t j = 0; j < p->columns; j++) {
            x[j] = (float)row[j];
        }
    }
}

SNUG_KERNEL(scale_bytes,
            (const picks *p, const uint8_t *from, const float *shift, const float *factor,
             float *x),
            (p, from, shift, factor, x)) {
    for (size_t i = 0; i < p->count; i++, x += p->columns) {
        const uint8_t *row = from + pick(p, i) * p->columns;
        fetch_ahead(p, i, from, p->columns);
#pragma omp simd
        for (size_t j = 0; j < p->columns; j++) {
            x[j] = ((float)row[j] - shift[j]) * factor[j];
        }
    }
}

SNUG_KERNEL(scale_floats,
            (const picks *p, const float *from, const float *shift, const float *factor, float *x),
            (p, from, shift, factor, x)) {
    for (size_t i = 0; i < p->count; i++, x += p->columns) {
        const float *row = from + pick(p, i) * p->columns;
        fetch_ahead(p, i, from, p->columns * sizeof *from);
#pragma omp simd
        for (size_t j = 0; j < p->columns; j++) {
            x[j] = (row[j] - shift[j]) * factor[j];
        }
    }
}

/* Copies and scales picked rows in which a value may be missing: NaN becomes the fill. */
SNUG_KERNEL(fill_floats, (const picks *p, const float *from, const snug_scaler *scaler, float *x),
            (p, from, scaler, x)) {
    const float *shift = scaler->shift, *factor = scaler->factor, *fill = scaler->fill;
    for (size_t i = 0; i < p->count; i++, x += p->columns) {
        const float *row = from + pick(p, i) * p->columns;
        fetch_ahead(p, i, from, p->columns * sizeof *from);
#pragma omp simd
        for (size_t j = 0; j < p->columns; j++) {
            float value = row[j] == row[j] ? row[j] : fill[j];
            x[j] = (value - shift[j]) * factor[j];
        }
    }
}

/*
 * Clips scaled numbers smoothly: z becomes z / sqrt(1 + (z / limit)^2). Beyond 1e9 the limit is
 * reached; there z is cut off, so that its square does not overflow. NaN is what a column that is
 * constant in the training rows, with a factor of 0, makes of a difference that overflowed: it is 0
 * as all its values are.
 */
SNUG_KERNEL(clip_smoothly, (size_t n, float limit, float *x), (n, limit, x)) {
    const float most = 1e9F;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float z = x[i] == x[i] ? x[i] : 0.0F;
        z = z < most ? z : most;
        z = z > -most ? z : -most;
        float share = z / limit;
        x[i] = z / sqrtf(1.0F + share * share);
    }
}

/* Clips a row but for its numbers of categories. */
static void clip_between_codes(const snug_scaler *scaler, float limit, float *row) {
    size_t from = 0;
    for (size_t i = 0; i <= scaler->code_count; i++) {
        size_t to = i < scaler->code_count ? scaler->codes[i] : scaler->features;
        clip_smoothly(to - from, limit, row + from);
        from = to + 1;
    }
}

/* Does what a scaling does after shift and factor, on x[rows][features]. */
static void clip(const snug_scaler *scaler, size_t rows, float *x) {
    float limit = snug_scaling_limit(scaler->scaling);
    if (limit == 0.0F) {
        return;
    }
    if (scaler->code_count == 0) {
        clip_smoothly(rows * scaler->features, limit, x);
        return;
    }
    for (size_t i = 0; i < rows; i++, x += scaler->features) {
        clip_between_codes(scaler, limit, x);
    }
}

static void copy_floats(const picks *p, const float *from, float *x) {
    for (size_t i = 0; i < p->count; i++, x += p->columns) {
        fetch_ahead(p, i, from, p->columns * sizeof *from);
        memcpy(x, from + pick(p, i) * p->columns, p->columns * sizeof *x);
    }
}

/* Rows of a file, neighbours at once, preprocessed where they arrive. */
static snug_status fetch_rows(const picks *p, const snug_storage *from, const snug_scaler *scaler,
                              float *x) {
    for (size_t i = 0, n; i < p->count; i += n) {
        size_t row = pick(p, i);
        for (n = 1; i + n < p->count && pick(p, i + n) == row + n;) {
            n++;
        }
        if (snug_row_file_read(from->file, from->offsets, row, n, x + i * p->columns) != SNUG_OK) {
            return snug_error_status();
        }
    }
    if (scaler != NULL) {
        snug_scaler_apply(scaler, p->count, x, x);
    }
    return SNUG_OK;
}

/* Gathers what is stored, for a scaler with the offsets of the storage. */
static snug_status gather_stored(const picks *p, const snug_storage *storage,
                                 const snug_scaler *scaler, float *x) {
    if (storage->file != NULL) {
        return fetch_rows(p, storage, scaler, x);
    }
    if (storage->bytes != NULL && scaler == NULL) {
        gather_bytes(p, storage->bytes, x);
    } else if (storage->bytes != NULL) {
        scale_bytes(p, storage->bytes, scaler->shift, scaler->factor, x);
    } else if (scaler == NULL) {
        copy_floats(p, storage->x, x);
    } else if (storage->missing) {
        fill_floats(p, storage->x, scaler, x);
    } else {
        scale_floats(p, storage->x, scaler->shift, scaler->factor, x);
    }
    if (scaler != NULL) {
        clip(scaler, p->count, x);
    }
    return SNUG_OK;
}

/*
 * Data with other offsets than the model's, such as a table that was read on its own: a row becomes
 * what it would be if it had been read with those of the model.
 */
static snug_status gather_moved(const picks *p, const snug_storage *storage,
                                const snug_scaler *scaler, float *x) {
    snug_status status = gather_stored(p, storage, NULL, x);
    if (status == SNUG_OK) {
        const double *to = scaler != NULL ? scaler->offsets : NULL;
        snug_offsets_move(storage->offsets, to, x, p->count, p->columns, x);
    }
    if (status == SNUG_OK && scaler != NULL) {
        snug_scaler_apply(scaler, p->count, x, x);
    }
    return status;
}

snug_status snug_dataset_gather(const snug_dataset *data, const snug_scaler *scaler,
                                const size_t *order, size_t first, size_t count, float *x) {
    const snug_storage *storage = data->storage;
    const double *offsets = scaler != NULL ? scaler->offsets : NULL;
    picks p = {data->rows, order, first, count, storage->columns};
    return snug_offsets_equal(storage->offsets, offsets, storage->columns)
               ? gather_stored(&p, storage, scaler, x)
               : gather_moved(&p, storage, scaler, x);
}

snug_status snug_dataset_gather_stored(const snug_dataset *data, size_t first, size_t count,
                                       float *x) {
    picks p = {data->rows, NULL, first, count, data->storage->columns};
    return gather_stored(&p, data->storage, NULL, x);
}

void snug_dataset_gather_targets(const snug_dataset *data, const size_t *order, size_t first,
                                 size_t count, int32_t *classes, float *values) {
    const snug_storage *storage = data->storage;
    picks p = {data->rows, order, first, count, storage->outputs};
    if (storage->class_of != NULL && classes != NULL) {
        for (size_t i = 0; i < count; i++) {
            classes[i] = storage->class_of[pick(&p, i)];
        }
    }
    if (storage->values != NULL && values != NULL) {
        copy_floats(&p, storage->values, values);
    }
}

void snug_dataset_gather_weights(const snug_dataset *data, const size_t *order, size_t first,
                                 size_t count, float *weights) {
    picks p = {data->rows, order, first, count, 1};
    if (data->storage->weights != NULL) {
        copy_floats(&p, data->storage->weights, weights);
    }
}

void snug_scaler_apply(const snug_scaler *scaler, size_t rows, const float *x, float *out) {
    picks p = {.count = rows, .columns = scaler->features};
    fill_floats(&p, x, scaler, out);
    clip(scaler, rows, out);
}

static snug_status check_row(const snug_dataset *data, size_t row, const void *features) {
    if (data == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
    }
    if (row >= data->count) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no row %zu: the dataset has %zu rows", row,
                         data->count);
    }
    return features != NULL ? SNUG_OK : snug_fail_null("the features");
}

snug_status snug_dataset_row(const snug_dataset *data, size_t row, float *features) {
    snug_status status = check_row(data, row, features);
    return status == SNUG_OK ? snug_dataset_gather(data, NULL, NULL, row, 1, features) : status;
}

snug_status snug_dataset_row_f64(const snug_dataset *data, size_t row, double *features) {
    snug_status status = check_row(data, row, features);
    if (status != SNUG_OK) {
        return status;
    }
    const snug_storage *storage = data->storage;
    row = snug_stored_row(data, row);
    if (storage->file != NULL) {
        return snug_row_file_read_f64(storage->file, row, features);
    }
    for (size_t j = 0; j < storage->columns; j++) {
        size_t i = row * storage->columns + j;
        features[j] = storage->bytes != NULL
                          ? storage->bytes[i]
                          : (double)storage->x[i] + snug_offset(storage->offsets, j);
    }
    return SNUG_OK;
}
