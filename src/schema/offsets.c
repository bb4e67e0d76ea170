#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "schema/offsets.h"

snug_column_span *snug_spans_new(size_t columns) {
    snug_column_span *spans = snug_alloc(columns, sizeof *spans);
    for (size_t j = 0; spans != NULL && j < columns; j++) {
        spans[j] = SNUG_EMPTY_SPAN;
    }
    return spans;
}

void snug_spans_add(snug_column_span *spans, const double *x, size_t rows, size_t columns) {
    for (size_t i = 0; i < rows; i++, x += columns) {
        for (size_t j = 0; j < columns; j++) {
            snug_span_add(&spans[j], x[j], fabs(x[j] - (double)(float)x[j]));
        }
    }
}

/*
 * The multiple of a power of ten that is nearest to the middle, of the largest power for which that
 * is between low and high. A short number is exact as a double in most cases, so that subtracting
 * it loses nothing, and it is readable in a model file.
 */
static double short_middle(double low, double high) {
    double middle = low + (high - low) / 2;
    int first = (int)ceil(log10(high - low));
    for (int exponent = first; exponent > first - 3; exponent--) {
        double unit = pow(10, abs(exponent));
        double rounded = exponent < 0 ? round(middle * unit) / unit : round(middle / unit) * unit;
        if (rounded >= low && rounded <= high) {
            return rounded;
        }
    }
    return middle;
}

double snug_span_offset(const snug_column_span *span) {
    /*
     * Of a range that loses a millionth of itself, 20 bits are left: more than training makes use
     * of. Below 2^-40 of the values the range is the rounding of a constant that was computed in
     * double, which has 52 bits; the scaler would enlarge it to a feature of noise.
     */
    const double negligible = 1e-6, rounding = 0x1p-40;
    double range = span->high - span->low;
    double size = fmax(fabs(span->low), fabs(span->high));
    if (!(range > size * rounding) || !isfinite(range) || !isfinite(span->error) ||
        span->error <= negligible * range) {
        return 0;
    }
    return short_middle(span->low, span->high);
}

bool snug_spans_offsets(const snug_column_span *spans, size_t columns, double **offsets) {
    *offsets = NULL;
    for (size_t j = 0; j < columns; j++) {
        double offset = snug_span_offset(&spans[j]);
        if (offset == 0) {
            continue;
        }
        if (*offsets == NULL) {
            *offsets = snug_alloc(columns, sizeof **offsets);
        }
        if (*offsets == NULL) {
            return false;
        }
        (*offsets)[j] = offset;
    }
    return true;
}

snug_status snug_warn_of_lost_targets(snug_warnings *warnings, const char *where, const char *name,
                                      const snug_column_span *span) {
    return snug_span_offset(span) == 0
               ? SNUG_OK
               : snug_warn(warnings,
                           "%s: column \"%s\": digits were lost: targets are 32-bit floats, which "
                           "are off by up to %.3g here, where the values are between %.17g and "
                           "%.17g; subtract a constant from them",
                           where, name, span->error, span->low, span->high);
}

bool snug_offsets_equal(const double *a, const double *b, size_t n) {
    for (size_t j = 0; a != b && j < n; j++) {
        if (snug_offset(a, j) != snug_offset(b, j)) {
            return false;
        }
    }
    return true;
}

bool snug_offsets_copy(const double *offsets, size_t n, double **copy) {
    *copy = offsets != NULL ? snug_alloc(n, sizeof **copy) : NULL;
    if (*copy != NULL) {
        memcpy(*copy, offsets, n * sizeof **copy);
    }
    return offsets == NULL || *copy != NULL;
}

void snug_offsets_subtract(const double *offsets, const double *x, size_t rows, size_t columns,
                           float *out) {
    for (size_t i = 0; i < rows; i++, x += columns, out += columns) {
        for (size_t j = 0; j < columns; j++) {
            out[j] = (float)(x[j] - snug_offset(offsets, j));
        }
    }
}

void snug_offsets_move(const double *from, const double *to, const float *x, size_t rows,
                       size_t columns, float *out) {
    for (size_t i = 0; i < rows; i++, x += columns, out += columns) {
        for (size_t j = 0; j < columns; j++) {
            out[j] = (float)((double)x[j] + (snug_offset(from, j) - snug_offset(to, j)));
        }
    }
}
