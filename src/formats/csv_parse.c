/* The last pass over a table: values, categories and classes go where they belong. */
#include <math.h>

#include "core/number.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/utf8.h"
#include "formats/csv.h"

enum { LIST = 256 };

/* One field that is being filled in; for sentences too. */
typedef struct field {
    snug_csv_job *job;
    const snug_csv_column *column;
    size_t line;
    const char *text;
} field;

/* "iris.csv:7: column "sepal_width": " before the sentence that has just been set. */
static snug_status fail_at(const field *f) {
    return snug_fail_in("%s:%zu: column \"%s\"", f->job->csv.path, f->line, f->column->name);
}

static bool is_target(const field *f) {
    return f->column->role == SNUG_CSV_CLASS || f->column->role == SNUG_CSV_VALUE;
}

/* A missing feature becomes NaN, or is refused; a target or a weight must be there. */
static snug_status take_missing(const field *f, float *values, size_t n) {
    if (is_target(f) || f->column->aside) {
        snug_fail(SNUG_ERROR_DATA, "the %s is missing",
                  is_target(f)                         ? "target"
                  : f->column->role == SNUG_CSV_WEIGHT ? "weight"
                                                       : "part");
        return fail_at(f);
    }
    if (f->job->options.missing != SNUG_MISSING_MEAN) {
        snug_fail(SNUG_ERROR_DATA,
                  "the value is missing; fill it or read with \"missing\": \"mean\"");
        return fail_at(f);
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = NAN;
    }
    f->job->missing = true;
    return SNUG_OK;
}

static snug_status take_number(const field *f, float *value) {
    switch (snug_cell_read(f->text, value)) {
    case SNUG_CELL_MISSING:
        return take_missing(f, value, 1);
    case SNUG_CELL_NUMBER:
        if (isfinite(*value)) {
            return SNUG_OK;
        }
        snug_fail(SNUG_ERROR_DATA, "%.60s is too large for a 32-bit float", f->text);
        return fail_at(f);
    case SNUG_CELL_INFINITE:
        snug_fail(SNUG_ERROR_DATA, "must be a finite number (got \"%.60s\")", f->text);
        return fail_at(f);
    default:
        snug_fail(SNUG_ERROR_DATA, "must be a number (got \"%.60s\")", f->text);
        return fail_at(f);
    }
}

static snug_status unknown_name(const field *f, const char *what) {
    if (!snug_utf8_valid(f->text)) {
        snug_fail(SNUG_ERROR_DATA, "\"%.60s\" is not UTF-8, which a table has to be", f->text);
        return fail_at(f);
    }
    const snug_strings *known = &f->column->names.list;
    char list[LIST];
    snug_quote_names((const char *const *)known->items, known->count, list, sizeof list);
    snug_fail(SNUG_ERROR_DATA, "unknown %s \"%.60s\"; known are %s", what, f->text, list);
    return fail_at(f);
}

/* One of the features of a category is 1, the table being zeroed; or the one is its number. */
static snug_status take_category(const field *f, float *features) {
    const snug_string_set *names = &f->column->names;
    if (snug_cell_classify(f->text) == SNUG_CELL_MISSING) {
        return take_missing(f, features, f->column->integer ? 1 : names->list.count);
    }
    size_t index = snug_string_set_find(names, f->text);
    if (index == SNUG_NOT_IN_SET) {
        return unknown_name(f, "category");
    }
    if (f->column->integer) {
        features[0] = (float)index;
    } else {
        features[index] = 1;
    }
    return SNUG_OK;
}

static snug_status take_class(const field *f, int32_t *class_of) {
    snug_cell_kind kind = snug_cell_classify(f->text);
    if (kind == SNUG_CELL_MISSING) {
        return take_missing(f, NULL, 0);
    }
    if (kind == SNUG_CELL_INFINITE && !f->column->text && f->job->like == NULL) {
        snug_fail(SNUG_ERROR_DATA, "must be a finite number (got \"%.60s\")", f->text);
        return fail_at(f);
    }
    size_t index = snug_string_set_find(&f->column->names, f->text);
    if (index == SNUG_NOT_IN_SET) {
        return unknown_name(f, "class");
    }
    *class_of = (int32_t)index;
    return SNUG_OK;
}

static snug_status take_weight(const field *f, float *weight) {
    snug_status status = take_number(f, weight);
    if (status != SNUG_OK || *weight >= 0) {
        return status;
    }
    snug_fail(SNUG_ERROR_DATA, "a weight must be at least 0 (got %.60s)", f->text);
    return fail_at(f);
}

static snug_status take_part(const field *f, unsigned char *part) {
    float number;
    snug_status status = take_number(f, &number);
    if (status != SNUG_OK) {
        return status;
    }
    if (number == 0 || number == 1 || number == 2) {
        *part = (unsigned char)number;
        return SNUG_OK;
    }
    snug_fail(SNUG_ERROR_DATA, "must be 0 (training), 1 (validation) or 2 (test) (got %.60s)",
              f->text);
    return fail_at(f);
}

static snug_status take_field(const field *f) {
    snug_csv_job *job = f->job;
    size_t row = job->filled, first = f->column->first;
    switch (f->column->role) {
    case SNUG_CSV_NUMBER:
        return take_number(f, job->x + row * job->features + first);
    case SNUG_CSV_CATEGORY:
        return take_category(f, job->x + row * job->features + first);
    case SNUG_CSV_CLASS:
        return take_class(f, job->class_of + row);
    case SNUG_CSV_WEIGHT:
        return take_weight(f, job->weights + row);
    case SNUG_CSV_PART:
        return take_part(f, job->parts + row);
    case SNUG_CSV_IGNORED:
        return SNUG_OK;
    default:
        return take_number(f, job->values + row * job->outputs + first);
    }
}

static snug_status take(void *user, const snug_csv_record *record) {
    snug_csv_job *job = user;
    bool data;
    snug_status status = snug_csv_next_cell(job, record, &data);
    if (status != SNUG_OK || !data) {
        return status;
    }
    if (job->filled == job->rows) {
        return snug_csv_changed(job);
    }
    for (size_t i = 0; i < job->count && status == SNUG_OK; i++) {
        status = take_field(&(field){job, &job->columns[i], record->line, record->fields[i]});
    }
    job->filled++;
    return status;
}

snug_status snug_csv_parse(snug_csv_job *job) {
    job->started = false;
    job->filled = 0;
    snug_status status = snug_csv_reader_run(&job->csv, take, job);
    return status == SNUG_OK && job->filled != job->rows ? snug_csv_changed(job) : status;
}
