#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "tables/table_cells.h"
#include "tables/table_columns.h"
#include "tables/table_infer.h"
#include "tables/table_missing.h"
#include "tables/table_names.h"
#include "tables/table_notation.h"
#include "tables/table_report.h"

enum { MAX_AUTO_CLASSES = 20 /* <snug/data.h> promises it of SNUG_TASK_AUTO */ };

/* ---- names ----------------------------------------------------------------------------------- */

/* Whether a column's values are needed before a string has been seen in it. */
static bool may_be_classes(const snug_table *table, const snug_table_column *column) {
    return column->target && table->options.task != SNUG_TASK_REGRESSION;
}

/* The automatic choice is over once a number is not whole, or there are too many. */
static bool ends_collecting(const snug_table *table, const snug_table_column *column) {
    return !column->found.has_strings && column->target && table->options.task == SNUG_TASK_AUTO &&
           (column->found.fractional || column->names.list.count > MAX_AUTO_CLASSES);
}

static void stop_collecting(snug_table_column *column) {
    snug_string_set_clear(&column->names);
    column->found.collects = false;
    column->found.partial = true;
}

/* Adds a value to the names of its column. Checks each different string once. */
static snug_status collect(snug_table *table, snug_table_column *column, const char *string,
                           size_t line) {
    size_t count = column->names.list.count;
    snug_status status = snug_string_set_add(&column->names, string, NULL);
    if (status == SNUG_OK && column->names.list.count > count) {
        char where[128];
        snprintf(where, sizeof where, "\"%.100s\"", column->name);
        status = snug_check_utf8(table->reader.file.path, line, where, string);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (ends_collecting(table, column)) {
        stop_collecting(column);
    }
    if (column->names.list.count <= SNUG_MAX_CATEGORIES) {
        return SNUG_OK;
    }
    if (column->target || column->declared) {
        return snug_table_fail_too_many(table, column);
    }
    /* Whether it is a column of numbers with a few mistakes is known at the end of the pass. */
    column->found.too_many = true;
    stop_collecting(column);
    return SNUG_OK;
}

/* ---- one value ------------------------------------------------------------------------------- */

/* Counts a cell, and keeps it as an example if it differs from those that are kept. */
static void add_example(snug_cell_notes *notes, const char *string, size_t line) {
    char example[SNUG_EXAMPLE_SIZE];
    notes->count++;
    if (notes->examples == SNUG_CELL_EXAMPLES) {
        return;
    }
    snug_table_copy_example(example, string);
    for (size_t i = 0; i < notes->examples; i++) {
        if (strcmp(notes->strings[i], example) == 0) {
            return;
        }
    }
    memcpy(notes->strings[notes->examples], example, sizeof example);
    notes->lines[notes->examples++] = line;
}

/* Makes the column's notes, which a column of numbers does without. */
static snug_status need_notes(snug_table_column *column) {
    if (column->notes == NULL) {
        column->notes = snug_alloc(1, sizeof *column->notes);
    }
    return column->notes != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status note_string(const snug_table *table, snug_table_column *column,
                               const char *string, size_t line) {
    if (need_notes(column) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    add_example(&column->notes->strings, string, line);
    snug_table_note_notation(table, column, string);
    if (!column->found.has_strings) {
        column->found.has_strings = true;
        column->found.collects = !column->target || may_be_classes(table, column);
    }
    return SNUG_OK;
}

/*
 * Notes one of the usual markers in a feature: a missing value if the column turns out to hold
 * numbers, otherwise a category. As long as no number has been seen it is collected, so that a
 * column of strings needs no other pass because its first values are markers.
 */
static snug_status note_marker(snug_table *table, snug_table_column *column, const char *string,
                               size_t line) {
    if (need_notes(column) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    add_example(&column->notes->markers, string, line);
    return column->found.collects || column->counts.numbers == 0
               ? collect(table, column, string, line)
               : SNUG_OK;
}

static void note_number(const snug_table *table, snug_table_column *column, const char *string) {
    column->counts.numbers++;
    if (may_be_classes(table, column) && !column->found.fractional) {
        double value = snug_table_parse_double(table, string);
        column->found.fractional = value != floor(value);
    }
}

/*
 * Returns what a marker is in a target: missing if the target holds values and the options list it,
 * otherwise a number or a string as others. It remains a marker as long as the target may be
 * either: then it is a class, or missing, and makes no classes of values.
 */
static snug_cell_kind target_kind(const snug_table *table, const char *string, bool quoted) {
    snug_task task = table->options.task;
    if (table->markers.listed && task == SNUG_TASK_REGRESSION) {
        return SNUG_CELL_MISSING;
    }
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = table->plain ? string : snug_table_rewrite(table, string, &quoted, plain);
    if (!quoted && snug_cell_classify(cell) == SNUG_CELL_NUMBER) {
        return SNUG_CELL_NUMBER;
    }
    return table->markers.listed && task == SNUG_TASK_AUTO ? SNUG_CELL_MARKER : SNUG_CELL_STRING;
}

static snug_status note_value(snug_table *table, snug_table_column *column, const char *string,
                              bool quoted, size_t line) {
    snug_status status = SNUG_OK;
    snug_cell_kind kind = snug_table_cell_kind(table, string, quoted);
    if (kind == SNUG_CELL_MARKER && column->target) {
        kind = target_kind(table, string, quoted);
    }
    bool marker = kind == SNUG_CELL_MARKER && !column->target;
    if (kind == SNUG_CELL_MISSING || (marker && table->markers.listed)) {
        column->counts.blanks++;
        return SNUG_OK;
    }
    if (kind == SNUG_CELL_NUMBER) {
        note_number(table, column, string);
    } else if (kind == SNUG_CELL_STRING) {
        status = note_string(table, column, string, line);
    } else if (marker && !column->declared) {
        return note_marker(table, column, string, line);
    }
    if (!column->found.collects) {
        column->found.partial = true;
        return status;
    }
    return status == SNUG_OK ? collect(table, column, string, line) : status;
}

/* ---- passes ---------------------------------------------------------------------------------- */

/* Notes the 0 of targets that a record leaves out, which is a class where others are. */
static snug_status note_absent_targets(snug_table *table, size_t line) {
    snug_status status = SNUG_OK;
    for (size_t i = table->first_target; i < table->end_target && status == SNUG_OK; i++) {
        snug_table_column *column = &table->columns[i];
        if (column->target && column->last_row != table->rows) {
            status = note_value(table, column, "0", false, line);
        }
    }
    return status;
}

static snug_status receive_record(void *user, const snug_record *record) {
    snug_table *table = user;
    table->records++;
    if (snug_table_missing_target(table, record) != NULL) {
        return SNUG_OK;
    }
    table->rows++;
    if (table->like != NULL) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < record->count; i++) {
        snug_table_column *column = &table->columns[i];
        if (record->columns != NULL) {
            column = &table->columns[record->columns[i]];
            column->last_row = table->rows;
            column->counts.cells++;
        }
        if (column->excluded) {
            continue;
        }
        bool quoted = record->quoted != NULL && record->quoted[i];
        snug_status status = note_value(table, column, record->fields[i], quoted, record->line);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return table->reader.format->absent_is_zero ? note_absent_targets(table, record->line)
                                                : SNUG_OK;
}

/* Whether some column turned out to hold strings after values of it were passed over. */
static bool must_repeat(const snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].found.collects && table->columns[i].found.partial) {
            return true;
        }
    }
    return false;
}

static snug_status run_pass(snug_table *table) {
    table->rows = table->records = 0;
    for (size_t i = 0; i < table->column_count && table->like == NULL; i++) {
        snug_table_column *column = &table->columns[i];
        column->found.partial = false;
        column->last_row = 0;
        column->counts = (snug_column_counts){0};
        snug_string_set_clear(&column->names);
        if (column->notes != NULL) {
            *column->notes = (snug_column_notes){0};
        }
    }
    snug_status status = snug_record_reader_run(&table->reader, receive_record, table);
    if (status == SNUG_OK && table->records == 0) {
        status =
            snug_fail(SNUG_ERROR_DATA, "%s: holds a header and no rows", table->reader.file.path);
    }
    return status == SNUG_OK && table->rows == 0 ? snug_table_fail_no_target(table) : status;
}

/* ---- what the columns are -------------------------------------------------------------------- */

static snug_column_role target_role(const snug_table *table, const snug_table_column *column) {
    size_t distinct = column->names.list.count;
    bool few = column->found.collects && distinct > 0 && distinct < (table->rows + 1) / 2;
    switch (table->options.task) {
    case SNUG_TASK_CLASSIFICATION:
        return SNUG_COLUMN_CLASS;
    case SNUG_TASK_REGRESSION:
        return SNUG_COLUMN_VALUE;
    default:
        return column->found.has_strings || few ? SNUG_COLUMN_CLASS : SNUG_COLUMN_VALUE;
    }
}

/* Gives a target its role. */
static void assign_target(snug_table *table, snug_table_column *column) {
    column->role = target_role(table, column);
    bool classes = column->role == SNUG_COLUMN_CLASS;
    table->classes = classes ? column->names.list.count : 0;
    table->outputs = classes ? 0 : table->target_count;
}

/* Returns whether a column of features, whose role is known, has missing values. */
static bool has_missing(const snug_table *table, const snug_table_column *column) {
    const snug_record_format *format = table->reader.format;
    bool absent = format->keyed && !format->absent_is_zero && column->counts.cells < table->rows;
    bool markers = column->role == SNUG_COLUMN_NUMBER && column->notes != NULL &&
                   column->notes->markers.count > 0;
    return column->counts.blanks > 0 || absent || markers;
}

/* Returns whether the categories of a column are too many for a feature each. */
static bool is_embedded(const snug_table *table, const snug_table_column *column) {
    size_t above = table->options.embedding_above;
    return table->options.categories == SNUG_CATEGORIES_EMBEDDING &&
           column->names.list.count > (above > 0 ? above : SNUG_EMBEDDING_ABOVE);
}

/* Gives a feature its role and the number of its first feature. */
static void assign_feature(snug_table *table, snug_table_column *column) {
    bool category = column->found.has_strings || column->declared;
    column->role = category ? SNUG_COLUMN_CATEGORY : SNUG_COLUMN_NUMBER;
    column->first = table->features;
    column->embedding = category && is_embedded(table, column);
    column->integer =
        column->embedding || (category && table->options.categories == SNUG_CATEGORIES_INTEGER);
    if (!category) {
        snug_string_set_clear(&column->names); /* markers, which are missing values then */
    }
    column->indicator = table->options.missing_indicator && has_missing(table, column);
    table->features += snug_table_column_values(column) + column->indicator;
}

static snug_status assign_roles(snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        if (column->excluded) {
            continue;
        }
        if (column->found.collects && snug_table_names_join(table, column) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
        if (column->target) {
            assign_target(table, column);
        } else {
            assign_feature(table, column);
        }
    }
    return SNUG_OK;
}

/* Categories and classes need a name; a string that an earlier pass found may be gone. */
static snug_status check_names(const snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        bool named = column->role == SNUG_COLUMN_CATEGORY || column->role == SNUG_COLUMN_CLASS;
        if (!named || column->names.list.count > 0) {
            continue;
        }
        if (column->found.has_strings) {
            return snug_fail_changed(table->reader.file.path);
        }
        return snug_fail(SNUG_ERROR_DATA, "%s: column \"%s\": its value is missing in every row",
                         table->reader.file.path, column->name);
    }
    return SNUG_OK;
}

snug_status snug_table_infer(snug_table *table) {
    snug_status status = run_pass(table);
    if (table->like != NULL) {
        return status;
    }
    bool repeat = true;
    while (status == SNUG_OK && repeat) {
        repeat = must_repeat(table);
        status = snug_table_check_strings(table, !repeat);
        if (status == SNUG_OK && repeat) {
            status = run_pass(table);
        }
    }
    if (status == SNUG_OK) {
        status = snug_table_leave_out_nameless(table);
    }
    if (status == SNUG_OK) {
        status = assign_roles(table);
    }
    if (status == SNUG_OK) {
        status = check_names(table);
    }
    return status == SNUG_OK ? snug_table_report(table) : status;
}
