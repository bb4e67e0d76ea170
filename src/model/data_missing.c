#include <math.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "model/data_missing.h"
#include "schema/notation.h"
#include "schema/offsets.h"

/* ---- the numbers of the markers -------------------------------------------------------------- */

typedef struct marker_numbers {
    float *values;
    size_t count;
} marker_numbers;

/* Reads the markers that are numbers, in the notation of the model's table or a plain one. */
static snug_status read_markers(const snug_table_schema *like, marker_numbers *markers) {
    const snug_strings *list = &like->missing_values;
    *markers = (marker_numbers){snug_alloc(list->count, sizeof *markers->values), 0};
    if (markers->values == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    locale_t before = snug_locale_enter();
    for (size_t i = 0; i < list->count; i++) {
        char plain[SNUG_PLAIN_SIZE];
        const char *cell = snug_notation_rewrite(&like->notation, list->items[i], plain);
        const char *number = cell == plain ? plain : list->items[i];
        if (snug_cell_classify(number) == SNUG_CELL_NUMBER) {
            markers->values[markers->count++] = (float)snug_parse_double(number);
        }
    }
    snug_locale_leave(before);
    return SNUG_OK;
}

static bool is_marker(const marker_numbers *markers, float value) {
    for (size_t i = 0; i < markers->count; i++) {
        if (markers->values[i] == value) {
            return true;
        }
    }
    return false;
}

/* Whether two lists are the same strings in the same order. */
static bool are_equal(const snug_strings *a, const snug_strings *b) {
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++) {
        equal = strcmp(a->items[i], b->items[i]) == 0;
    }
    return equal;
}

/* ---- numeric columns ------------------------------------------------------------------------- */

/*
 * Finds the markers in the column whose first feature is number `first`, and where `x`, the
 * features of the storage, is not NULL, replaces them. Returns whether there is one.
 */
static bool find_in_column(const snug_dataset *data, const marker_numbers *markers,
                           const snug_column *column, size_t first, float *x) {
    const snug_storage *storage = data->storage;
    double offset = snug_offset(storage->offsets, first);
    bool found = false;
    for (size_t i = 0; i < data->count && (x != NULL || !found); i++) {
        size_t at = snug_stored_row(data, i) * storage->columns + first;
        if (!is_marker(markers, (float)((double)storage->x[at] + offset))) {
            continue;
        }
        found = true;
        if (x != NULL) {
            x[at] = NAN;
            if (column->indicator) {
                x[at + 1] = 1;
            }
        }
    }
    return found;
}

static bool find_in_columns(const snug_dataset *data, const marker_numbers *markers,
                            const snug_table_schema *like, float *x) {
    bool found = false;
    for (size_t i = 0, first = 0; i < like->column_count && (x != NULL || !found); i++) {
        const snug_column *column = &like->columns[i];
        if (column->categories.count == 0 && find_in_column(data, markers, column, first, x)) {
            found = true;
        }
        first += snug_column_features(column);
    }
    return found;
}

bool snug_data_holds_markers(const snug_dataset *data, const snug_table_schema *table,
                             const snug_table_schema *like, snug_status *status) {
    if (like->missing_values.count == 0 || like->columns == NULL || data->storage->x == NULL ||
        table->columns == NULL || are_equal(&table->missing_values, &like->missing_values)) {
        return false;
    }
    marker_numbers markers;
    *status = read_markers(like, &markers);
    bool found = *status == SNUG_OK && find_in_columns(data, &markers, like, NULL);
    snug_release(markers.values);
    return found;
}

snug_status snug_data_replace_markers(snug_dataset *data, const snug_table_schema *like) {
    marker_numbers markers;
    snug_status status = read_markers(like, &markers);
    float *x = (float *)data->storage->x;
    if (status == SNUG_OK && x != NULL) {
        find_in_columns(data, &markers, like, x);
        data->storage->missing = true;
    }
    snug_release(markers.values);
    return status;
}

/* ---- missing values that are refused --------------------------------------------------------- */

snug_status snug_data_check_missing(const snug_dataset *data, const char *what,
                                    const snug_table_schema *like) {
    const snug_storage *storage = data->storage;
    if (like->missing != SNUG_MISSING_ERROR || like->columns == NULL || !storage->missing ||
        storage->x == NULL) {
        return SNUG_OK;
    }
    bool unknown_is_missing = like->unknown_category == SNUG_UNKNOWN_MISSING;
    for (size_t j = 0, first = 0; j < like->column_count; j++) {
        const snug_column *column = &like->columns[j];
        bool looks = column->categories.count == 0 || !unknown_is_missing;
        for (size_t i = 0; looks && i < data->count; i++) {
            if (isnan(storage->x[snug_stored_row(data, i) * storage->columns + first])) {
                return snug_fail(SNUG_ERROR_DATA,
                                 "%s: row %zu: column \"%.200s\": the value is missing, which the "
                                 "model refuses; one that is trained with \"missing\": \"mean\" "
                                 "does not",
                                 what, i + 1, column->name);
            }
        }
        first += snug_column_features(column);
    }
    return SNUG_OK;
}
