/* Fitting a scaler: a few passes over the rows, in double. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/column_stats.h"
#include "data/dataset.h"
#include "data/scaler.h"
#include "schema/offsets.h"

/* What the passes sum up, a column each. */
typedef struct moments {
    size_t columns;
    double *present; /* rows whose value is not missing */
    double *mean, *variance;
} moments;

static bool make_moments(moments *m, size_t columns) {
    *m = (moments){.columns = columns};
    m->present = snug_alloc(columns, sizeof *m->present);
    m->mean = snug_alloc(columns, sizeof *m->mean);
    m->variance = snug_alloc(columns, sizeof *m->variance);
    return m->present != NULL && m->mean != NULL && m->variance != NULL;
}

static void free_moments(moments *m) {
    snug_release(m->present);
    snug_release(m->mean);
    snug_release(m->variance);
}

static void add_values(void *user, const float *x, size_t rows, size_t columns) {
    moments *m = user;
    for (size_t i = 0; i < rows; i++, x += columns) {
        for (size_t j = 0; j < columns; j++) {
            double here = x[j] == x[j] ? 1 : 0;
            m->present[j] += here;
            m->mean[j] += here > 0 ? (double)x[j] : 0;
        }
    }
}

static void add_squares(void *user, const float *x, size_t rows, size_t columns) {
    moments *m = user;
    for (size_t i = 0; i < rows; i++, x += columns) {
        for (size_t j = 0; j < columns; j++) {
            double difference = x[j] == x[j] ? (double)x[j] - m->mean[j] : 0;
            m->variance[j] += difference * difference;
        }
    }
}

static snug_status find_means(moments *m, const snug_dataset *data) {
    if (snug_dataset_each_block(data, add_values, m) != SNUG_OK) {
        return snug_error_status();
    }
    for (size_t j = 0; j < m->columns; j++) {
        if (m->present[j] == 0) {
            return snug_fail(SNUG_ERROR_DATA,
                             "column \"%s\": every value of the training rows is missing: fill "
                             "some, or leave the column out by \"ignore\"",
                             snug_dataset_column_name(data, j));
        }
        m->mean[j] /= m->present[j];
    }
    return SNUG_OK;
}

/* The standard deviations, in .variance. */
static snug_status find_deviations(moments *m, const snug_dataset *data) {
    snug_status status = snug_dataset_each_block(data, add_squares, m);
    for (size_t j = 0; j < m->columns; j++) {
        m->variance[j] = sqrt(m->variance[j] / m->present[j]);
    }
    return status;
}

/* What is subtracted from column j, and what it is divided by. */
typedef struct ranges {
    double *from, *width;
} ranges;

/*
 * Returns whether a width is the rounding of a constant: at most the distance between neighbouring
 * floats of the size of the column's values.
 */
static bool is_rounding(double from, double width) {
    return width <= fabs(from) * (double)FLT_EPSILON;
}

/*
 * Sets the widths of ROBUST_CLIP: the upper minus the lower quartile; half the largest minus the
 * least value where the quartiles are equal; infinite, which makes a factor of 0, in a constant
 * column.
 */
static snug_status find_clipped_ranges(const snug_dataset *data, ranges *r) {
    size_t columns = data->storage->columns;
    double *least = snug_alloc(columns, sizeof *least), *width = snug_alloc(columns, sizeof *width);
    snug_status status = least != NULL && width != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = snug_column_extremes(data, least, width);
    }
    if (status == SNUG_OK) {
        status = snug_column_quartiles(data, r->from, r->width);
    }
    for (size_t j = 0; j < columns && status == SNUG_OK; j++) {
        double from = r->from[j];
        if (is_rounding(from, width[j])) {
            r->width[j] = INFINITY;
        } else if (is_rounding(from, r->width[j])) {
            r->width[j] = width[j] / 2;
        }
    }
    snug_release(least);
    snug_release(width);
    return status;
}

/* Sets the widths of STANDARD_CLIP: the deviations, infinite in a constant column as above. */
static snug_status find_clipped_deviations(moments *m, const snug_dataset *data) {
    snug_status status = find_deviations(m, data);
    for (size_t j = 0; j < data->storage->columns && status == SNUG_OK; j++) {
        if (is_rounding(m->mean[j], m->variance[j])) {
            m->variance[j] = INFINITY;
        }
    }
    return status;
}

static snug_status find_ranges(const snug_dataset *data, snug_scaling scaling, moments *m,
                               ranges *r) {
    switch (scaling) {
    case SNUG_SCALING_STANDARD:
        *r = (ranges){m->mean, m->variance};
        return find_deviations(m, data);
    case SNUG_SCALING_STANDARD_CLIP:
        *r = (ranges){m->mean, m->variance};
        return find_clipped_deviations(m, data);
    case SNUG_SCALING_MIN_MAX:
        return snug_column_extremes(data, r->from, r->width);
    case SNUG_SCALING_ROBUST:
        return snug_column_quartiles(data, r->from, r->width);
    case SNUG_SCALING_ROBUST_CLIP:
        return find_clipped_ranges(data, r);
    default:
        return SNUG_OK;
    }
}

/*
 * Returns 1 / width, or 1 where the column is constant. The rounding of a constant is not enlarged,
 * so that another value in a new row stays as far away as it is.
 */
static float factor_of(double from, double width) {
    float factor = (float)(1 / width);
    bool constant = !isfinite(factor) || !(factor > 0);
    return constant || (is_rounding(from, width) && factor > 1) ? 1 : factor;
}

/* Returns 1 / width, or 0 where no float is that: the column then is constant, or nearly so. */
static float clipped_factor_of(double width) {
    float factor = (float)(1 / width);
    return isfinite(factor) ? factor : 0;
}

/*
 * Sets what takes the place of missing values: `value`, relative to the offset of the data as what
 * is stored. Unscaled features are the values themselves.
 */
static void set_fill(snug_scaler *scaler, const snug_storage *data, size_t j, double value) {
    bool scales = scaler->scaling != SNUG_SCALING_NONE;
    scaler->fill[j] = (float)(scales ? value : value + snug_offset(data->offsets, j));
}

static void set_column(snug_scaler *scaler, size_t j, const ranges *r) {
    if (scaler->scaling == SNUG_SCALING_NONE) {
        scaler->shift[j] = 0;
        scaler->factor[j] = 1;
        return;
    }
    scaler->shift[j] = (float)r->from[j];
    scaler->factor[j] = snug_scaling_limit(scaler->scaling) > 0
                            ? clipped_factor_of(r->width[j])
                            : factor_of(r->from[j], r->width[j]);
}

static snug_status copy_offsets(snug_scaler *scaler, const snug_storage *data) {
    const double *offsets = scaler->scaling != SNUG_SCALING_NONE ? data->offsets : NULL;
    return snug_offsets_copy(offsets, scaler->features, &scaler->offsets) ? SNUG_OK
                                                                          : SNUG_ERROR_MEMORY;
}

/*
 * Sets the fill of every column to its median. The arrays of `r`, which are not those of the
 * moments, are overwritten: the scaler has been set by then.
 */
static snug_status fill_medians(snug_scaler *scaler, const snug_dataset *training, ranges *r) {
    snug_status status = snug_column_quartiles(training, r->from, r->width);
    for (size_t j = 0; j < scaler->features && status == SNUG_OK; j++) {
        set_fill(scaler, training->storage, j, r->from[j]);
    }
    return status;
}

/*
 * Sets the fill of categories that are features 0 or 1 to 0: a missing one is none of them. The
 * number of a category for category_embedding stays what it is; a missing one is the number behind
 * the last.
 */
static void fill_categories(snug_scaler *scaler, const snug_table_schema *table) {
    size_t first = 0;
    for (size_t i = 0; table->columns != NULL && i < table->column_count; i++) {
        size_t features = snug_column_features(&table->columns[i]);
        for (size_t j = 0; j < features && snug_column_is_one_hot(&table->columns[i]); j++) {
            scaler->fill[first + j] = 0;
        }
        if (table->columns[i].embedding) {
            scaler->shift[first] = 0;
            scaler->factor[first] = 1;
            scaler->fill[first] = (float)table->columns[i].categories.count;
        }
        first += features;
    }
}

static snug_status fit(snug_scaler *scaler, const snug_dataset *training, moments *m, ranges *r) {
    ranges found = *r;
    snug_status status = copy_offsets(scaler, training->storage);
    if (status == SNUG_OK) {
        status = find_means(m, training);
    }
    if (status == SNUG_OK) {
        status = find_ranges(training, scaler->scaling, m, &found);
    }
    for (size_t j = 0; j < scaler->features && status == SNUG_OK; j++) {
        set_column(scaler, j, &found);
        set_fill(scaler, training->storage, j, m->mean[j]);
    }
    const snug_table_schema *table = training->storage->table;
    if (status == SNUG_OK && table->missing == SNUG_MISSING_MEDIAN) {
        status = fill_medians(scaler, training, r);
    }
    fill_categories(scaler, table);
    return status;
}

static snug_scaler *fit_rows(const snug_dataset *training, snug_scaling scaling) {
    size_t features = training->storage->columns;
    snug_scaler *scaler = snug_scaler_new(features);
    if (scaler == NULL) {
        return NULL;
    }
    scaler->scaling = scaling;
    moments m;
    ranges r = {snug_alloc(features, sizeof(double)), snug_alloc(features, sizeof(double))};
    bool good = make_moments(&m, features) && r.from != NULL && r.width != NULL &&
                snug_scaler_find_codes(scaler, training->storage->table) == SNUG_OK &&
                fit(scaler, training, &m, &r) == SNUG_OK;
    free_moments(&m);
    snug_release(r.from);
    snug_release(r.width);
    if (good) {
        return scaler;
    }
    snug_scaler_free(scaler);
    return NULL;
}

snug_scaler *snug_scaler_fit(const snug_dataset *training, snug_scaling scaling) {
    snug_dataset *rows = snug_dataset_weighted_rows(training);
    snug_scaler *scaler = rows != NULL ? fit_rows(rows, scaling) : NULL;
    snug_dataset_free(rows);
    return scaler;
}

/* ---- targets --------------------------------------------------------------------------------- */

/*
 * Sets the means. The sums are of differences from the first row, so that they keep the digits of
 * large targets, and the mean of equal targets is exactly theirs.
 */
static void find_target_means(snug_target_scaler *scaler, const snug_dataset *rows) {
    const float *first = snug_dataset_values(rows, 0);
    for (size_t i = 0; i < rows->count; i++) {
        const float *t = snug_dataset_values(rows, i);
        for (size_t j = 0; j < scaler->outputs; j++) {
            scaler->mean[j] += (double)t[j] - (double)first[j];
        }
    }
    for (size_t j = 0; j < scaler->outputs; j++) {
        scaler->mean[j] = (double)first[j] + scaler->mean[j] / (double)rows->count;
    }
}

/* A deviation that is no normal float would overflow or vanish where floats are divided by it. */
static void find_target_deviations(snug_target_scaler *scaler, const snug_dataset *rows) {
    for (size_t i = 0; i < rows->count; i++) {
        const float *t = snug_dataset_values(rows, i);
        for (size_t j = 0; j < scaler->outputs; j++) {
            double difference = (double)t[j] - scaler->mean[j];
            scaler->deviation[j] += difference * difference;
        }
    }
    for (size_t j = 0; j < scaler->outputs; j++) {
        double deviation = sqrt(scaler->deviation[j] / (double)rows->count);
        scaler->deviation[j] = deviation >= (double)FLT_MIN ? deviation : 1.0;
    }
}

snug_target_scaler *snug_target_scaler_fit(const snug_dataset *training) {
    snug_dataset *rows = snug_dataset_weighted_rows(training);
    snug_target_scaler *scaler =
        rows != NULL ? snug_target_scaler_new(snug_dataset_output_count(rows)) : NULL;
    if (scaler != NULL) {
        find_target_means(scaler, rows);
        find_target_deviations(scaler, rows);
    }
    snug_dataset_free(rows);
    return scaler;
}
