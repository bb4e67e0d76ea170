#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "schema/table_schema.h"

const char *const snug_number_format_names[] = {
    [SNUG_NUMBERS_PLAIN] = "plain", [SNUG_NUMBERS_FORMATTED] = "formatted", NULL};

const char *const snug_missing_names[] = {
    [SNUG_MISSING_MEAN] = "mean",
    [SNUG_MISSING_MEDIAN] = "median",
    [SNUG_MISSING_ERROR] = "error",
    NULL,
};

const char *const snug_unknown_category_names[] = {
    [SNUG_UNKNOWN_MISSING] = "missing",
    [SNUG_UNKNOWN_ERROR] = "error",
    NULL,
};

snug_table_schema *snug_table_schema_new(size_t features) {
    snug_table_schema *table = snug_alloc(1, sizeof *table);
    if (table != NULL) {
        table->features = table->column_count = features;
    }
    return table;
}

static snug_status copy_string(char **copy, const char *string) {
    *copy = string != NULL ? snug_copy_string(string) : NULL;
    return string != NULL && *copy == NULL ? SNUG_ERROR_MEMORY : SNUG_OK;
}

static snug_status copy_columns(snug_table_schema *copy, const snug_table_schema *table) {
    if (table->columns == NULL) {
        return SNUG_OK;
    }
    copy->columns = snug_alloc(table->column_count, sizeof *copy->columns);
    snug_status status = copy->columns != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        const snug_column *from = &table->columns[i];
        snug_column *to = &copy->columns[i];
        status = copy_string(&to->name, from->name);
        if (status == SNUG_OK) {
            status = snug_strings_copy(&to->categories, &from->categories);
        }
        to->integer = from->integer;
        to->embedding = from->embedding;
        to->indicator = from->indicator;
    }
    return status;
}

size_t snug_table_schema_target_count(const snug_table_schema *table) {
    return table->classes.count > 0 ? 1 : table->targets.count;
}

static snug_status copy_target_columns(snug_table_schema *copy, const snug_table_schema *table) {
    size_t targets = snug_table_schema_target_count(table);
    if (table->target_columns == NULL) {
        return SNUG_OK;
    }
    copy->target_columns = snug_alloc(targets, sizeof *copy->target_columns);
    if (copy->target_columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(copy->target_columns, table->target_columns, targets * sizeof *copy->target_columns);
    return SNUG_OK;
}

snug_table_schema *snug_table_schema_copy(const snug_table_schema *table) {
    snug_table_schema *copy = snug_table_schema_new(table->features);
    if (copy == NULL) {
        return NULL;
    }
    copy->column_count = table->column_count;
    copy->missing = table->missing;
    copy->notation = table->notation;
    copy->delimiter = table->delimiter;
    copy->no_header = table->no_header;
    copy->encoding = table->encoding;
    copy->unknown_category = table->unknown_category;
    if (copy_columns(copy, table) == SNUG_OK &&
        copy_string(&copy->target, table->target) == SNUG_OK &&
        snug_strings_copy(&copy->classes, &table->classes) == SNUG_OK &&
        snug_strings_copy(&copy->targets, &table->targets) == SNUG_OK &&
        copy_target_columns(copy, table) == SNUG_OK &&
        snug_strings_copy(&copy->weights, &table->weights) == SNUG_OK &&
        snug_strings_copy(&copy->ignored, &table->ignored) == SNUG_OK &&
        snug_strings_copy(&copy->missing_values, &table->missing_values) == SNUG_OK) {
        return copy;
    }
    snug_table_schema_free(copy);
    return NULL;
}

void snug_table_schema_free(snug_table_schema *table) {
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; table->columns != NULL && i < table->column_count; i++) {
        snug_release(table->columns[i].name);
        snug_strings_clear(&table->columns[i].categories);
    }
    snug_release(table->columns);
    snug_release(table->target);
    snug_strings_clear(&table->classes);
    snug_strings_clear(&table->targets);
    snug_release(table->target_columns);
    snug_strings_clear(&table->weights);
    snug_strings_clear(&table->ignored);
    snug_strings_clear(&table->missing_values);
    snug_release(table);
}

bool snug_column_is_one_hot(const snug_column *column) {
    return column->categories.count > 0 && !column->integer;
}

size_t snug_column_values(const snug_column *column) {
    return snug_column_is_one_hot(column) ? column->categories.count : 1;
}

size_t snug_column_features(const snug_column *column) {
    return snug_column_values(column) + column->indicator;
}

static bool has_category(const snug_column *column, const char *name) {
    for (size_t i = 0; i < column->categories.count; i++) {
        if (strcmp(column->categories.items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns "column=missing", with one more "=missing" as long as a category has that name. */
static char *format_indicator(const snug_column *column) {
    char *category = snug_copy_string("missing");
    while (category != NULL && has_category(column, category)) {
        char *longer = snug_format("%s=missing", category);
        snug_release(category);
        category = longer;
    }
    char *name = category != NULL ? snug_format("%s=%s", column->name, category) : NULL;
    snug_release(category);
    return name;
}

/* Returns the name of feature k of a column, from 0. */
static char *format_feature(const snug_column *column, size_t k) {
    if (k == snug_column_values(column)) {
        return format_indicator(column);
    }
    if (!snug_column_is_one_hot(column)) {
        return snug_copy_string(column->name);
    }
    return snug_format("%s=%s", column->name, column->categories.items[k]);
}

char *snug_table_schema_feature_name(const snug_table_schema *table, size_t j) {
    if (j >= table->features) {
        snug_fail(SNUG_ERROR_ARGUMENT, "there is no feature %zu: the table has %zu", j,
                  table->features);
        return NULL;
    }
    if (table->columns == NULL) {
        return snug_format("x%zu", j + 1);
    }
    const snug_column *column = table->columns;
    for (; j >= snug_column_features(column); column++) {
        j -= snug_column_features(column);
    }
    return format_feature(column, j);
}

static snug_status append_features(const snug_table_schema *table, snug_strings *names) {
    for (size_t i = 0; i < table->column_count; i++) {
        for (size_t k = 0; k < snug_column_features(&table->columns[i]); k++) {
            char *name = format_feature(&table->columns[i], k);
            if (name == NULL) {
                return SNUG_ERROR_MEMORY;
            }
            /* The list has space for as many names as there are features. */
            // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
            names->items[names->count++] = name;
        }
    }
    return SNUG_OK;
}

/* Appends "<prefix><number>", where the number is the index + `first`, up to `count` strings. */
static snug_status append_numbered(snug_strings *strings, size_t count, const char *prefix,
                                   size_t first) {
    while (strings->count < count) {
        char *name = snug_format("%s%zu", prefix, first + strings->count);
        if (name == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        strings->items[strings->count++] = name;
    }
    return SNUG_OK;
}

/* Makes an empty list with space for `capacity` strings. */
static snug_status reserve_strings(snug_strings *strings, size_t capacity) {
    *strings = (snug_strings){0};
    if (capacity == 0) {
        return SNUG_OK;
    }
    strings->items = snug_alloc(capacity, sizeof *strings->items);
    return strings->items != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

snug_status snug_table_schema_feature_names(const snug_table_schema *table, snug_strings *names) {
    snug_status status = reserve_strings(names, table->features);
    if (status == SNUG_OK) {
        status = table->columns != NULL ? append_features(table, names)
                                        : append_numbered(names, table->features, "x", 1);
    }
    if (status != SNUG_OK) {
        snug_strings_clear(names);
    }
    return status;
}

snug_table_schema *snug_table_schema_new_numbered(size_t features, size_t classes, size_t outputs) {
    snug_table_schema *table = snug_table_schema_new(features);
    if (table == NULL) {
        return NULL;
    }
    if (reserve_strings(&table->classes, classes) == SNUG_OK &&
        reserve_strings(&table->targets, outputs) == SNUG_OK &&
        append_numbered(&table->classes, classes, "", 0) == SNUG_OK &&
        append_numbered(&table->targets, outputs, "y", 1) == SNUG_OK) {
        return table;
    }
    snug_table_schema_free(table);
    return NULL;
}

snug_status snug_table_schema_number_classes(snug_table_schema *table, size_t classes) {
    if (table->classes.count >= classes) {
        return SNUG_OK;
    }
    char **items = snug_resize(table->classes.items, classes, sizeof *items);
    if (items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    table->classes.items = items;
    return append_numbered(&table->classes, classes, "", 0);
}
