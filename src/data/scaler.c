/* Fitting a scaler: two passes over the rows, in double. */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"

enum { BLOCK = 64 }; /* rows that are gathered at a time */

static snug_scaler *new_scaler(size_t features) {
    snug_scaler *scaler = snug_alloc(1, sizeof *scaler);
    if (!scaler)
        return NULL;
    scaler->features = features;
    scaler->shift = snug_alloc(features, sizeof *scaler->shift);
    scaler->factor = snug_alloc(features, sizeof *scaler->factor);
    scaler->fill = snug_alloc(features, sizeof *scaler->fill);
    if (scaler->shift && scaler->factor && scaler->fill)
        return scaler;
    snug_scaler_free(scaler);
    return NULL;
}

/* What the passes sum up, a column each. */
typedef struct moments {
    size_t columns;
    double *present; /* rows whose value is not missing */
    double *mean, *variance;
    float *block;
} moments;

static bool make_moments(moments *m, size_t columns) {
    *m = (moments){.columns = columns};
    m->present = snug_alloc(columns, sizeof *m->present);
    m->mean = snug_alloc(columns, sizeof *m->mean);
    m->variance = snug_alloc(columns, sizeof *m->variance);
    size_t floats;
    if (!snug_multiply(columns, BLOCK, &floats)) {
        snug_fail_memory(columns);
        return false;
    }
    m->block = snug_alloc(floats, sizeof *m->block);
    return m->present && m->mean && m->variance && m->block;
}

static void free_moments(moments *m) {
    snug_release(m->present);
    snug_release(m->mean);
    snug_release(m->variance);
    snug_release(m->block);
}

static void add_values(moments *m, const float *x) {
    for (size_t j = 0; j < m->columns; j++) {
        double here = x[j] == x[j] ? 1 : 0;
        m->present[j] += here;
        m->mean[j] += here > 0 ? (double)x[j] : 0;
    }
}

static void add_squares(moments *m, const float *x) {
    for (size_t j = 0; j < m->columns; j++) {
        double difference = x[j] == x[j] ? (double)x[j] - m->mean[j] : 0;
        m->variance[j] += difference * difference;
    }
}

static void pass(moments *m, const snug_dataset *data, void (*add)(moments *, const float *)) {
    for (size_t first = 0; first < data->count; first += BLOCK) {
        size_t end = first + BLOCK < data->count ? first + BLOCK : data->count;
        snug_dataset_gather(data, NULL, NULL, first, end - first, m->block);
        for (size_t row = first; row < end; row++)
            add(m, m->block + (row - first) * m->columns);
    }
}

static snug_status sum_up(moments *m, const snug_dataset *data, bool squares) {
    pass(m, data, add_values);
    for (size_t j = 0; j < m->columns; j++) {
        if (m->present[j] == 0)
            return snug_fail(SNUG_ERROR_DATA,
                             "column \"%s\": every value of the training rows is missing",
                             snug_dataset_column_name(data, j));
        m->mean[j] /= m->present[j];
    }
    if (!squares)
        return SNUG_OK;
    pass(m, data, add_squares);
    for (size_t j = 0; j < m->columns; j++)
        m->variance[j] /= m->present[j];
    return SNUG_OK;
}

/* A deviation whose inverse is no float stands for a constant column. */
static void set_column(snug_scaler *scaler, size_t j, const moments *m) {
    float factor = scaler->standardizes ? (float)(1 / sqrt(m->variance[j])) : 1;
    bool scales = scaler->standardizes && isfinite(factor) && factor > 0;
    scaler->shift[j] = scales ? (float)m->mean[j] : 0;
    scaler->factor[j] = scales ? factor : 1;
    scaler->fill[j] = (float)m->mean[j];
}

snug_scaler *snug_scaler_fit(const snug_dataset *training, bool standardize) {
    snug_scaler *scaler = new_scaler(training->storage->columns);
    if (!scaler)
        return NULL;
    scaler->standardizes = standardize;
    moments m;
    if (make_moments(&m, scaler->features) && sum_up(&m, training, standardize) == SNUG_OK) {
        for (size_t j = 0; j < scaler->features; j++)
            set_column(scaler, j, &m);
    } else {
        snug_scaler_free(scaler);
        scaler = NULL;
    }
    free_moments(&m);
    return scaler;
}

snug_scaler *snug_scaler_copy(const snug_scaler *scaler) {
    snug_scaler *copy = new_scaler(scaler->features);
    if (!copy)
        return NULL;
    copy->standardizes = scaler->standardizes;
    memcpy(copy->shift, scaler->shift, scaler->features * sizeof *copy->shift);
    memcpy(copy->factor, scaler->factor, scaler->features * sizeof *copy->factor);
    memcpy(copy->fill, scaler->fill, scaler->features * sizeof *copy->fill);
    return copy;
}

void snug_scaler_free(snug_scaler *scaler) {
    if (!scaler)
        return;
    snug_release(scaler->shift);
    snug_release(scaler->factor);
    snug_release(scaler->fill);
    snug_release(scaler);
}
