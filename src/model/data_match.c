#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/string_set.h"
#include "model/data_digits.h"
#include "model/data_match.h"
#include "model/data_missing.h"
#include "schema/offsets.h"
#include "schema/table_schema_match.h"

enum { MAX_LIST = 256 };

/* The number of a category that is missing, or that the other table does not know. */
#define NO_CATEGORY SNUG_NOT_IN_SET

/* A copy that is being made. */
typedef struct copying {
    const snug_dataset *data;
    const snug_schema_match *match;
    const char *what, *model;
    snug_warnings *warnings;
    snug_storage *storage; /* of the copy */
} copying;

/* ---- categories ------------------------------------------------------------------------------ */

/* Cells of a column whose category the other table does not know. */
typedef struct unknown_cells {
    size_t count;
    const char *example;
} unknown_cells;

/* Returns the number of the category that the features of a row mean. */
static size_t read_category(const snug_column *column, const float *x) {
    if (isnan(x[0])) {
        return NO_CATEGORY;
    }
    if (column->integer) {
        return (size_t)x[0];
    }
    for (size_t i = 0; i < column->categories.count; i++) {
        if (x[i] != 0) {
            return i;
        }
    }
    return NO_CATEGORY;
}

/* Sets the features of a row, which are zero, to a category, or to a missing one. */
static void write_category(const snug_column *column, size_t category, float *x) {
    size_t features = snug_column_values(column);
    for (size_t i = 0; category == NO_CATEGORY && i < features; i++) {
        x[i] = NAN;
    }
    if (category != NO_CATEGORY && column->integer) {
        x[0] = (float)category;
    } else if (category != NO_CATEGORY) {
        x[category] = 1;
    }
}

static bool is_listed(const snug_strings *markers, const char *name) {
    bool listed = false;
    for (size_t i = 0; i < markers->count && !listed; i++) {
        listed = strcmp(markers->items[i], name) == 0;
    }
    return listed;
}

/* `markers` are those of missing values of the other table: no unknown categories. */
static void convert_category(const snug_column_source *source, const snug_column *column,
                             const snug_strings *markers, const float *from, float *to,
                             unknown_cells *unknown) {
    size_t category = read_category(source->column, from), converted = category;
    if (source->categories != NULL && category < source->column->categories.count) {
        converted = source->categories[category];
        const char *name = source->column->categories.items[category];
        if (converted == SNUG_NOT_IN_SET && !is_listed(markers, name) && unknown->count++ == 0) {
            unknown->example = name;
        }
    }
    write_category(column, converted, to);
}

static snug_status report_unknown(const copying *c, const snug_column *column,
                                  const unknown_cells *unknown) {
    if (c->match->like->unknown_category == SNUG_UNKNOWN_ERROR) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: column \"%.200s\": unknown category \"%.60s\"; \"unknown_category\": "
                         "\"missing\" would take it for missing",
                         c->what, column->name, unknown->example);
    }
    return snug_warn(
        c->warnings,
        "%s: column \"%.200s\": %zu row%s, %s\"%.60s\": an unknown category counts as "
        "missing; a model that is trained with \"unknown_category\": \"error\" refuses "
        "it",
        c->what, column->name, unknown->count,
        unknown->count == 1 ? " has an unknown category" : "s have unknown categories",
        unknown->count == 1 ? "" : "the first one ", unknown->example);
}

/* ---- features -------------------------------------------------------------------------------- */

enum { BLOCK = 64 }; /* rows that are copied column by column, while they are in the cache */

/* Copies one column of the rows first .. end - 1; `to` is its first feature in the first row. */
static void copy_column(const copying *c, size_t column_index, size_t first, size_t end, float *to,
                        unknown_cells *unknown) {
    const snug_storage *storage = c->data->storage;
    const snug_column_source *source = &c->match->columns[column_index];
    const snug_column *column = &c->match->like->columns[column_index];
    size_t values = snug_column_values(column);
    for (size_t i = first; i < end; i++, to += c->storage->columns) {
        const float *from =
            storage->x + snug_stored_row(c->data, i) * storage->columns + source->first;
        if (column->categories.count == 0) {
            to[0] = from[0];
        } else {
            convert_category(source, column, &c->match->like->missing_values, from, to, unknown);
        }
        if (column->indicator) {
            to[values] = isnan(to[0]) ? 1.0F : 0.0F;
        }
    }
}

static void copy_columns(const copying *c, float *x, unknown_cells *unknown) {
    const snug_table_schema *like = c->match->like;
    size_t rows = c->storage->rows;
    for (size_t first = 0; first < rows; first += BLOCK) {
        size_t end = rows - first < BLOCK ? rows : first + BLOCK;
        float *to = x + first * c->storage->columns;
        for (size_t j = 0; j < like->column_count; j++) {
            copy_column(c, j, first, end, to, &unknown[j]);
            to += snug_column_features(&like->columns[j]);
        }
    }
}

/* A table that has names of columns has floats in memory: bytes and files of rows have no names. */
static snug_status copy_named_features(const copying *c, float *x) {
    const snug_table_schema *like = c->match->like;
    unknown_cells *unknown = snug_alloc(like->column_count, sizeof *unknown);
    if (unknown == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    copy_columns(c, x, unknown);
    c->storage->missing = c->storage->missing || like->missing_values.count > 0;
    snug_status status = SNUG_OK;
    for (size_t j = 0; j < like->column_count && status == SNUG_OK; j++) {
        if (unknown[j].count > 0) {
            c->storage->missing = true;
            status = report_unknown(c, &like->columns[j], &unknown[j]);
        }
    }
    snug_release(unknown);
    return status;
}

/* Gives each column of the copy the offset that it has in the data; categories have none. */
static snug_status copy_offsets(const copying *c) {
    const double *from = c->data->storage->offsets;
    const snug_table_schema *like = c->match->like;
    if (from == NULL || c->match->columns == NULL) {
        return snug_offsets_copy(from, c->storage->columns, &c->storage->offsets)
                   ? SNUG_OK
                   : SNUG_ERROR_MEMORY;
    }
    double *to = snug_alloc(c->storage->columns, sizeof *to);
    c->storage->offsets = to;
    for (size_t i = 0, first = 0; to != NULL && i < like->column_count; i++) {
        if (like->columns[i].categories.count == 0) {
            to[first] = from[c->match->columns[i].first];
        }
        first += snug_column_features(&like->columns[i]);
    }
    return to != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status copy_features(const copying *c) {
    const snug_storage *from = c->data->storage;
    snug_storage *to = c->storage;
    size_t count;
    to->columns = c->match->columns != NULL ? c->match->like->features : from->columns;
    if (!snug_multiply(to->rows, to->columns, &count)) {
        return snug_fail_memory(SIZE_MAX);
    }
    float *x = snug_alloc(count, sizeof *x);
    to->x = x;
    if (x == NULL || copy_offsets(c) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    to->missing = from->missing;
    to->sparse = from->sparse;
    if (c->match->columns != NULL) {
        return copy_named_features(c, x);
    }
    for (size_t i = 0; i < to->rows; i++) {
        memcpy(x + i * to->columns, from->x + snug_stored_row(c->data, i) * to->columns,
               to->columns * sizeof *x);
    }
    return SNUG_OK;
}

/* ---- targets --------------------------------------------------------------------------------- */

static snug_status fail_unknown_class(const copying *c, size_t class_index) {
    const snug_table_schema *table = c->match->table;
    const snug_strings *known = &c->match->like->classes;
    char list[MAX_LIST];
    snug_quote_names((const char *const *)known->items, known->count, list, sizeof list);
    return snug_fail(SNUG_ERROR_DATA, "%s: column \"%.200s\": unknown class \"%.60s\"; %s has %s",
                     c->what, table->target, table->classes.items[class_index], c->model, list);
}

static snug_status copy_classes(const copying *c) {
    const size_t *classes = c->match->classes;
    if (c->data->storage->class_of == NULL) {
        return SNUG_OK;
    }
    int32_t *class_of = snug_alloc(c->storage->rows, sizeof *class_of);
    if (class_of == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    c->storage->class_of = class_of;
    c->storage->classes = snug_dataset_class_count(c->data);
    for (size_t i = 0; i < c->storage->rows; i++) {
        size_t class_index = (size_t)snug_dataset_class(c->data, i);
        if (classes != NULL && classes[class_index] == SNUG_NOT_IN_SET) {
            return fail_unknown_class(c, class_index);
        }
        class_of[i] = (int32_t)(classes != NULL ? classes[class_index] : class_index);
    }
    if (classes != NULL) {
        c->storage->classes = c->match->like->classes.count;
    }
    return SNUG_OK;
}

static snug_status copy_values(const copying *c) {
    size_t outputs = snug_dataset_output_count(c->data), count;
    if (outputs == 0) {
        return SNUG_OK;
    }
    if (!snug_multiply(c->storage->rows, outputs, &count)) {
        return snug_fail_memory(SIZE_MAX);
    }
    float *values = snug_alloc(count, sizeof *values);
    if (values == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    c->storage->values = values;
    c->storage->outputs = outputs;
    for (size_t i = 0; i < c->storage->rows; i++) {
        const float *from = snug_dataset_values(c->data, i);
        for (size_t j = 0; j < outputs; j++) {
            values[i * outputs + j] = from[c->match->targets != NULL ? c->match->targets[j] : j];
        }
    }
    return SNUG_OK;
}

static snug_status copy_weights(const copying *c) {
    if (!snug_dataset_weighted(c->data)) {
        return SNUG_OK;
    }
    c->storage->weights = snug_alloc(c->storage->rows, sizeof *c->storage->weights);
    if (c->storage->weights == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < c->storage->rows; i++) {
        c->storage->weights[i] = snug_dataset_weight(c->data, i);
    }
    return SNUG_OK;
}

static snug_status copy_groups(const copying *c) {
    const uint32_t *groups = c->data->storage->groups;
    if (groups == NULL) {
        return SNUG_OK;
    }
    c->storage->groups = snug_alloc(c->storage->rows, sizeof *groups);
    if (c->storage->groups == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < c->storage->rows; i++) {
        c->storage->groups[i] = groups[snug_stored_row(c->data, i)];
    }
    return SNUG_OK;
}

static snug_status copy_row_numbers(const copying *c) {
    if (c->data->rows == NULL && c->data->storage->row_numbers == NULL) {
        return SNUG_OK;
    }
    c->storage->row_numbers = snug_alloc(c->storage->rows, sizeof *c->storage->row_numbers);
    if (c->storage->row_numbers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < c->storage->rows; i++) {
        c->storage->row_numbers[i] = snug_dataset_row_number(c->data, i);
    }
    return SNUG_OK;
}

/* ---- the copy -------------------------------------------------------------------------------- */

/* Gives the copy the names of the other table, which may have targets that the data lacks. */
static snug_status copy_names(const copying *c) {
    c->storage->table = snug_table_schema_copy(c->match->like);
    return c->storage->table != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status copy_rows(const copying *c) {
    snug_status status = copy_names(c);
    if (status == SNUG_OK) {
        status = copy_features(c);
    }
    if (status == SNUG_OK) {
        status = copy_classes(c);
    }
    if (status == SNUG_OK) {
        status = copy_values(c);
    }
    if (status == SNUG_OK) {
        status = copy_weights(c);
    }
    if (status == SNUG_OK) {
        status = copy_groups(c);
    }
    return status == SNUG_OK ? copy_row_numbers(c) : status;
}

static snug_dataset *copy(const copying *from) {
    copying c = *from;
    c.storage = snug_storage_new();
    if (c.storage == NULL) {
        return NULL;
    }
    c.storage->owned = true;
    c.storage->rows = c.data->count;
    if (copy_rows(&c) == SNUG_OK) {
        return snug_dataset_from_storage(c.storage);
    }
    snug_storage_free(c.storage);
    return NULL;
}

/* Treats missing values in the matched rows as the other table does. */
static snug_status apply_missing(const copying *c, snug_dataset **matched) {
    const snug_table_schema *like = c->match->like;
    snug_status status = SNUG_OK;
    if (snug_data_holds_markers(*matched, c->match->table, like, &status)) {
        if (snug_schema_match_is_same(c->match)) { /* the rows are shared: markers need a copy */
            snug_dataset_free(*matched);
            *matched = copy(c);
        }
        status = *matched != NULL ? snug_data_replace_markers(*matched, like) : snug_error_status();
    }
    return status == SNUG_OK ? snug_data_check_missing(*matched, c->what, like) : status;
}

snug_status snug_dataset_match(const snug_dataset *data, const char *what,
                               const snug_table_schema *like, const char *model,
                               snug_warnings *warnings, snug_dataset **matched) {
    snug_schema_match match;
    snug_status status = snug_schema_match_make(&match, data->storage->table, what, like, model);
    *matched = NULL;
    if (status == SNUG_OK) {
        const copying c = {data, &match, what, model, warnings, NULL};
        *matched = snug_schema_match_is_same(&match) ? snug_dataset_share(data) : copy(&c);
        status = *matched != NULL ? apply_missing(&c, matched) : snug_error_status();
    }
    snug_schema_match_clear(&match);
    if (status != SNUG_OK) {
        snug_dataset_free(*matched);
        *matched = NULL;
    }
    return status;
}

/* ---- data for a model ----------------------------------------------------------------------- */

snug_status snug_data_match(const snug_model *model, const snug_dataset *data, const char *what,
                            snug_warnings *warnings, snug_dataset **matched) {
    *matched = NULL;
    if (data == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, what);
    }
    if (model->preprocessing == NULL) {
        *matched = snug_dataset_share(data);
        return *matched != NULL ? SNUG_OK : snug_error_status();
    }
    const snug_preprocessing *known = model->preprocessing;
    snug_status status =
        snug_dataset_match(data, what, known->table, "the model", warnings, matched);
    if (status == SNUG_OK) {
        status = snug_data_warn_of_digits(*matched, what, known->scaler, warnings);
    }
    return status;
}

/* Completes options with what the model knows of its data. */
static void complete(snug_data_options *options, const snug_model *model) {
    options->table.like = snug_model_preprocessing(model);
    if (options->table.task != SNUG_TASK_NONE) {
        options->table.task = snug_model_task(model);
    }
}

snug_dataset *snug_dataset_read_for(const snug_model *model, const char *path,
                                    const snug_data_options *options) {
    snug_data_options completed = options != NULL ? *options : (snug_data_options){0};
    if (model == NULL) {
        snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    complete(&completed, model);
    return snug_dataset_read(path, &completed);
}
