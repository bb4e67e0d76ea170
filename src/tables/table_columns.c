#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "tables/table_columns.h"

enum { MAX_LIST = 256 };

static const char *path_of(const snug_table *table) {
    return table->reader.file.path;
}

/* ---- columns by their names ------------------------------------------------------------------ */

/* Returns the column with that number from 1, of columns without names, or SNUG_NOT_IN_SET. */
static size_t numbered_column(const snug_table *table, const char *string) {
    size_t digits = strspn(string, "0123456789");
    unsigned long long number = strtoull(string, NULL, 10);
    if (digits == 0 || string[digits] != 0 || number < 1 || number > table->column_count) {
        return SNUG_NOT_IN_SET;
    }
    return (size_t)number - 1;
}

/* Names the nearest column, or otherwise all of them. */
static snug_status fail_unknown_column(const snug_table *table, const char *name) {
    const snug_record_reader *reader = &table->reader;
    const char *const *names = (const char *const *)reader->columns.list.items;
    if (table->column_count == 1) {
        const char *hint = reader->hint != NULL ? reader->hint : reader->format->single_column_hint;
        return snug_fail(
            SNUG_ERROR_DATA, "%s: there is no column \"%s\"; the only one is \"%.200s\"%s%s",
            path_of(table), name, names[0], hint != NULL ? ": " : "", hint != NULL ? hint : "");
    }
    const char *nearest = snug_nearest_name(name, names, table->column_count);
    char list[MAX_LIST];
    snug_quote_names(names, table->column_count, list, sizeof list);
    return snug_fail(SNUG_ERROR_DATA, "%s: there is no column \"%s\"; %s%s%s", path_of(table), name,
                     nearest != NULL ? "did you mean \"" : "there are ",
                     nearest != NULL ? nearest : list, nearest != NULL ? "\"?" : "");
}

size_t snug_table_find_column(const snug_table *table, const char *name) {
    size_t index = snug_string_set_find_trimmed(&table->reader.columns, name);
    if (index == SNUG_NOT_IN_SET && table->options.no_header) {
        index = numbered_column(table, name);
    }
    if (index == SNUG_NOT_IN_SET) {
        fail_unknown_column(table, name);
    }
    return index;
}

/* Returns the column that snug_table_find_column() finds, or NULL after snug_fail(). */
static snug_table_column *find_column(snug_table *table, const char *name) {
    size_t index = snug_table_find_column(table, name);
    return index != SNUG_NOT_IN_SET ? &table->columns[index] : NULL;
}

/* ---- weights, split, group, ignored ---------------------------------------------------------- */

static snug_status exclude(snug_table *table, const char *name, snug_column_role role) {
    snug_table_column *column = find_column(table, name);
    if (column == NULL) {
        return snug_error_status();
    }
    if (column->excluded && column->role != role) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: the column \"%s\" can be only one of weights, split, group and ignored",
            path_of(table), column->name);
    }
    column->excluded = true;
    column->role = role;
    return SNUG_OK;
}

static snug_status exclude_columns(snug_table *table) {
    const snug_csv_options *o = &table->options;
    snug_status status =
        o->weights != NULL ? exclude(table, o->weights, SNUG_COLUMN_WEIGHT) : SNUG_OK;
    if (status == SNUG_OK && o->split != NULL) {
        status = exclude(table, o->split, SNUG_COLUMN_PART);
    }
    if (status == SNUG_OK && o->group != NULL) {
        status = exclude(table, o->group, SNUG_COLUMN_GROUP);
    }
    for (size_t i = 0; o->ignore != NULL && o->ignore[i] != NULL && status == SNUG_OK; i++) {
        status = exclude(table, o->ignore[i], SNUG_COLUMN_IGNORED);
    }
    return status;
}

/* ---- targets --------------------------------------------------------------------------------- */

/* Fails because no column is left as a feature. */
static snug_status fail_all_targets(const snug_table *table) {
    if (table->column_count > 1) {
        return snug_fail(SNUG_ERROR_DATA, "%s: all columns are targets: none is left as a feature",
                         path_of(table));
    }
    const char *hint = table->reader.hint;
    return snug_fail(SNUG_ERROR_DATA, "%s: \"%s\", the target, is the only column%s%s",
                     path_of(table), table->columns[0].name, hint != NULL ? ": " : "",
                     hint != NULL ? hint : "");
}

/* Makes a column the next target. */
static snug_status add_target(snug_table *table, snug_table_column *column) {
    if (column->target) {
        return snug_fail(SNUG_ERROR_DATA, "%s: the target \"%s\" is named twice", path_of(table),
                         column->name);
    }
    if (column->excluded) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: the target \"%s\" cannot be weights, split, group or ignored too",
                         path_of(table), column->name);
    }
    column->target = true;
    /* Where the rows decide, for now: the role of classes, which have no markers. */
    column->role =
        table->options.task == SNUG_TASK_REGRESSION ? SNUG_COLUMN_VALUE : SNUG_COLUMN_CLASS;
    column->first = table->target_count++;
    snug_table_include_target(table, (size_t)(column - table->columns));
    column->found.collects = table->options.task != SNUG_TASK_REGRESSION;
    return table->target_count == table->column_count ? fail_all_targets(table) : SNUG_OK;
}

static snug_status add_named_target(snug_table *table, const char *name) {
    snug_table_column *column = find_column(table, name);
    return column != NULL ? add_target(table, column) : snug_error_status();
}

/* Whether a column may be a target that no option names: it has a name and no other use. */
static bool may_be_target(const snug_table_column *column) {
    return !column->excluded && !column->nameless;
}

/* Adds the last columns that are nothing else, as many as the format has targets. */
static snug_status add_default_targets(snug_table *table) {
    size_t wanted = table->reader.default_targets, first = table->column_count;
    if (wanted == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: no row has a target", path_of(table));
    }
    while (first > 0 && wanted > 0) {
        first--;
        wanted -= may_be_target(&table->columns[first]);
    }
    if (wanted > 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: no column is left as the target", path_of(table));
    }
    snug_status status = SNUG_OK;
    for (size_t i = first; i < table->column_count && status == SNUG_OK; i++) {
        if (may_be_target(&table->columns[i])) {
            status = add_target(table, &table->columns[i]);
        }
    }
    return status;
}

static snug_status choose_targets(snug_table *table) {
    const char *const *names = table->options.targets;
    if (table->options.task == SNUG_TASK_NONE) {
        return SNUG_OK;
    }
    if (names == NULL) {
        return table->options.target != NULL ? add_named_target(table, table->options.target)
                                             : add_default_targets(table);
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; names[i] != NULL && status == SNUG_OK; i++) {
        status = add_named_target(table, names[i]);
    }
    return status;
}

/* ---- features -------------------------------------------------------------------------------- */

/* Leaves only the named columns as features. */
static snug_status keep_named(snug_table *table, const char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        snug_table_column *column = find_column(table, names[i]);
        if (column == NULL) {
            return snug_error_status();
        }
        if (column->excluded || column->target) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: the column \"%s\" cannot be a feature and something else too",
                             path_of(table), column->name);
        }
        column->chosen = true;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        if (!(column->chosen || column->excluded || column->target)) {
            column->excluded = true;
            column->role = SNUG_COLUMN_IGNORED;
        }
    }
    return SNUG_OK;
}

static snug_status choose_features(snug_table *table) {
    const char *const *names = table->options.columns;
    snug_status status = names != NULL ? keep_named(table, names) : SNUG_OK;
    bool features = false;
    for (size_t i = 0; i < table->column_count; i++) {
        features = features || !(table->columns[i].excluded || table->columns[i].target);
    }
    if (status == SNUG_OK && !features) {
        return snug_fail(SNUG_ERROR_DATA, "%s: no column is left as a feature", path_of(table));
    }
    return status;
}

/* Declares columns categorical, which must be features. */
static snug_status declare_categories(snug_table *table) {
    const char *const *names = table->options.categorical;
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        snug_table_column *column = find_column(table, names[i]);
        if (column == NULL) {
            return snug_error_status();
        }
        if (column->excluded || column->target) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: the column \"%s\" is declared categorical and is no feature",
                             path_of(table), column->name);
        }
        column->declared = column->found.collects = true;
    }
    return SNUG_OK;
}

snug_status snug_table_choose_columns(snug_table *table) {
    snug_status status = exclude_columns(table);
    if (status == SNUG_OK) {
        status = choose_targets(table);
    }
    if (status == SNUG_OK) {
        status = choose_features(table);
    }
    return status == SNUG_OK ? declare_categories(table) : status;
}

/* ---- columns without a name ------------------------------------------------------------------ */

static bool is_feature(const snug_table_column *column) {
    return !column->excluded && !column->target;
}

/* Whether the options leave open what becomes of a column that has no name. */
static bool is_open(const snug_table_column *column) {
    return column->nameless && is_feature(column) && !column->chosen;
}

/* Whether the pass over all rows has seen a value: it was passed over, or is among the names. */
static bool has_values(const snug_table_column *column) {
    return column->found.partial || column->names.list.count > 0;
}

/*
 * Warns once of all features that have no name, and have values or not; `one` and `several` are
 * what becomes of them, after their names.
 */
static snug_status warn_nameless(snug_table *table, bool values, const char *one,
                                 const char *several) {
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
    snug_status status = warn_nameless(table, true, "a feature unless \"ignore\" lists it",
                                       "features unless \"ignore\" lists them");
    if (status == SNUG_OK) {
        status = warn_nameless(table, false, "left out: empty in every row",
                               "left out: empty in every row");
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
