/* Reading a table as another was read: which of its columns is which. */
#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "data/table_schema.h"
#include "formats/csv.h"

/* The columns of the other table, each found by its name in constant time. */
typedef struct known_columns {
    const snug_table_schema *like;
    size_t *first; /* feature of each column */
    bool *found;   /* whether the column is in this table too */
    snug_string_set features, targets, weights, ignored;
} known_columns;

/* Classes have one target, whose name may not be known. */
static snug_status index_targets(snug_string_set *targets, const snug_table_schema *like) {
    if (like->classes.count == 0) {
        return snug_string_set_add_all(targets, &like->targets);
    }
    return like->target != NULL ? snug_string_set_add(targets, like->target, NULL) : SNUG_OK;
}

static snug_status index_features(known_columns *known, const snug_table_schema *like) {
    known->first = snug_alloc(like->column_count, sizeof *known->first);
    known->found = snug_alloc(like->column_count, sizeof *known->found);
    if (known->first == NULL || known->found == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    size_t first = 0;
    for (size_t i = 0; i < like->column_count; i++) {
        known->first[i] = first;
        first += like->columns != NULL ? snug_column_features(&like->columns[i]) : 1;
        if (like->columns != NULL &&
            snug_string_set_add(&known->features, like->columns[i].name, NULL)) {
            return snug_error_status();
        }
    }
    return SNUG_OK;
}

static snug_status known_open(known_columns *known, const snug_table_schema *like) {
    *known = (known_columns){.like = like};
    snug_status status = index_features(known, like);
    if (status == SNUG_OK) {
        status = index_targets(&known->targets, like);
    }
    if (status == SNUG_OK) {
        status = snug_string_set_add_all(&known->weights, &like->weights);
    }
    return status == SNUG_OK ? snug_string_set_add_all(&known->ignored, &like->ignored) : status;
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

static snug_status become_feature(snug_csv_column *column, known_columns *known, size_t index) {
    column->first = known->first[index];
    column->role = SNUG_CSV_NUMBER;
    known->found[index] = true;
    if (known->like->columns == NULL) {
        return SNUG_OK;
    }
    const snug_column *from = &known->like->columns[index];
    if (from->categories.count > 0) {
        column->role = SNUG_CSV_CATEGORY;
    }
    column->integer = from->integer;
    return snug_string_set_add_all(&column->names, &from->categories);
}

static void become_aside(snug_csv_column *column, snug_csv_role role) {
    column->aside = true;
    column->role = role;
}

/* Targets and weights of rows to be predicted are not read: they may be empty, or not known yet. */
static bool reads_features_alone(const snug_csv_job *job) {
    return job->options.task == SNUG_TASK_NONE;
}

static snug_status become_target(snug_csv_job *job, snug_csv_column *column, size_t index) {
    if (reads_features_alone(job)) {
        become_aside(column, SNUG_CSV_IGNORED);
        return SNUG_OK;
    }
    job->targets++;
    column->role = job->like->classes.count > 0 ? SNUG_CSV_CLASS : SNUG_CSV_VALUE;
    column->first = index;
    return snug_string_set_add_all(&column->names, &job->like->classes);
}

/* ---- by name --------------------------------------------------------------------------------- */

static snug_status unknown_column(const snug_csv_job *job, const char *name,
                                  const snug_string_set *known) {
    if (job->count == 1 && job->like->column_count > 1) {
        return snug_fail(
            SNUG_ERROR_DATA, "%s: has one column, \"%.200s\", where the model has %zu: %s",
            job->csv.path, name, job->like->column_count, snug_csv_fail_delimiter(job));
    }
    if (job->hint != NULL) {
        return snug_fail(SNUG_ERROR_DATA, "%s: unknown column \"%.200s\": %s", job->csv.path, name,
                         job->hint);
    }
    const char *nearest =
        snug_nearest_name(name, (const char *const *)known->list.items, known->list.count);
    return snug_fail(SNUG_ERROR_DATA, "%s: unknown column \"%s\"%s%s%s", job->csv.path, name,
                     nearest != NULL ? "; did you mean \"" : ": the model does not know it",
                     nearest != NULL ? nearest : "", nearest != NULL ? "\"?" : "");
}

/* A column is what it was in the other table: weights stay weights. */
static snug_status match_name(snug_csv_job *job, snug_csv_column *column, known_columns *known) {
    size_t feature = snug_string_set_find(&known->features, column->name);
    size_t target = snug_string_set_find(&known->targets, column->name);
    if (feature != SNUG_NOT_IN_SET) {
        return become_feature(column, known, feature);
    }
    if (target != SNUG_NOT_IN_SET) {
        return become_target(job, column, target);
    }
    if (snug_string_set_find(&known->weights, column->name) != SNUG_NOT_IN_SET) {
        become_aside(column, reads_features_alone(job) ? SNUG_CSV_IGNORED : SNUG_CSV_WEIGHT);
    } else if (snug_string_set_find(&known->ignored, column->name) != SNUG_NOT_IN_SET) {
        become_aside(column, SNUG_CSV_IGNORED);
    } else {
        return unknown_column(job, column->name, &known->features);
    }
    return SNUG_OK;
}

static snug_status match_by_name(snug_csv_job *job, known_columns *known) {
    const snug_table_schema *like = job->like;
    for (size_t i = 0; i < job->count; i++) {
        snug_status status = match_name(job, &job->columns[i], known);
        if (status != SNUG_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < like->column_count; i++) {
        if (!known->found[i]) {
            return snug_fail(SNUG_ERROR_DATA, "%s: the column \"%s\" is missing", job->csv.path,
                             like->columns[i].name);
        }
    }
    if (job->targets > 0 && job->targets < snug_table_schema_target_count(like)) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has %zu of the %zu target columns", job->csv.path,
                         job->targets, snug_table_schema_target_count(like));
    }
    return SNUG_OK;
}

/* ---- by position ----------------------------------------------------------------------------- */

/* Names "column3", which an earlier table without names got, are the targets' places. */
static snug_status place_numbered(const snug_csv_job *job, const known_columns *known,
                                  size_t *target) {
    size_t found = 0;
    for (size_t i = 0; i < job->count; i++) {
        size_t index = snug_string_set_find(&known->targets, job->columns[i].name);
        target[i] = index == SNUG_NOT_IN_SET ? 0 : index + 1;
        found += target[i] > 0;
    }
    if (found == snug_table_schema_target_count(job->like)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: has %zu fields and no names, and the model does not know which of "
                     "them are targets: leave the targets out, or give the table a header",
                     job->csv.path, job->header_line, job->count);
}

/* Which target each column is, from 1; 0 is a feature. Those of unnamed features are the last. */
static snug_status place_targets(const snug_csv_job *job, const known_columns *known,
                                 size_t *target) {
    const snug_table_schema *like = job->like;
    size_t features = like->column_count;
    if (job->count == features) {
        return SNUG_OK;
    }
    if (like->target_columns == NULL && like->columns != NULL) {
        return place_numbered(job, known, target);
    }
    for (size_t i = 0; i < snug_table_schema_target_count(like); i++) {
        target[like->target_columns != NULL ? like->target_columns[i] - 1 : features + i] = i + 1;
    }
    return SNUG_OK;
}

/* Features in their order, and targets where they were. */
static snug_status match_by_position(snug_csv_job *job, known_columns *known) {
    size_t *target = snug_alloc(job->count, sizeof *target);
    snug_status status = target != NULL ? place_targets(job, known, target) : SNUG_ERROR_MEMORY;
    for (size_t i = 0, feature = 0; i < job->count && status == SNUG_OK; i++) {
        status = target[i] == 0 ? become_feature(&job->columns[i], known, feature++)
                                : become_target(job, &job->columns[i], target[i] - 1);
    }
    snug_release(target);
    return status;
}

/* Whether the columns of the other table had no names either, so that one is called column1. */
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

/* Beside weights and ignored columns a column has its number only where none is left out. */
static snug_status match_by_number(snug_csv_job *job, known_columns *known) {
    const snug_table_schema *like = job->like;
    size_t all = like->column_count + snug_table_schema_target_count(like) + like->weights.count +
                 like->ignored.count;
    bool numbered = like->columns != NULL && is_numbered(known);
    if (numbered && job->count == all) {
        return match_by_name(job, known);
    }
    char *cure = numbered ? snug_format("all %zu columns of the table that it was trained on", all)
                          : snug_copy_string("give the table a header");
    if (cure == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_fail(
        SNUG_ERROR_DATA,
        "%s:%zu: has %zu field%s and no names, where the model has %zu column%s of features: "
        "give these alone, or %s",
        job->csv.path, job->header_line, job->count, job->count == 1 ? "" : "s", like->column_count,
        like->column_count == 1 ? "" : "s", cure);
    snug_release(cure);
    return status;
}

static snug_status match_unnamed(snug_csv_job *job, known_columns *known) {
    const snug_table_schema *like = job->like;
    size_t features = like->column_count, targets = snug_table_schema_target_count(like);
    bool others = like->weights.count + like->ignored.count > 0;
    if (job->count == features || (job->count == features + targets && !others)) {
        return match_by_position(job, known);
    }
    if (others && job->hint == NULL) {
        return match_by_number(job, known);
    }
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where the model has %zu columns%s%s",
                     job->csv.path, job->header_line, job->count, job->count == 1 ? "" : "s",
                     features, job->hint != NULL ? ": " : "", job->hint != NULL ? job->hint : "");
}

snug_status snug_csv_bind(snug_csv_job *job) {
    const snug_table_schema *like = job->like;
    known_columns known;
    job->features = like->features;
    bool named = like->columns != NULL && !job->options.no_header;
    snug_status status = known_open(&known, like);
    if (status == SNUG_OK) {
        status = named ? match_by_name(job, &known) : match_unnamed(job, &known);
    }
    known_close(&known);
    if (status == SNUG_OK && job->targets > 0) {
        job->classes = like->classes.count;
        job->outputs = like->targets.count;
    }
    return status;
}
