/* Compares two schemas: their columns, categories, classes and targets, in their order. */
#include <string.h>

#include "core/status.h"
#include "schema/table_schema.h"

/* The two schemas and what messages call their owners: `what` owns `table`, `model` owns `like`. */
typedef struct comparison {
    const char *what;
    const snug_table_schema *table;
    const char *model;
    const snug_table_schema *like;
} comparison;

#define READ_LIKE "read it with .like = snug_model_preprocessing()"

/* Fails with "the data: column 2 is "width" where the model has "length": read it with ...". */
static snug_status fail_name(const comparison *c, const char *which, size_t number,
                             const char *name, const char *wanted) {
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: %s %zu is \"%.200s\" where %s has \"%.200s\": " READ_LIKE, c->what, which,
                     number, name, c->model, wanted);
}

static snug_status fail_count(const comparison *c, const char *which, size_t count, size_t wanted) {
    return snug_fail(SNUG_ERROR_DATA, "%s: has %zu %s where %s has %zu: " READ_LIKE, c->what, count,
                     which, c->model, wanted);
}

static snug_status compare_categories(const comparison *c, const snug_column *column,
                                      const snug_column *like) {
    const snug_strings *a = &column->categories, *b = &like->categories;
    if (a->count != b->count || column->integer != like->integer) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: the column \"%.200s\" has %zu categories%s where %s has %zu%s: " READ_LIKE,
            c->what, column->name, a->count, column->integer ? ", numbered," : "", c->model,
            b->count, like->integer ? ", numbered" : "");
    }
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: category %zu of the column \"%.200s\" is \"%.200s\" where %s has "
                             "\"%.200s\": " READ_LIKE,
                             c->what, i + 1, column->name, a->items[i], c->model, b->items[i]);
        }
    }
    return SNUG_OK;
}

static snug_status compare_columns(const comparison *c) {
    const snug_table_schema *table = c->table, *like = c->like;
    if (table->columns == NULL || like->columns == NULL) {
        return SNUG_OK;
    }
    if (table->column_count != like->column_count) {
        return fail_count(c, "columns of features", table->column_count, like->column_count);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_column *a = &table->columns[i], *b = &like->columns[i];
        if (strcmp(a->name, b->name) != 0) {
            return fail_name(c, "column", i + 1, a->name, b->name);
        }
        if (compare_categories(c, a, b) != SNUG_OK) {
            return snug_error_status();
        }
    }
    return SNUG_OK;
}

bool snug_table_schema_has_class_names(const snug_table_schema *table) {
    return table->classes.count > 0 && table->target != NULL;
}

/* A table with rows of few classes may have only the first classes of the other one. */
static snug_status compare_classes(const comparison *c) {
    const snug_strings *a = &c->table->classes, *b = &c->like->classes;
    if (!snug_table_schema_has_class_names(c->table) ||
        !snug_table_schema_has_class_names(c->like)) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0) {
            return fail_name(c, "class", i, a->items[i], b->items[i]);
        }
    }
    return a->count <= b->count ? SNUG_OK : fail_count(c, "classes", a->count, b->count);
}

/* Compares how many values there are, and their names unless these are only numbers. */
static snug_status compare_targets(const comparison *c) {
    const snug_strings *a = &c->table->targets, *b = &c->like->targets;
    if (a->count > 0 && b->count > 0 && a->count != b->count) {
        return fail_count(c, "targets", a->count, b->count);
    }
    if (c->table->columns == NULL || c->like->columns == NULL) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0) {
            return fail_name(c, "target", i + 1, a->items[i], b->items[i]);
        }
    }
    return SNUG_OK;
}

/* Fails where one has classes and the other has values. */
static snug_status compare_target_types(const comparison *c) {
    bool classes = c->table->classes.count > 0, values = c->table->targets.count > 0;
    if ((classes && c->like->targets.count > 0) || (values && c->like->classes.count > 0)) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has targets that are %s where those of %s are %s",
                         c->what, classes ? "classes" : "values", c->model,
                         classes ? "values" : "classes");
    }
    return SNUG_OK;
}

snug_status snug_table_schema_compare(const snug_table_schema *table, const char *what,
                                      const snug_table_schema *like, const char *model) {
    const comparison c = {.what = what, .table = table, .model = model, .like = like};
    if (table == like) {
        return SNUG_OK;
    }
    if (compare_columns(&c) != SNUG_OK || compare_target_types(&c) != SNUG_OK ||
        compare_classes(&c) != SNUG_OK || compare_targets(&c) != SNUG_OK) {
        return snug_error_status();
    }
    return SNUG_OK;
}
