#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "explain/columns.h"

/* Lists all columns; without names of columns each feature is one. */
static snug_status list_all(const snug_dataset *data, snug_explain_columns *columns) {
    const snug_table_schema *table = data->storage->table;
    size_t first = 0;
    columns->count = table->column_count;
    columns->items = snug_alloc(columns->count, sizeof *columns->items);
    if (columns->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < columns->count; i++) {
        const snug_column *column = table->columns != NULL ? &table->columns[i] : NULL;
        columns->items[i] = (snug_explain_column){
            .name = column != NULL ? column->name : snug_dataset_column_name(data, i),
            .table = column,
            .first = first,
            .count = column != NULL ? snug_column_features(column) : 1,
            .number = i};
        first += columns->items[i].count;
    }
    return SNUG_OK;
}

/* Fails for a name that no column has, with the nearest one. */
static snug_status fail_unknown(const snug_explain_columns *columns, const char *name) {
    const char **names = snug_alloc(columns->count, sizeof *names);
    if (names == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < columns->count; i++) {
        names[i] = columns->items[i].name;
    }
    const char *nearest = snug_nearest_name(name, names, columns->count);
    snug_status status =
        nearest != NULL
            ? snug_fail(SNUG_ERROR_ARGUMENT,
                        "the data has no column of features \"%s\"; did you mean \"%s\"?", name,
                        nearest)
            : snug_fail(SNUG_ERROR_ARGUMENT, "the data has no column of features \"%s\"", name);
    snug_release(names);
    return status;
}

static bool is_named(const char *name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Fails where one of the names is NULL or of no column. */
static snug_status check_names(const snug_explain_columns *columns, const char *const *names,
                               size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool found = false;
        if (names[i] == NULL) {
            return snug_fail_null("the name of a column");
        }
        for (size_t j = 0; j < columns->count && !found; j++) {
            found = strcmp(columns->items[j].name, names[i]) == 0;
        }
        if (!found) {
            return fail_unknown(columns, names[i]);
        }
    }
    return SNUG_OK;
}

snug_status snug_explain_columns_list(const snug_dataset *data, const char *const *names,
                                      size_t count, snug_explain_columns *columns) {
    size_t kept = 0;
    *columns = (snug_explain_columns){0};
    if ((names != NULL) != (count > 0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         names != NULL ? "column_count: must be that of the columns (got 0)"
                                       : "columns: must be the names of column_count columns, "
                                         "not NULL");
    }
    snug_status status = list_all(data, columns);
    if (status == SNUG_OK && names != NULL) {
        status = check_names(columns, names, count);
    }
    for (size_t i = 0; status == SNUG_OK && i < columns->count; i++) {
        if (names == NULL || is_named(columns->items[i].name, names, count)) {
            columns->items[kept++] = columns->items[i];
        }
    }
    columns->count = kept;
    return status;
}
