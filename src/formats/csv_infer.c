/* The first pass over a table: how many rows, which columns are text, what the target is. */
#include <math.h>
#include <stdio.h>

#include "core/number.h"
#include "core/status.h"
#include "formats/csv.h"

enum {
    AUTO_CLASSES = 20,     /* <snug/data.h> promises it of SNUG_TASK_AUTO */
    MOST_CATEGORIES = 4096 /* a column of more different texts is no category */
};

/* Whether a column's values are needed before a text has been seen in it. */
static bool may_be_classes(const snug_csv_job *job, const snug_csv_column *column) {
    return column->target && job->options.task != SNUG_TASK_REGRESSION;
}

/* The automatic choice is over once a number is not whole, or there are too many. */
static bool ends_collecting(const snug_csv_job *job, const snug_csv_column *column) {
    return !column->text && job->options.task == SNUG_TASK_AUTO &&
           (column->fractional || column->names.list.count > AUTO_CLASSES);
}

static snug_status too_many(const snug_csv_job *job, const snug_csv_column *column) {
    if (!column->text) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: column \"%s\": more than %d different values are too many for classes",
            job->csv.path, column->name, MOST_CATEGORIES);
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: column \"%s\": a text stands here, and more than %d different "
                     "values are too many for categories",
                     job->csv.path, column->text_line, column->name, MOST_CATEGORIES);
}

/* Checks each different text once. */
static snug_status check_utf8(const snug_csv_job *job, const snug_csv_column *column,
                              const char *text, size_t line) {
    char where[128];
    snprintf(where, sizeof where, "\"%.100s\"", column->name);
    return snug_csv_check_utf8(job, line, where, text);
}

static snug_status collect(snug_csv_job *job, snug_csv_column *column, const char *text,
                           size_t line) {
    size_t count = column->names.list.count;
    snug_status status = snug_string_set_add(&column->names, text, NULL);
    if (status == SNUG_OK && column->names.list.count > count) {
        status = check_utf8(job, column, text, line);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (ends_collecting(job, column)) {
        snug_string_set_clear(&column->names);
        column->collects = false;
        column->partial = true;
    }
    if (column->names.list.count > MOST_CATEGORIES) {
        return too_many(job, column);
    }
    return SNUG_OK;
}

static snug_status note(snug_csv_job *job, snug_csv_column *column, const char *text, size_t line) {
    snug_cell_kind kind = snug_cell_classify(text);
    if (kind == SNUG_CELL_MISSING) {
        return SNUG_OK;
    }
    if (kind == SNUG_CELL_STRING && !column->text) {
        column->text = true;
        column->text_line = line;
        if (!column->target || may_be_classes(job, column)) {
            column->collects = true;
        }
    }
    if (may_be_classes(job, column) && kind == SNUG_CELL_NUMBER && !column->fractional) {
        double value = snug_parse_double(text);
        column->fractional = value != floor(value);
    }
    if (!column->collects) {
        column->partial = true;
        return SNUG_OK;
    }
    return collect(job, column, text, line);
}

static snug_status take(void *user, const snug_csv_record *record) {
    snug_csv_job *job = user;
    bool data;
    snug_status status = snug_csv_next_cell(job, record, &data);
    if (status != SNUG_OK || !data) {
        return status;
    }
    job->rows++;
    for (size_t i = 0; i < job->count && job->like == NULL && status == SNUG_OK; i++) {
        if (!job->columns[i].aside) {
            status = note(job, &job->columns[i], record->fields[i], record->line);
        }
    }
    return status;
}

/* Whether some column turned out to be text after values of it were passed over. */
static bool must_repeat(snug_csv_job *job) {
    bool repeat = false;
    for (size_t i = 0; i < job->count; i++) {
        repeat = repeat || (job->columns[i].collects && job->columns[i].partial);
    }
    return repeat;
}

static void begin(snug_csv_job *job) {
    job->rows = 0;
    job->started = false;
    for (size_t i = 0; i < job->count; i++) {
        job->columns[i].partial = false;
        snug_string_set_clear(&job->columns[i].names);
    }
}

static snug_status run(snug_csv_job *job) {
    snug_status status = snug_csv_reader_run(&job->csv, take, job);
    if (status == SNUG_OK && job->columns == NULL) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: is empty", job->csv.path);
    }
    if (status == SNUG_OK && job->rows == 0) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: holds a header and no rows", job->csv.path);
    }
    return status;
}

static snug_csv_role target_role(const snug_csv_job *job, const snug_csv_column *column) {
    size_t distinct = column->names.list.count;
    switch (job->options.task) {
    case SNUG_TASK_CLASSIFICATION:
        return SNUG_CSV_CLASS;
    case SNUG_TASK_REGRESSION:
        return SNUG_CSV_VALUE;
    default:
        return column->text || (column->collects && distinct > 0 && distinct < (job->rows + 1) / 2)
                   ? SNUG_CSV_CLASS
                   : SNUG_CSV_VALUE;
    }
}

/* Gives every column its role and place. */
static void decide(snug_csv_job *job) {
    for (size_t i = 0; i < job->count; i++) {
        snug_csv_column *column = &job->columns[i];
        if (column->aside) {
            continue;
        }
        if (column->collects) {
            snug_string_set_sort(&column->names);
        }
        if (column->target) {
            column->role = target_role(job, column);
            job->classes = column->role == SNUG_CSV_CLASS ? column->names.list.count : 0;
            job->outputs = column->role == SNUG_CSV_VALUE ? job->targets : 0;
        } else {
            column->role = column->text ? SNUG_CSV_CATEGORY : SNUG_CSV_NUMBER;
            column->first = job->features;
            column->integer = job->options.categories == SNUG_CATEGORIES_INTEGER && column->text;
            job->features += column->text && !column->integer ? column->names.list.count : 1;
        }
    }
}

/* Categories and classes need a name; a text that an earlier pass found may be gone. */
static snug_status check_names(const snug_csv_job *job) {
    for (size_t i = 0; i < job->count; i++) {
        const snug_csv_column *column = &job->columns[i];
        bool named = column->role == SNUG_CSV_CATEGORY || column->role == SNUG_CSV_CLASS;
        if (!named || column->names.list.count > 0) {
            continue;
        }
        if (column->text) {
            return snug_csv_changed(job);
        }
        return snug_fail(SNUG_ERROR_DATA, "%s: column \"%s\": the target is missing in every row",
                         job->csv.path, column->name);
    }
    return SNUG_OK;
}

snug_status snug_csv_infer(snug_csv_job *job) {
    snug_status status = run(job);
    if (status != SNUG_OK || job->like != NULL) {
        return status;
    }
    while (must_repeat(job)) {
        begin(job);
        status = run(job);
        if (status != SNUG_OK) {
            return status;
        }
    }
    decide(job);
    return check_names(job);
}
