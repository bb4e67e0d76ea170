/* Columns of a table that are neither features nor targets: weights, the split, what is ignored. */
#include <string.h>

#include "core/status.h"
#include "formats/csv.h"

static snug_status take(snug_csv_job *job, const char *name, snug_csv_role role) {
    snug_csv_column *column = snug_csv_find(job, name);
    if (column == NULL) {
        return snug_error_status();
    }
    if (column->aside && column->role != role) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: the column \"%s\" can be only one of weights, split and ignored",
                         job->csv.path, column->name);
    }
    column->aside = true;
    column->role = role;
    return SNUG_OK;
}

snug_status snug_csv_exclude_columns(snug_csv_job *job) {
    const snug_csv_options *o = &job->options;
    snug_status status = o->weights != NULL ? take(job, o->weights, SNUG_CSV_WEIGHT) : SNUG_OK;
    if (status == SNUG_OK && o->split != NULL) {
        status = take(job, o->split, SNUG_CSV_PART);
    }
    for (size_t i = 0; o->ignore != NULL && o->ignore[i] != NULL && status == SNUG_OK; i++) {
        status = take(job, o->ignore[i], SNUG_CSV_IGNORED);
    }
    return status;
}

/* Only the named columns stay features. */
static snug_status keep_named(snug_csv_job *job, const char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        snug_csv_column *column = snug_csv_find(job, names[i]);
        if (column == NULL) {
            return snug_error_status();
        }
        if (column->aside || column->target) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: the column \"%s\" is to be a feature, and something else too",
                             job->csv.path, column->name);
        }
        column->chosen = true;
    }
    for (size_t i = 0; i < job->count; i++) {
        snug_csv_column *column = &job->columns[i];
        if (!(column->chosen || column->aside || column->target)) {
            column->aside = true;
            column->role = SNUG_CSV_IGNORED;
        }
    }
    return SNUG_OK;
}

snug_status snug_csv_choose_features(snug_csv_job *job) {
    const char *const *names = job->options.columns;
    snug_status status = names != NULL ? keep_named(job, names) : SNUG_OK;
    bool features = false;
    for (size_t i = 0; i < job->count; i++) {
        features = features || !(job->columns[i].aside || job->columns[i].target);
    }
    if (status == SNUG_OK && !features) {
        return snug_fail(SNUG_ERROR_DATA, "%s: no column is left as a feature", job->csv.path);
    }
    return status;
}
