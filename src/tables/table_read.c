#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "data/preprocessing.h"
#include "tables/table_bind.h"
#include "tables/table_cells.h"
#include "tables/table_columns.h"
#include "tables/table_digits.h"
#include "tables/table_infer.h"
#include "tables/table_missing.h"
#include "tables/table_read.h"

/* ---- options --------------------------------------------------------------------------------- */

/* Several targets are values. */
static snug_status check_targets(const char *path, const snug_csv_options *options) {
    const char *const *names = options->targets;
    if (names == NULL) {
        return SNUG_OK;
    }
    if (options->target != NULL || names[0] == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: .targets must name a column, and .target then be NULL", path);
    }
    if (names[1] != NULL && options->task == SNUG_TASK_CLASSIFICATION) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: several targets are values; classes are in one column", path);
    }
    return SNUG_OK;
}

static snug_status check_options(const char *path, const snug_csv_options *options) {
    if ((unsigned)options->task > SNUG_TASK_NONE ||
        (unsigned)options->missing > SNUG_MISSING_ERROR ||
        (unsigned)options->categories > SNUG_CATEGORIES_EMBEDDING ||
        (unsigned)options->unknown_category > SNUG_UNKNOWN_ERROR ||
        (unsigned)options->number_format > SNUG_NUMBERS_FORMATTED) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: .task, .missing, .categories, .unknown_category or .number_format is "
                         "none of their values",
                         path);
    }
    return check_targets(path, options);
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Sets the task that the number of targets leaves: several, and those of labels, are values. */
static snug_status fix_task(snug_table *table) {
    const snug_csv_options *o = &table->options;
    bool defaults = o->targets == NULL && o->target == NULL;
    bool values = o->targets != NULL
                      ? o->targets[1] != NULL
                      : defaults && (table->reader.values || table->reader.default_targets > 1);
    if (values && o->task == SNUG_TASK_CLASSIFICATION) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: several labels in a line are values 0 and 1, and no classes",
                         table->reader.file.path);
    }
    if (values && o->task == SNUG_TASK_AUTO) {
        table->options.task = SNUG_TASK_REGRESSION;
    }
    return SNUG_OK;
}

static snug_status make_columns(snug_table *table) {
    const snug_strings *names = &table->reader.columns.list;
    table->columns = snug_alloc(names->count, sizeof *table->columns);
    if (table->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    table->column_count = names->count;
    for (size_t i = 0; i < names->count; i++) {
        table->columns[i].name = names->items[i];
        table->columns[i].nameless =
            snug_string_set_find(&table->reader.nameless, names->items[i]) != SNUG_NOT_IN_SET;
    }
    if (table->like != NULL) {
        return snug_table_bind(table);
    }
    snug_status status = fix_task(table);
    return status == SNUG_OK ? snug_table_choose_columns(table) : status;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static bool has_role(const snug_table *table, snug_column_role role) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].role == role) {
            return true;
        }
    }
    return false;
}

/* Returns how many features the categories of column i make. */
static size_t category_features(const snug_table *table, size_t i) {
    const snug_table_column *c = &table->columns[i];
    return snug_table_column_is_one_hot(c) ? c->names.list.count : 0;
}

/* Names what takes the memory, and what would take less. */
static snug_status fail_features(const snug_table *table, double bytes) {
    const char *path = table->reader.file.path;
    size_t largest = 0;
    for (size_t i = 1; i < table->column_count; i++) {
        if (category_features(table, i) > category_features(table, largest)) {
            largest = i;
        }
    }
    size_t categories = category_features(table, largest);
    if (categories < 2) {
        return snug_fail(
            SNUG_ERROR_MEMORY,
            "%s: out of memory: %zu rows of %zu features take %.3g MB; fewer columns or "
            "rows take less",
            path, table->rows, table->features, bytes / 1e6);
    }
    return snug_fail(SNUG_ERROR_MEMORY,
                     "%s: out of memory: %zu rows of %zu features take %.3g MB, and %zu of the "
                     "features are the categories of column \"%s\"; their numbers instead "
                     "(\"categories\": \"integer\"), or ignoring the column, take less",
                     path, table->rows, table->features, bytes / 1e6, categories,
                     table->columns[largest].name);
}

static snug_status reserve_features(snug_table *table) {
    size_t count, bytes;
    if (!snug_multiply(table->rows, table->features, &count) ||
        !snug_multiply(count, sizeof *table->values.x, &bytes)) {
        return snug_fail(SNUG_ERROR_MEMORY,
                         "%s: %zu rows of %zu features are more than memory can hold",
                         table->reader.file.path, table->rows, table->features);
    }
    table->values.x = snug_alloc(count, sizeof *table->values.x);
    return table->values.x != NULL ? SNUG_OK : fail_features(table, (double)bytes);
}

/* Allocates an array of the dataset where it is needed. */
static void *reserve_if(bool needed, size_t count, size_t size, bool *failed) {
    void *array = needed && !*failed ? snug_alloc(count, size) : NULL;
    *failed = *failed || (needed && array == NULL);
    return array;
}

static snug_status reserve(snug_table *table) {
    snug_table_values *v = &table->values;
    size_t targets;
    snug_status status = reserve_features(table);
    if (status != SNUG_OK) {
        return status;
    }
    if (!snug_multiply(table->rows, table->outputs, &targets)) {
        return snug_fail_memory(SIZE_MAX);
    }
    bool failed = false;
    v->class_of = reserve_if(table->classes > 0, table->rows, sizeof *v->class_of, &failed);
    v->targets = reserve_if(table->outputs > 0, targets, sizeof *v->targets, &failed);
    v->weights =
        reserve_if(has_role(table, SNUG_COLUMN_WEIGHT), table->rows, sizeof *v->weights, &failed);
    v->parts =
        reserve_if(has_role(table, SNUG_COLUMN_PART), table->rows, sizeof *v->parts, &failed);
    v->groups =
        reserve_if(has_role(table, SNUG_COLUMN_GROUP), table->rows, sizeof *v->groups, &failed);
    return failed ? SNUG_ERROR_MEMORY : SNUG_OK;
}

static void free_table(snug_table *table) {
    snug_record_reader_close(&table->reader);
    for (size_t i = 0; i < table->column_count; i++) {
        snug_string_set_clear(&table->columns[i].names);
        snug_release(table->columns[i].name_values);
        snug_release(table->columns[i].notes);
    }
    snug_table_clear_markers(table);
    snug_release(table->columns);
    snug_release(table->values.x);
    snug_release(table->values.offsets);
    snug_release(table->values.targets);
    snug_release(table->values.class_of);
    snug_release(table->values.weights);
    snug_release(table->values.parts);
    snug_release(table->values.groups);
    snug_release(table->values.row_numbers);
}

/* ---- the schema that a model keeps ----------------------------------------------------------- */

/* Writes the names of features: every column but the targets. */
static snug_status write_columns(snug_table_schema *schema, const snug_table *table) {
    schema->column_count = 0;
    schema->columns = snug_alloc(table->column_count, sizeof *schema->columns);
    if (schema->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *from = &table->columns[i];
        if (from->target || from->excluded) {
            continue;
        }
        snug_column *to = &schema->columns[schema->column_count++];
        to->name = snug_copy_string(from->name);
        if (to->name == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        to->integer = from->integer;
        to->embedding = from->embedding;
        to->indicator = from->indicator;
        if (from->role == SNUG_COLUMN_CATEGORY &&
            snug_strings_copy(&to->categories, &from->names.list) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

static snug_status write_class(snug_table_schema *schema, const snug_table_column *column) {
    schema->target = snug_copy_string(column->name);
    return schema->target != NULL ? snug_strings_copy(&schema->classes, &column->names.list)
                                  : SNUG_ERROR_MEMORY;
}

static snug_status write_targets(snug_table_schema *schema, const snug_table *table) {
    if (table->target_count == 0) {
        return SNUG_OK;
    }
    const char **names = snug_alloc(table->target_count, sizeof *names);
    snug_status status = names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        const snug_table_column *column = &table->columns[i];
        if (column->target && column->role == SNUG_COLUMN_CLASS) {
            status = write_class(schema, column);
        } else if (column->target) {
            names[column->first] = column->name;
        }
    }
    if (status == SNUG_OK && table->outputs > 0) {
        status = snug_strings_copy(&schema->targets,
                                   &(snug_strings){(char **)names, table->target_count});
    }
    snug_release(names);
    return status;
}

/* Writes the place of each target among the features and targets, from 1. */
static snug_status write_target_places(snug_table_schema *schema, const snug_table *table) {
    if (table->target_count == 0) {
        return SNUG_OK;
    }
    schema->target_columns = snug_alloc(table->target_count, sizeof *schema->target_columns);
    if (schema->target_columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0, place = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        place += !column->excluded;
        if (column->target) {
            schema->target_columns[column->first] = place;
        }
    }
    return SNUG_OK;
}

/* Writes the names of excluded columns: those that are weights, or all others. */
static snug_status write_excluded(snug_strings *list, const snug_table *table, bool weights) {
    const char **names = snug_alloc(table->column_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (column->excluded && (column->role == SNUG_COLUMN_WEIGHT) == weights) {
            names[count++] = column->name;
        }
    }
    snug_status status = names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK && count > 0) {
        status = snug_strings_copy(list, &(snug_strings){(char **)names, count});
    }
    snug_release(names);
    return status;
}

static snug_table_schema *make_schema(const snug_table *table) {
    if (table->like != NULL) {
        return snug_table_schema_copy(table->like);
    }
    snug_table_schema *schema = snug_table_schema_new(table->features);
    if (schema == NULL) {
        return NULL;
    }
    schema->missing = table->options.missing;
    schema->unknown_category = table->options.unknown_category;
    schema->notation = table->notation;
    schema->delimiter = table->options.delimiter != ',' ? table->options.delimiter : 0;
    schema->no_header = table->options.no_header;
    schema->encoding = snug_text_file_assumed_encoding(&table->reader.file);
    if (write_columns(schema, table) == SNUG_OK && write_targets(schema, table) == SNUG_OK &&
        write_target_places(schema, table) == SNUG_OK &&
        snug_strings_copy(&schema->missing_values, &table->markers.strings.list) == SNUG_OK &&
        write_excluded(&schema->weights, table, true) == SNUG_OK &&
        write_excluded(&schema->ignored, table, false) == SNUG_OK) {
        return schema;
    }
    snug_table_schema_free(schema);
    return NULL;
}

/* ---- the dataset ----------------------------------------------------------------------------- */

/* Moves the values of the table into a dataset. */
static snug_dataset *make_dataset(snug_table *table) {
    snug_storage *storage = snug_storage_new();
    if (storage == NULL) {
        return NULL;
    }
    const snug_table_values *v = &table->values;
    storage->rows = table->rows;
    storage->columns = table->features;
    storage->classes = table->classes;
    storage->outputs = table->outputs;
    storage->x = v->x;
    storage->class_of = v->class_of;
    storage->values = v->targets;
    storage->owned = true;
    storage->offsets = v->offsets;
    storage->missing = v->missing;
    storage->sparse = table->reader.format->absent_is_zero;
    storage->weights = v->weights;
    storage->parts = v->parts;
    storage->groups = v->groups;
    storage->row_numbers = v->row_numbers;
    storage->warnings = table->reader.warnings;
    table->values = (snug_table_values){0};
    table->reader.warnings = (snug_warnings){0};
    storage->table = make_schema(table);
    if (storage->table != NULL) {
        return snug_dataset_from_storage(storage);
    }
    snug_storage_free(storage);
    return NULL;
}

static snug_status check_weights(const snug_table *table) {
    const float *weights = table->values.weights;
    for (size_t i = 0; weights != NULL && i < table->rows; i++) {
        if (weights[i] > 0) {
            return SNUG_OK;
        }
    }
    return weights != NULL
               ? snug_fail(SNUG_ERROR_DATA, "%s: every row weighs 0: at least one must weigh more",
                           table->reader.file.path)
               : SNUG_OK;
}

static snug_status read_file(snug_table *table, const snug_record_format *format,
                             const snug_byte_source *source) {
    snug_status status = snug_record_reader_open(&table->reader, format, source, &table->options);
    if (status == SNUG_OK) {
        status = snug_table_set_notation(table);
    }
    if (status == SNUG_OK) {
        status = snug_table_set_markers(table);
    }
    if (status == SNUG_OK) {
        status = make_columns(table);
    }
    if (status == SNUG_OK) {
        status = snug_table_infer(table);
    }
    if (status == SNUG_OK) {
        status = reserve(table);
    }
    if (status == SNUG_OK) {
        status = snug_table_parse_digits(table);
    }
    if (status == SNUG_OK) {
        status = snug_table_warn_of_gaps(table);
    }
    return status == SNUG_OK ? check_weights(table) : status;
}

snug_dataset *snug_table_read(const snug_record_format *format, const snug_byte_source *source,
                              const snug_csv_options *options) {
    snug_table table = {.options = *options};
    if (check_options(source->name, &table.options) != SNUG_OK) {
        return NULL;
    }
    if (table.options.like != NULL) {
        table.like = table.options.like->table;
        table.offsets = table.options.like->scaler->offsets;
        table.options.missing = table.like->missing;
    }
    locale_t before = snug_locale_enter();
    snug_dataset *data = NULL;
    if (read_file(&table, format, source) == SNUG_OK) {
        data = make_dataset(&table);
    }
    free_table(&table);
    snug_locale_leave(before);
    return data;
}
