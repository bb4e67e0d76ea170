/*
 * Offsets of columns, for numbers that have more digits than a float.
 *
 * A float has 24 bits: of seconds since 1970 it holds multiples of 128. What a model needs is the
 * difference of such values, so that a column whose digits a float would lose is stored as
 * (float)(value - offset), with an offset in double that belongs to the dataset and to the model's
 * scaler. All other columns have the offset 0, and their values are stored as they are.
 *
 * Where a list of offsets may be NULL, NULL means that all of them are 0.
 */
#ifndef SNUG_SCHEMA_OFFSETS_H
#define SNUG_SCHEMA_OFFSETS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

#include "core/warnings.h"

/* The values of a column so far: their range, and the largest error of one as a float. */
typedef struct snug_column_span {
    double low, high; /* INFINITY and -INFINITY without a value */
    double error;     /* the largest difference of a value and the float that is stored of it */
} snug_column_span;

#define SNUG_EMPTY_SPAN (snug_column_span){INFINITY, -INFINITY, 0}

/* Makes the spans of columns without a value. NULL without memory; snug_release() frees them. */
snug_column_span *snug_spans_new(size_t columns);

/* Takes the finite values x[rows][columns] into the spans of their columns. */
void snug_spans_add(snug_column_span *spans, const double *x, size_t rows, size_t columns);

/* Takes one finite value into a span, and the error with which it is stored. */
static inline void snug_span_add(snug_column_span *span, double value, double error) {
    span->low = value < span->low ? value : span->low;
    span->high = value > span->high ? value : span->high;
    span->error = error > span->error ? error : span->error;
}

/*
 * Returns the offset that a column needs: a short decimal number between its least and its largest
 * value, or 0 where floats lose less than a millionth of that range. It is 0 also where the range
 * is no more than the rounding of a constant computed in double.
 */
double snug_span_offset(const snug_column_span *span);

/*
 * Sets *offsets to the offsets of all columns, which the caller releases, or to NULL where all are
 * 0. Returns false without memory.
 */
bool snug_spans_offsets(const snug_column_span *spans, size_t columns, double **offsets);

/*
 * Warns where floats lose digits of a target that an offset would keep: targets have none. `where`
 * is the file or array, `name` the column.
 */
snug_status snug_warn_of_lost_targets(snug_warnings *warnings, const char *where, const char *name,
                                      const snug_column_span *span);

/* Returns offset number j. */
static inline double snug_offset(const double *offsets, size_t j) {
    return offsets != NULL ? offsets[j] : 0;
}

/* Returns whether two lists of n offsets are the same; either may be NULL. */
bool snug_offsets_equal(const double *a, const double *b, size_t n);

/*
 * Sets *copy to a copy of n offsets, which the caller releases, or to NULL where `offsets` is.
 * Returns false without memory.
 */
bool snug_offsets_copy(const double *offsets, size_t n, double **copy);

/* Sets out[rows][columns] to (float)(x - offset of its column); offsets may be NULL. */
void snug_offsets_subtract(const double *offsets, const double *x, size_t rows, size_t columns,
                           float *out);

/*
 * Sets out[rows][columns] to the values of x[rows][columns], which are relative to the offsets
 * `from`, relative to the offsets `to`. Either may be NULL; out may be x.
 */
void snug_offsets_move(const double *from, const double *to, const float *x, size_t rows,
                       size_t columns, float *out);

#endif
