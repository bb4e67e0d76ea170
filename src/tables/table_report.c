#include <stdio.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/content_warnings.h"
#include "tables/table_missing.h"
#include "tables/table_notation.h"
#include "tables/table_report.h"

enum {
    MIN_VALUES = 20,   /* of a column whose share of numbers means something */
    FEW_DIFFERENT = 20 /* so many different values may be codes, such as 0, 1, 2 and 3+ */
};

/* The end of a message about a column whose values are too many. */
static const char *remedy_of(const snug_table_column *column) {
    return column->target ? "\"loss\": \"mse\" takes values" : "\"ignore\" leaves the column out";
}

snug_status snug_table_fail_too_many(const snug_table *table, const snug_table_column *column) {
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: column \"%s\": more than %d different values are too many for %s; %s",
                     table->reader.file.path, column->name, SNUG_MAX_CATEGORIES,
                     column->target ? "classes" : "categories", remedy_of(column));
}

/* Writes `"abc" in line 7, "x" in line 9 ...` into list[size]. */
static void list_examples(const snug_cell_notes *notes, char *list, size_t size) {
    size_t used = 0;
    list[0] = 0;
    for (size_t i = 0; i < notes->examples; i++) {
        int length = snprintf(list + used, size - used, "%s\"%s\" in line %zu", i > 0 ? ", " : "",
                              notes->strings[i], notes->lines[i]);
        used += length > 0 ? (size_t)length : 0;
    }
    if (notes->count > notes->examples) {
        snprintf(list + used, size - used, " ...");
    }
}

enum { LIST_SIZE = SNUG_CELL_EXAMPLES * (SNUG_EXAMPLE_SIZE + 48) };

/* ---- strings in a column of numbers ---------------------------------------------------------- */

static snug_status fail_mixed(const snug_table *table, const snug_table_column *column) {
    const snug_cell_notes *strings = &column->notes->strings;
    char list[LIST_SIZE];
    list_examples(strings, list, sizeof list);
    snug_fail(SNUG_ERROR_DATA,
              "holds %s, where %zu of %zu values are numbers: correct it, or read it with "
              "\"missing_values\": [\"%s\"]%s%.100s%s",
              list, column->counts.numbers, column->counts.numbers + strings->count,
              strings->strings[0], column->target ? "" : ", \"categorical\": [\"",
              column->target ? "" : column->name, column->target ? "" : "\"], or \"ignore\"");
    return snug_fail_in("%s:%zu: column \"%s\"", table->reader.file.path, strings->lines[0],
                        column->name);
}

/*
 * Returns the largest share of strings, 1 of so many values, that is taken for a mistake: 1 of 10;
 * 1 of 20 where so few values are different, or not known to be more, that all may be codes.
 */
static size_t mistaken_share(const snug_table_column *column, bool complete) {
    bool many = column->found.too_many || (complete && column->names.list.count > FEW_DIFFERENT);
    return many ? 10 : 20;
}

/*
 * Whether strings are there by mistake. Fewer than 20 values show nothing. Where the target is
 * chosen to be classes or values, few different values are classes.
 */
static bool is_mixed(const snug_table *table, const snug_table_column *column, bool complete) {
    size_t strings = column->notes != NULL ? column->notes->strings.count : 0;
    size_t all = column->counts.numbers + strings;
    if (strings == 0 || all < MIN_VALUES || column->declared || column->excluded) {
        return false;
    }
    size_t share = mistaken_share(column, complete);
    return strings <= all / share &&
           (!column->target || (table->options.task == SNUG_TASK_AUTO && share < 20));
}

snug_status snug_table_check_strings(const snug_table *table, bool complete) {
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (snug_table_check_notation(table, column) != SNUG_OK) {
            return snug_error_status();
        }
        if (is_mixed(table, column, complete)) {
            return fail_mixed(table, column);
        }
        if (column->found.too_many) {
            return snug_table_fail_too_many(table, column);
        }
    }
    return SNUG_OK;
}

/* ---- warnings -------------------------------------------------------------------------------- */

/*
 * Warns that the usual markers were taken for missing values. Options that say what becomes of
 * missing values expect them, and need no warning.
 */
static snug_status warn_of_markers(snug_table *table, const snug_table_column *column) {
    const snug_cell_notes *markers = &column->notes->markers;
    return snug_warn(&table->reader.warnings,
                     "%s:%zu: column \"%s\": %zu cell%s \"%s\"%s, taken for %s; "
                     "\"missing_values\" lists others",
                     table->reader.file.path, markers->lines[0], column->name, markers->count,
                     markers->count == 1 ? " holds" : "s hold", markers->strings[0],
                     markers->examples > 1 ? " or the like" : "",
                     markers->count == 1 ? "a missing value" : "missing values");
}

/* Warns of a column that became categorical by a few of its values. */
static snug_status warn_of_strings(snug_table *table, const snug_table_column *column) {
    const snug_cell_notes *strings = &column->notes->strings;
    char list[LIST_SIZE];
    list_examples(strings, list, sizeof list);
    return snug_warn(&table->reader.warnings,
                     "%s:%zu: column \"%s\": became categorical, because it holds %s; the other "
                     "%zu values are numbers: \"categorical\" says that it is meant, "
                     "\"missing_values\" that these are missing",
                     table->reader.file.path, strings->lines[0], column->name, list,
                     column->counts.numbers);
}

/* Warns of a column of strings that look like numbers, as JSON has them in quotes. */
static snug_status warn_of_quotes(snug_table *table, const snug_table_column *column) {
    return snug_warn(&table->reader.warnings,
                     "%s:%zu: column \"%s\": became categorical, because its numbers are strings "
                     "in quotes, such as \"%s\"; \"categorical\" says that it is meant",
                     table->reader.file.path, column->notes->strings.lines[0], column->name,
                     column->notes->strings.strings[0]);
}

/* Warns of a column of strings that are nearly all different, as names and identifiers are. */
static snug_status warn_of_identifiers(snug_table *table, const snug_table_column *column) {
    return snug_warn(&table->reader.warnings,
                     "%s: column \"%s\": has %zu categories in %zu rows, which are too few rows of "
                     "each to learn from; \"ignore\" leaves the column out, \"categorical\" says "
                     "that it is meant",
                     table->reader.file.path, column->name, column->names.list.count, table->rows);
}

typedef snug_status warn_fn(snug_table *table, const snug_table_column *column);

/* Returns the warning that a column of categories needs, or NULL. */
static warn_fn *category_warning(const snug_table *table, const snug_table_column *column) {
    size_t categories = column->names.list.count, numbers = column->name_value_count;
    if (column->counts.numbers > 0 && column->counts.numbers >= column->notes->strings.count) {
        return warn_of_strings;
    }
    if (column->counts.numbers == 0 && numbers > FEW_DIFFERENT &&
        numbers > categories - categories / 10) {
        return warn_of_quotes;
    }
    return categories > FEW_DIFFERENT && categories > table->rows / 2 ? warn_of_identifiers : NULL;
}

/* Warns of numbers that were read as classes because the loss wants them, and look like values. */
static snug_status report_classes(snug_table *table, const snug_table_column *column) {
    size_t classes = column->names.list.count, strings = classes - column->name_value_count;
    if (table->options.task != SNUG_TASK_CLASSIFICATION || strings > classes / 10) {
        return SNUG_OK;
    }
    char *where = snug_format("%s: column \"%s\"", table->reader.file.path, column->name);
    snug_status status = where != NULL
                             ? snug_warn_of_many_classes(&table->reader.warnings, where, classes,
                                                         table->rows, column->found.fractional)
                             : SNUG_ERROR_MEMORY;
    snug_release(where);
    return status;
}

/* Columns that need a warning so far. */
typedef struct warned_columns {
    size_t markers, categories;
} warned_columns;

/* Warns of a column once, and counts it. */
static snug_status report_column(snug_table *table, const snug_table_column *column,
                                 warned_columns *warned) {
    const snug_column_notes *notes = column->notes;
    if (column->role == SNUG_COLUMN_CLASS) {
        return report_classes(table, column);
    }
    if (notes == NULL || column->declared) {
        return SNUG_OK;
    }
    if (column->role == SNUG_COLUMN_CATEGORY) {
        warn_fn *warn = category_warning(table, column);
        return warn != NULL && ++warned->categories <= SNUG_MAX_COLUMN_WARNINGS
                   ? warn(table, column)
                   : SNUG_OK;
    }
    if (column->role != SNUG_COLUMN_NUMBER || notes->markers.count == 0 ||
        snug_table_chooses_missing(table)) {
        return SNUG_OK;
    }
    return ++warned->markers <= SNUG_MAX_COLUMN_WARNINGS ? warn_of_markers(table, column) : SNUG_OK;
}

/* Warns of the columns beyond the largest number of warnings, by their number alone. */
static snug_status report_others(snug_table *table, const warned_columns *warned) {
    const char *path = table->reader.file.path;
    snug_status status = SNUG_OK;
    if (warned->markers > SNUG_MAX_COLUMN_WARNINGS) {
        status = snug_warn(&table->reader.warnings,
                           "%s: %zu more columns of numbers hold markers of missing values, taken "
                           "for such; \"missing_values\" lists others",
                           path, warned->markers - SNUG_MAX_COLUMN_WARNINGS);
    }
    if (status == SNUG_OK && warned->categories > SNUG_MAX_COLUMN_WARNINGS) {
        status = snug_warn(&table->reader.warnings,
                           "%s: %zu more columns became categorical, or have nearly a category a "
                           "row; \"categorical\" says that it is meant, \"ignore\" leaves them "
                           "out",
                           path, warned->categories - SNUG_MAX_COLUMN_WARNINGS);
    }
    return status;
}

snug_status snug_table_report(snug_table *table) {
    warned_columns warned = {0};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        status = report_column(table, &table->columns[i], &warned);
    }
    return status == SNUG_OK ? report_others(table, &warned) : status;
}
