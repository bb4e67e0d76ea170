#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "tables/table_nameless.h"

enum { MAX_LIST = 256 };

static bool is_feature(const snug_table_column *column) {
    return !column->excluded && !column->target;
}

/* Whether the options leave open what becomes of a column that has no name. */
static bool is_open(const snug_table_column *column) {
    return column->nameless && is_feature(column) && !column->chosen;
}

/* Whether the pass over all rows has seen a value: it was passed over, or is among the names. */
static bool has_values(const snug_table_column *column) {
    return column->partial || column->names.list.count > 0;
}

/*
 * Warns once of all features that have no name, and have values or not; `one` and `several` are
 * what becomes of them, after their names.
 */
static snug_status warn(snug_table *table, bool values, const char *one, const char *several) {
    const char **names = snug_alloc(table->column_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (is_open(column) && has_values(column) == values) {
            names[count++] = column->name;
        }
    }
    snug_status status = names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (count > 0) {
        char list[MAX_LIST];
        snug_quote_names(names, count, list, sizeof list);
        status = snug_warn(&table->reader.warnings,
                           "%s:%zu: %zu column%s of the header %s no "
                           "name, called %s by %s: %s",
                           table->reader.file.path, table->reader.first_line, count,
                           count == 1 ? "" : "s", count == 1 ? "has" : "have", list,
                           count == 1 ? "its number" : "their numbers", count == 1 ? one : several);
    }
    snug_release(names);
    return status;
}

snug_status snug_table_leave_out_nameless(snug_table *table) {
    if (table->reader.nameless.list.count == 0) {
        return SNUG_OK;
    }
    snug_status status = warn(table, true, "a feature unless \"ignore\" lists it",
                              "features unless \"ignore\" lists them");
    if (status == SNUG_OK) {
        status = warn(table, false, "left out: empty in every row", "left out: empty in every row");
    }
    size_t features = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        if (is_open(column) && !has_values(column)) {
            column->excluded = true;
            column->role = SNUG_COLUMN_IGNORED;
        }
        features += is_feature(column);
    }
    return status == SNUG_OK && features == 0
               ? snug_fail(SNUG_ERROR_DATA, "%s: no column is left as a feature",
                           table->reader.file.path)
               : status;
}

snug_status snug_table_warn_unknown_nameless(snug_table *table, const snug_table_column *column) {
    return snug_warn(&table->reader.warnings,
                     "%s:%zu: a column of the header has no name, called \"%s\" by its number: "
                     "left out, because the model does not know it",
                     table->reader.file.path, table->reader.first_line, column->name);
}
