#include <math.h>
#include <stdio.h>

#include "core/number.h"
#include "core/status.h"
#include "tables/table_infer.h"
#include "tables/table_nameless.h"

enum {
    MAX_AUTO_CLASSES = 20, /* <snug/data.h> promises it of SNUG_TASK_AUTO */
    MAX_CATEGORIES = 4096  /* a column of more different strings is no category */
};

/* ---- one value ------------------------------------------------------------------------------- */

/* Whether a column's values are needed before a string has been seen in it. */
static bool may_be_classes(const snug_table *table, const snug_table_column *column) {
    return column->target && table->options.task != SNUG_TASK_REGRESSION;
}

/* The automatic choice is over once a number is not whole, or there are too many. */
static bool ends_collecting(const snug_table *table, const snug_table_column *column) {
    return !column->has_strings && table->options.task == SNUG_TASK_AUTO &&
           (column->fractional || column->names.list.count > MAX_AUTO_CLASSES);
}

static snug_status fail_too_many(const snug_table *table, const snug_table_column *column) {
    const char *path = table->reader.file.path;
    if (!column->has_strings) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: column \"%s\": more than %d different values are too many for classes", path,
            column->name, MAX_CATEGORIES);
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: column \"%s\": holds a string here, and more than %d different "
                     "values are too many for categories",
                     path, column->string_line, column->name, MAX_CATEGORIES);
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
        snug_string_set_clear(&column->names);
        column->collects = false;
        column->partial = true;
    }
    return column->names.list.count > MAX_CATEGORIES ? fail_too_many(table, column) : SNUG_OK;
}

static snug_status note_value(snug_table *table, snug_table_column *column, const char *string,
                              bool quoted, size_t line) {
    snug_cell_kind kind = snug_table_cell_kind(string, quoted);
    if (kind == SNUG_CELL_MISSING) {
        return SNUG_OK;
    }
    if (kind == SNUG_CELL_STRING && !column->has_strings) {
        column->has_strings = true;
        column->string_line = line;
        if (!column->target || may_be_classes(table, column)) {
            column->collects = true;
        }
    }
    if (may_be_classes(table, column) && kind == SNUG_CELL_NUMBER && !column->fractional) {
        double value = snug_parse_double(string);
        column->fractional = value != floor(value);
    }
    if (!column->collects) {
        column->partial = true;
        return SNUG_OK;
    }
    return collect(table, column, string, line);
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
    table->rows++;
    if (table->like != NULL) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < record->count; i++) {
        snug_table_column *column = &table->columns[i];
        if (record->columns != NULL) {
            column = &table->columns[record->columns[i]];
            column->last_row = table->rows;
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
        if (table->columns[i].collects && table->columns[i].partial) {
            return true;
        }
    }
    return false;
}

static snug_status run_pass(snug_table *table) {
    table->rows = 0;
    for (size_t i = 0; i < table->column_count && table->like == NULL; i++) {
        table->columns[i].partial = false;
        table->columns[i].last_row = 0;
        snug_string_set_clear(&table->columns[i].names);
    }
    snug_status status = snug_record_reader_run(&table->reader, receive_record, table);
    if (status == SNUG_OK && table->rows == 0) {
        status =
            snug_fail(SNUG_ERROR_DATA, "%s: holds a header and no rows", table->reader.file.path);
    }
    return status;
}

/* ---- what the columns are -------------------------------------------------------------------- */

static snug_column_role target_role(const snug_table *table, const snug_table_column *column) {
    size_t distinct = column->names.list.count;
    bool few = column->collects && distinct > 0 && distinct < (table->rows + 1) / 2;
    switch (table->options.task) {
    case SNUG_TASK_CLASSIFICATION:
        return SNUG_COLUMN_CLASS;
    case SNUG_TASK_REGRESSION:
        return SNUG_COLUMN_VALUE;
    default:
        return column->has_strings || few ? SNUG_COLUMN_CLASS : SNUG_COLUMN_VALUE;
    }
}

/* Gives every column its role and the number of its first feature. */
static void assign_roles(snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        if (column->excluded) {
            continue;
        }
        if (column->collects) {
            snug_string_set_sort(&column->names);
        }
        if (column->target) {
            column->role = target_role(table, column);
            bool classes = column->role == SNUG_COLUMN_CLASS;
            table->classes = classes ? column->names.list.count : 0;
            table->outputs = classes ? 0 : table->target_count;
        } else {
            bool category = column->has_strings;
            column->role = category ? SNUG_COLUMN_CATEGORY : SNUG_COLUMN_NUMBER;
            column->first = table->features;
            column->integer = category && table->options.categories == SNUG_CATEGORIES_INTEGER;
            table->features += category && !column->integer ? column->names.list.count : 1;
        }
    }
}

/* Categories and classes need a name; a string that an earlier pass found may be gone. */
static snug_status check_names(const snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        bool named = column->role == SNUG_COLUMN_CATEGORY || column->role == SNUG_COLUMN_CLASS;
        if (!named || column->names.list.count > 0) {
            continue;
        }
        if (column->has_strings) {
            return snug_fail_changed(table->reader.file.path);
        }
        return snug_fail(SNUG_ERROR_DATA, "%s: column \"%s\": the target is missing in every row",
                         table->reader.file.path, column->name);
    }
    return SNUG_OK;
}

snug_status snug_table_infer(snug_table *table) {
    snug_status status = run_pass(table);
    if (table->like != NULL) {
        return status;
    }
    while (status == SNUG_OK && must_repeat(table)) {
        status = run_pass(table);
    }
    if (status != SNUG_OK) {
        return status;
    }
    status = snug_table_leave_out_nameless(table);
    if (status != SNUG_OK) {
        return status;
    }
    assign_roles(table);
    return check_names(table);
}
