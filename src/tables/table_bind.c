#include <stdio.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/spelling.h"
#include "core/status.h"
#include "schema/table_schema.h"
#include "tables/table_bind.h"
#include "tables/table_columns.h"
#include "tables/table_names.h"

/* Finds the columns of the other table by their names, in constant time. */
typedef struct known_columns {
    const snug_table_schema *like;
    size_t *first; /* number of the first feature of each column */
    bool *found;   /* whether the column is in this table too */
    snug_string_set features, targets, weights, ignored;
} known_columns;

/*
 * Adds the names of the targets. Classes have one target, whose name may not be known: `unnamed` is
 * what it is called then, or NULL.
 */
static snug_status index_targets(snug_string_set *targets, const snug_table_schema *like,
                                 const char *unnamed) {
    if (like->classes.count == 0) {
        return snug_string_set_add_all_trimmed(targets, &like->targets);
    }
    char *name = like->target != NULL ? like->target : (char *)unnamed;
    return name != NULL ? snug_string_set_add_all_trimmed(targets, &(snug_strings){&name, 1})
                        : SNUG_OK;
}

/*
 * Adds the names of the features. Those of a table whose columns have no names are called x1, x2
 * ... everywhere, so that the keys of a record can name them; only a table whose columns have an
 * order is matched by positions instead.
 */
static snug_status index_features(known_columns *known, const snug_table_schema *like,
                                  bool numbered) {
    known->first = snug_alloc(like->column_count, sizeof *known->first);
    known->found = snug_alloc(like->column_count, sizeof *known->found);
    if (known->first == NULL || known->found == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    size_t first = 0;
    for (size_t i = 0; i < like->column_count; i++) {
        known->first[i] = first;
        first += like->columns != NULL ? snug_column_features(&like->columns[i]) : 1;
    }
    return like->columns != NULL || numbered ? snug_add_feature_names(&known->features, like)
                                             : SNUG_OK;
}

static snug_status known_open(known_columns *known, const snug_table_schema *like, bool numbered) {
    *known = (known_columns){.like = like};
    snug_status status = index_features(known, like, numbered);
    if (status == SNUG_OK) {
        status = index_targets(&known->targets, like, numbered ? SNUG_UNNAMED_TARGET : NULL);
    }
    if (status == SNUG_OK) {
        status = snug_string_set_add_all_trimmed(&known->weights, &like->weights);
    }
    return status == SNUG_OK ? snug_string_set_add_all_trimmed(&known->ignored, &like->ignored)
                             : status;
}

static void known_close(known_columns *known) {
    snug_release(known->first);
    snug_release(known->found);
    snug_string_set_clear(&known->features);
    snug_string_set_clear(&known->targets);
    snug_string_set_clear(&known->weights);
    snug_string_set_clear(&known->ignored);
}

/* ---- what a column becomes ------------------------------------------------------------------- */

static snug_status become_feature(const snug_table *table, snug_table_column *column,
                                  known_columns *known, size_t index) {
    column->first = known->first[index];
    column->role = SNUG_COLUMN_NUMBER;
    known->found[index] = true;
    if (known->like->columns == NULL) {
        return SNUG_OK;
    }
    const snug_column *from = &known->like->columns[index];
    if (from->categories.count > 0) {
        column->role = SNUG_COLUMN_CATEGORY;
    }
    column->integer = from->integer;
    column->embedding = from->embedding;
    column->indicator = from->indicator;
    return snug_table_names_copy(table, column, &from->categories);
}

static void become_excluded(snug_table_column *column, snug_column_role role) {
    column->excluded = true;
    column->role = role;
}

/* Whether targets and weights are ignored: in rows to be predicted they may be empty. */
static bool reads_features_alone(const snug_table *table) {
    return table->options.task == SNUG_TASK_NONE;
}

static snug_status become_target(snug_table *table, snug_table_column *column, size_t index) {
    if (reads_features_alone(table)) {
        become_excluded(column, SNUG_COLUMN_IGNORED);
        return SNUG_OK;
    }
    table->target_count++;
    column->target = true;
    snug_table_include_target(table, (size_t)(column - table->columns));
    column->role = table->like->classes.count > 0 ? SNUG_COLUMN_CLASS : SNUG_COLUMN_VALUE;
    column->first = index;
    return snug_table_names_copy(table, column, &table->like->classes);
}

/* ---- by name --------------------------------------------------------------------------------- */

/* Whether the first line seems to hold values: a number is there, and no name of a feature. */
static bool lacks_header(const snug_table *table, const snug_string_set *known) {
    bool number = false, name = table->reader.format->keyed;
    for (size_t i = 0; i < table->column_count && !name; i++) {
        const char *string = table->columns[i].name;
        number = number || snug_cell_classify(string) == SNUG_CELL_NUMBER;
        name = snug_string_set_find(known, string) != SNUG_NOT_IN_SET;
    }
    return number && !name;
}

static snug_status fail_unknown_column(const snug_table *table, const char *name,
                                       const snug_string_set *known) {
    const char *path = table->reader.file.path, *hint = table->reader.hint;
    if (hint == NULL) {
        hint = table->reader.format->single_column_hint;
    }
    if (hint != NULL && table->column_count == 1 && table->like->column_count > 1) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has one column, \"%.200s\", where the model has %zu: %s", path, name,
                         table->like->column_count, hint);
    }
    if (table->reader.hint != NULL) {
        return snug_fail(SNUG_ERROR_DATA, "%s: unknown column \"%.200s\": %s", path, name, hint);
    }
    if (lacks_header(table, known)) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: unknown column \"%.200s\": does the first line hold values? "
                         "(\"header\": false, --no-header)",
                         path, name);
    }
    const char *nearest =
        snug_nearest_name(name, (const char *const *)known->list.items, known->list.count);
    snug_fail(SNUG_ERROR_DATA, "unknown column \"%s\"%s%s%s", name,
              nearest != NULL ? "; did you mean \""
                              : ": the model does not know it: remove it from the file",
              nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
    return table->reader.format->keyed ? snug_fail_in("%s", path)
                                       : snug_fail_in("%s:%zu", path, table->reader.first_line);
}

/* Gives a column the role that its name has in the other table: weights stay weights. */
static snug_status match_name(snug_table *table, snug_table_column *column, known_columns *known) {
    size_t feature = snug_string_set_find(&known->features, column->name);
    size_t target = snug_string_set_find(&known->targets, column->name);
    if (feature != SNUG_NOT_IN_SET) {
        return become_feature(table, column, known, feature);
    }
    if (target != SNUG_NOT_IN_SET) {
        return become_target(table, column, target);
    }
    if (snug_string_set_find(&known->weights, column->name) != SNUG_NOT_IN_SET) {
        become_excluded(column,
                        reads_features_alone(table) ? SNUG_COLUMN_IGNORED : SNUG_COLUMN_WEIGHT);
    } else if (snug_string_set_find(&known->ignored, column->name) != SNUG_NOT_IN_SET) {
        become_excluded(column, SNUG_COLUMN_IGNORED);
    } else if (column->nameless) {
        become_excluded(column, SNUG_COLUMN_IGNORED);
        return snug_table_warn_unknown_nameless(table, column);
    } else {
        return fail_unknown_column(table, column->name, &known->features);
    }
    return SNUG_OK;
}

static snug_status match_by_name(snug_table *table, known_columns *known) {
    const snug_table_schema *like = table->like;
    for (size_t i = 0; i < table->column_count; i++) {
        snug_status status = match_name(table, &table->columns[i], known);
        if (status != SNUG_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < like->column_count; i++) {
        if (!known->found[i] && like->columns != NULL) {
            return snug_fail(SNUG_ERROR_DATA, "%s: the column \"%s\" is missing",
                             table->reader.file.path, like->columns[i].name);
        }
    }
    if (table->target_count > 0 && table->target_count < snug_table_schema_target_count(like)) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has %zu of the %zu target columns",
                         table->reader.file.path, table->target_count,
                         snug_table_schema_target_count(like));
    }
    return SNUG_OK;
}

/* ---- by position ----------------------------------------------------------------------------- */

/* Finds the targets by names such as "column3", which an earlier table without names got. */
static snug_status place_numbered(const snug_table *table, const known_columns *known,
                                  size_t *target) {
    size_t found = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        size_t index = snug_string_set_find(&known->targets, table->columns[i].name);
        target[i] = index == SNUG_NOT_IN_SET ? 0 : index + 1;
        found += target[i] > 0;
    }
    if (found == snug_table_schema_target_count(table->like)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: has %zu fields and no names, and the model does not know which of "
                     "them are targets: leave the targets out, or give the table a header",
                     table->reader.file.path, table->reader.first_line, table->column_count);
}

/*
 * Writes which target each column is, from 1; 0 is a feature. The targets of unnamed features are
 * the last columns.
 */
static snug_status place_targets(const snug_table *table, const known_columns *known,
                                 size_t *target) {
    const snug_table_schema *like = table->like;
    size_t features = like->column_count;
    if (table->column_count == features) {
        return SNUG_OK;
    }
    if (like->target_columns == NULL && like->columns != NULL) {
        return place_numbered(table, known, target);
    }
    for (size_t i = 0; i < snug_table_schema_target_count(like); i++) {
        target[like->target_columns != NULL ? like->target_columns[i] - 1 : features + i] = i + 1;
    }
    return SNUG_OK;
}

/* Takes features in their order, and targets where they were. */
static snug_status match_by_position(snug_table *table, known_columns *known) {
    size_t *target = snug_alloc(table->column_count, sizeof *target);
    snug_status status = target != NULL ? place_targets(table, known, target) : SNUG_ERROR_MEMORY;
    for (size_t i = 0, feature = 0; i < table->column_count && status == SNUG_OK; i++) {
        status = target[i] == 0 ? become_feature(table, &table->columns[i], known, feature++)
                                : become_target(table, &table->columns[i], target[i] - 1);
    }
    snug_release(target);
    return status;
}

/* Whether the other table had no names either, so that one of its columns is called column1. */
static bool is_numbered(const known_columns *known) {
    const snug_string_set *const lists[] = {&known->features, &known->targets, &known->weights,
                                            &known->ignored};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (snug_string_set_find(lists[i], "column1") != SNUG_NOT_IN_SET) {
            return true;
        }
    }
    return false;
}

/*
 * Matches columns by their numbers in the other table. Beside weights and ignored columns a column
 * has the same number as there only where none is left out.
 */
static snug_status match_by_number(snug_table *table, known_columns *known) {
    const snug_table_schema *like = table->like;
    size_t all = like->column_count + snug_table_schema_target_count(like) + like->weights.count +
                 like->ignored.count;
    bool numbered = like->columns != NULL && is_numbered(known);
    if (numbered && table->column_count == all) {
        return match_by_name(table, known);
    }
    char *remedy = numbered
                       ? snug_format("all %zu columns of the table that it was trained on", all)
                       : snug_copy_string("give the table a header");
    if (remedy == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_fail(
        SNUG_ERROR_DATA,
        "%s:%zu: has %zu field%s and no names, where the model has %zu column%s of features: "
        "give these alone, or %s",
        table->reader.file.path, table->reader.first_line, table->column_count,
        table->column_count == 1 ? "" : "s", like->column_count, like->column_count == 1 ? "" : "s",
        remedy);
    snug_release(remedy);
    return status;
}

static snug_status match_unnamed(snug_table *table, known_columns *known) {
    const snug_table_schema *like = table->like;
    size_t features = like->column_count, targets = snug_table_schema_target_count(like);
    bool others = like->weights.count + like->ignored.count > 0;
    if (table->column_count == features || (table->column_count == features + targets && !others)) {
        return match_by_position(table, known);
    }
    const char *hint = table->reader.hint;
    if (others && hint == NULL) {
        return match_by_number(table, known);
    }
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where the model has %zu columns%s%s",
                     table->reader.file.path, table->reader.first_line, table->column_count,
                     table->column_count == 1 ? "" : "s", features, hint != NULL ? ": " : "",
                     hint != NULL ? hint : "");
}

snug_status snug_table_bind(snug_table *table) {
    const snug_table_schema *like = table->like;
    known_columns known;
    table->features = like->features;
    bool keyed = table->reader.format->keyed;
    bool named = keyed || (like->columns != NULL && !table->options.no_header);
    snug_status status = known_open(&known, like, keyed);
    if (status == SNUG_OK) {
        status = named ? match_by_name(table, &known) : match_unnamed(table, &known);
    }
    known_close(&known);
    if (status == SNUG_OK && table->target_count > 0) {
        table->classes = like->classes.count;
        table->outputs = like->targets.count;
    }
    return status;
}
