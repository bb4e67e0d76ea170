
#include "core/memory.h"
#include "tables/table_digits.h"
#include "tables/table_parse.h"

/* ---- offsets --------------------------------------------------------------------------------- */

/* Where the values of a column are stored, one in each row. */
typedef struct stored_column {
    const float *values;
    size_t stride;
} stored_column;

static stored_column stored_values(const snug_table *table, const snug_table_column *column) {
    return column->role == SNUG_COLUMN_NUMBER
               ? (stored_column){table->values.x + column->first, table->features}
               : (stored_column){table->values.targets + column->first, table->outputs};
}

/*
 * The span of all values of a column, and not only of those with many digits. Those are off by up
 * to the error where they are stored; whatever is further out is another value.
 */
static snug_column_span full_span(const snug_table *table, const snug_table_column *column) {
    snug_column_span span = column->digits.wide;
    double low = span.low - span.error, high = span.high + span.error;
    stored_column stored = stored_values(table, column);
    for (size_t i = 0; i < table->rows; i++) {
        double value = (double)stored.values[i * stored.stride];
        if (value < low || value > high) {
            snug_span_add(&span, value, 0);
        }
    }
    return span;
}

/* The values with many digits decide alone where they lose nothing: most columns end here. */
static double find_offset(const snug_table *table, const snug_table_column *column) {
    if (snug_span_offset(&column->digits.wide) == 0) {
        return 0;
    }
    snug_column_span span = full_span(table, column);
    return snug_span_offset(&span);
}

static bool is_number(const snug_table_column *column) {
    return column->role == SNUG_COLUMN_NUMBER;
}

/* Finds the offsets of the columns; returns whether there is one. */
static bool find_offsets(snug_table *table) {
    bool any = false;
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        if (is_number(column)) {
            column->digits.offset = find_offset(table, column);
            any = any || column->digits.offset != 0;
        }
    }
    return any;
}

/* Takes the offsets of the table that this one is read like; returns whether there is one. */
static bool take_offsets(snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        if (is_number(column)) {
            column->digits.offset = snug_offset(table->offsets, column->first);
        }
    }
    return table->offsets != NULL;
}

/* Writes the offsets of the columns as those of the features. */
static snug_status write_offsets(snug_table *table) {
    table->values.offsets = snug_alloc(table->features, sizeof *table->values.offsets);
    if (table->values.offsets == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (is_number(column)) {
            table->values.offsets[column->first] = column->digits.offset;
        }
    }
    return SNUG_OK;
}

static snug_status parse_with_offsets(snug_table *table) {
    bool like = table->like != NULL;
    snug_status status = like && take_offsets(table) ? write_offsets(table) : SNUG_OK;
    if (status == SNUG_OK) {
        status = snug_table_parse(table);
    }
    if (status != SNUG_OK || like || !find_offsets(table)) {
        return status;
    }
    status = write_offsets(table);
    return status == SNUG_OK ? snug_table_parse(table) : status;
}

/* ---- warnings -------------------------------------------------------------------------------- */

/* One row in a thousand: of random numbers of 17 digits fewer neighbours become equal floats. */
static bool loses_digits(const snug_table *table, const snug_table_column *column) {
    return column->digits.equal > table->rows / 1000;
}

static snug_status warn_of_feature(snug_table *table, const snug_table_column *column) {
    const snug_table_digits *d = &column->digits;
    return snug_warn(
        &table->reader.warnings,
        "%s:%zu: column \"%s\": digits were lost: %.17g is stored as the same 32-bit float as the "
        "row before, and so are %zu more rows; a part of the digits in a column of its own keeps "
        "them, "
        "\"categorical\" makes names of the values, and \"ignore\" leaves the column out",
        table->reader.file.path, d->equal_line, column->name, d->equal_value, d->equal - 1);
}

/* The values with many digits decide alone where they lose nothing: most columns end here. */
static snug_status warn_of_target(snug_table *table, const snug_table_column *column) {
    if (snug_span_offset(&column->digits.wide) == 0) {
        return SNUG_OK;
    }
    snug_column_span span = full_span(table, column);
    return snug_warn_of_lost_targets(&table->reader.warnings, table->reader.file.path, column->name,
                                     &span);
}

static snug_status warn_of_lost_digits(snug_table *table) {
    snug_status status = SNUG_OK;
    size_t features = 0;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        const snug_table_column *column = &table->columns[i];
        if (is_number(column) && loses_digits(table, column)) {
            status =
                ++features <= SNUG_MAX_COLUMN_WARNINGS ? warn_of_feature(table, column) : SNUG_OK;
        } else if (column->role == SNUG_COLUMN_VALUE) {
            status = warn_of_target(table, column);
        }
    }
    if (status == SNUG_OK && features > SNUG_MAX_COLUMN_WARNINGS) {
        status =
            snug_warn(&table->reader.warnings,
                      "%s: %zu more columns of numbers lost digits; \"categorical\" makes names "
                      "of the values, and \"ignore\" leaves columns out",
                      table->reader.file.path, features - SNUG_MAX_COLUMN_WARNINGS);
    }
    return status;
}

snug_status snug_table_parse_digits(snug_table *table) {
    snug_status status = parse_with_offsets(table);
    return status == SNUG_OK ? warn_of_lost_digits(table) : status;
}
