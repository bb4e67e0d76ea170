#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "formats/csv.h"

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
                         "%s: several targets are values; classes stand in one column", path);
    }
    return SNUG_OK;
}

static snug_status check_options(const char *path, const snug_csv_options *options) {
    if (path == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "a table's path is NULL");
    }
    char d = options->delimiter;
    if (d == '"' || d == '\r' || d == '\n') {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: a quote or the end of a line cannot be the delimiter", path);
    }
    if ((unsigned)options->task > SNUG_TASK_NONE ||
        (unsigned)options->missing > SNUG_MISSING_MEAN ||
        (unsigned)options->categories > SNUG_CATEGORIES_INTEGER) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: .task, .missing or .categories is none of their values", path);
    }
    return check_targets(path, options);
}

static void free_job(snug_csv_job *job) {
    snug_csv_reader_close(&job->csv);
    for (size_t i = 0; i < job->count; i++) {
        snug_release(job->columns[i].name);
        snug_string_set_clear(&job->columns[i].names);
    }
    snug_release(job->columns);
    snug_string_set_clear(&job->names);
    snug_release(job->x);
    snug_release(job->values);
    snug_release(job->class_of);
    snug_release(job->weights);
    snug_release(job->parts);
}

static bool has_role(const snug_csv_job *job, snug_csv_role role) {
    for (size_t i = 0; i < job->count; i++) {
        if (job->columns[i].role == role) {
            return true;
        }
    }
    return false;
}

/* How many features the categories of a column make. */
static size_t category_features(const snug_csv_job *job, size_t i) {
    const snug_csv_column *c = &job->columns[i];
    bool one_hot = c->role == SNUG_CSV_CATEGORY && !c->integer;
    return one_hot ? c->names.list.count : 0;
}

/* What takes the memory, and what would take less. */
static snug_status fail_features(const snug_csv_job *job, double bytes) {
    size_t largest = 0;
    for (size_t i = 1; i < job->count; i++) {
        if (category_features(job, i) > category_features(job, largest)) {
            largest = i;
        }
    }
    size_t categories = category_features(job, largest);
    if (categories < 2) {
        return snug_fail(
            SNUG_ERROR_MEMORY,
            "%s: out of memory: %zu rows of %zu features take %.3g MB; fewer columns or "
            "rows take less",
            job->csv.path, job->rows, job->features, bytes / 1e6);
    }
    return snug_fail(SNUG_ERROR_MEMORY,
                     "%s: out of memory: %zu rows of %zu features take %.3g MB, and %zu of the "
                     "features are the categories of column \"%s\"; their numbers instead "
                     "(\"categories\": \"integer\"), or ignoring the column, take less",
                     job->csv.path, job->rows, job->features, bytes / 1e6, categories,
                     job->columns[largest].name);
}

static snug_status reserve(snug_csv_job *job) {
    size_t features, outputs;
    if (!snug_multiply(job->rows, job->features, &features) ||
        !snug_multiply(job->rows, job->outputs, &outputs)) {
        return snug_fail(SNUG_ERROR_MEMORY,
                         "%s: %zu rows of %zu features are more than can be named", job->csv.path,
                         job->rows, job->features);
    }
    job->x = snug_alloc(features, sizeof *job->x);
    if (job->x == NULL) {
        return fail_features(job, (double)features * sizeof *job->x);
    }
    if (job->classes > 0) {
        job->class_of = snug_alloc(job->rows, sizeof *job->class_of);
    }
    if (job->outputs > 0) {
        job->values = snug_alloc(outputs, sizeof *job->values);
    }
    bool weighs = has_role(job, SNUG_CSV_WEIGHT), parts = has_role(job, SNUG_CSV_PART);
    if (weighs) {
        job->weights = snug_alloc(job->rows, sizeof *job->weights);
    }
    if (parts) {
        job->parts = snug_alloc(job->rows, sizeof *job->parts);
    }
    bool enough = (job->classes == 0 || job->class_of != NULL) &&
                  (job->outputs == 0 || job->values != NULL) && (!weighs || job->weights != NULL) &&
                  (!parts || job->parts != NULL);
    return enough ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status check_weights(const snug_csv_job *job) {
    for (size_t i = 0; job->weights != NULL && i < job->rows; i++) {
        if (job->weights[i] > 0) {
            return SNUG_OK;
        }
    }
    return job->weights != NULL ? snug_fail(SNUG_ERROR_DATA,
                                            "%s: every row weighs 0: at least one must "
                                            "weigh more",
                                            job->csv.path)
                                : SNUG_OK;
}

static snug_status read_file(snug_csv_job *job, const char *path) {
    char delimiter = job->options.delimiter ? job->options.delimiter : ',';
    snug_status status = snug_csv_reader_open(&job->csv, path, delimiter);
    if (status == SNUG_OK) {
        status = snug_csv_infer(job);
    }
    if (status == SNUG_OK) {
        status = reserve(job);
    }
    if (status == SNUG_OK) {
        status = snug_csv_parse(job);
    }
    return status == SNUG_OK ? check_weights(job) : status;
}

/* The names of features: every column but the targets. */
static snug_status name_columns(snug_table_schema *table, const snug_csv_job *job) {
    table->column_count = 0;
    table->columns = snug_alloc(job->count, sizeof *table->columns);
    if (table->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < job->count; i++) {
        const snug_csv_column *from = &job->columns[i];
        if (from->target || from->aside) {
            continue;
        }
        snug_column *to = &table->columns[table->column_count++];
        to->name = snug_copy_string(from->name);
        if (to->name == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        to->integer = from->integer;
        if (from->role == SNUG_CSV_CATEGORY &&
            snug_strings_copy(&to->categories, &from->names.list) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

static snug_status name_class(snug_table_schema *table, const snug_csv_column *column) {
    table->target = snug_copy_string(column->name);
    return table->target != NULL ? snug_strings_copy(&table->classes, &column->names.list)
                                 : SNUG_ERROR_MEMORY;
}

static snug_status name_targets(snug_table_schema *table, const snug_csv_job *job) {
    if (job->targets == 0) {
        return SNUG_OK;
    }
    char **names = snug_alloc(job->targets, sizeof *names);
    snug_status status = names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < job->count && status == SNUG_OK; i++) {
        const snug_csv_column *column = &job->columns[i];
        if (column->target && column->role == SNUG_CSV_CLASS) {
            status = name_class(table, column);
        } else if (column->target) {
            names[column->first] = column->name;
        }
    }
    if (status == SNUG_OK && job->outputs > 0) {
        status = snug_strings_copy(&table->targets, &(snug_strings){names, job->targets});
    }
    snug_release(names);
    return status;
}

/* Where the targets are among the columns that a table without names may have. */
static snug_status place_targets(snug_table_schema *table, const snug_csv_job *job) {
    if (job->targets == 0) {
        return SNUG_OK;
    }
    table->target_columns = snug_alloc(job->targets, sizeof *table->target_columns);
    if (table->target_columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0, place = 0; i < job->count; i++) {
        const snug_csv_column *column = &job->columns[i];
        place += !column->aside;
        if (column->target) {
            table->target_columns[column->first] = place;
        }
    }
    return SNUG_OK;
}

/* The names of columns of one role, or of all that are set aside without being weights. */
static snug_status name_aside(snug_strings *list, const snug_csv_job *job, bool weights) {
    char **names = snug_alloc(job->count, sizeof *names);
    snug_strings found = {names, 0};
    for (size_t i = 0; names != NULL && i < job->count; i++) {
        const snug_csv_column *column = &job->columns[i];
        if (column->aside && (column->role == SNUG_CSV_WEIGHT) == weights) {
            names[found.count++] = column->name;
        }
    }
    snug_status status = names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK && found.count > 0) {
        status = snug_strings_copy(list, &found);
    }
    snug_release(names);
    return status;
}

static snug_table_schema *make_table(const snug_csv_job *job) {
    if (job->like != NULL) {
        return snug_table_schema_copy(job->like);
    }
    snug_table_schema *table = snug_table_schema_new(job->features);
    if (table == NULL) {
        return NULL;
    }
    table->missing = job->options.missing;
    if (name_columns(table, job) == SNUG_OK && name_targets(table, job) == SNUG_OK &&
        place_targets(table, job) == SNUG_OK && name_aside(&table->weights, job, true) == SNUG_OK &&
        name_aside(&table->ignored, job, false) == SNUG_OK) {
        return table;
    }
    snug_table_schema_free(table);
    return NULL;
}

/* The job's arrays go over to the dataset. */
static snug_dataset *make_dataset(snug_csv_job *job) {
    snug_storage *storage = snug_storage_new();
    if (storage == NULL) {
        return NULL;
    }
    storage->rows = job->rows;
    storage->columns = job->features;
    storage->classes = job->classes;
    storage->outputs = job->outputs;
    storage->x = job->x;
    storage->class_of = job->class_of;
    storage->values = job->values;
    storage->owned = true;
    storage->missing = job->missing;
    job->x = job->values = NULL;
    job->class_of = NULL;
    storage->weights = job->weights;
    storage->parts = job->parts;
    job->weights = NULL;
    job->parts = NULL;
    storage->table = make_table(job);
    if (storage->table != NULL) {
        return snug_dataset_from_storage(storage);
    }
    snug_storage_free(storage);
    return NULL;
}

snug_dataset *snug_dataset_read_csv(const char *path, const snug_csv_options *options) {
    snug_csv_job job = {.options = options != NULL ? *options : (snug_csv_options){0}};
    if (check_options(path, &job.options) != SNUG_OK) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    if (job.options.targets != NULL && job.options.targets[1] != NULL &&
        job.options.task == SNUG_TASK_AUTO) {
        job.options.task = SNUG_TASK_REGRESSION;
    }
    if (job.options.like != NULL) {
        job.like = job.options.like->table;
        job.options.missing = job.like->missing;
    }
    locale_t before = snug_locale_enter();
    snug_dataset *data = NULL;
    if (read_file(&job, path) == SNUG_OK) {
        data = make_dataset(&job);
    }
    free_job(&job);
    snug_locale_leave(before);
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, data);
}
