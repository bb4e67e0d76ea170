/* The first record of a table: names of columns, and which of them are targets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/utf8.h"
#include "formats/csv.h"

#define NO_COLUMN SNUG_NOT_IN_SET

enum { LIST = 256 };

snug_status snug_csv_check_utf8(const snug_csv_job *job, size_t line, const char *where,
                                const char *text) {
    if (snug_utf8_valid(text)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: column %s: \"%.60s\" is not UTF-8, which a table has to be",
                     job->csv.path, line, where, text);
}

/* A name of the header, for which only its number can say where it is. */
static snug_status check_name(const snug_csv_job *job, const snug_csv_record *record, size_t i) {
    char number[24];
    snprintf(number, sizeof number, "%zu", i + 1);
    return snug_csv_check_utf8(job, record->line, number, record->fields[i]);
}

static snug_status name_column(snug_csv_job *job, const snug_csv_record *record, size_t i) {
    snug_csv_column *column = &job->columns[i];
    if (job->options.no_header) {
        column->name = snug_format("column%zu", i + 1);
    } else if (record->fields[i][0] == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: column %zu of the header has no name",
                         job->csv.path, record->line, i + 1);
    } else if (check_name(job, record, i) != SNUG_OK) {
        return SNUG_ERROR_DATA;
    } else {
        column->name = snug_copy_string(record->fields[i]);
    }
    return column->name != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Makes the index by which columns are found; all names differ, so that it has their numbers. */
static snug_status index_names(snug_csv_job *job) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < job->count && status == SNUG_OK; i++) {
        status = snug_string_set_add(&job->names, job->columns[i].name, NULL);
        if (status == SNUG_OK && job->names.list.count == i) {
            status = snug_fail(SNUG_ERROR_DATA, "%s:%zu: the column \"%s\" stands twice",
                               job->csv.path, job->header_line, job->columns[i].name);
        }
    }
    return status;
}

/* The column with that number from 1, where there are no names. */
static size_t numbered_column(const snug_csv_job *job, const char *text) {
    size_t digits = strspn(text, "0123456789");
    unsigned long long number = strtoull(text, NULL, 10);
    if (digits == 0 || text[digits] != 0 || number < 1 || number > job->count) {
        return NO_COLUMN;
    }
    return (size_t)number - 1;
}

/* Of a first record of one field: what it holds that could be the delimiter, or NULL. */
static const char *delimiter_hint(const snug_csv_job *job, const snug_csv_record *record) {
#define HINT(what)                                                                                 \
    "the first line holds " what ": is that the delimiter? (\"delimiter\", --delimiter)"
    static const struct {
        char delimiter;
        const char *hint;
    } others[] = {
        {'\t', HINT("a tab")}, {';', HINT("\";\"")}, {'|', HINT("\"|\"")}, {',', HINT("\",\"")}};
#undef HINT
    for (size_t i = 0; record->count == 1 && i < sizeof others / sizeof *others; i++) {
        if (others[i].delimiter != job->csv.delimiter &&
            strchr(record->fields[0], others[i].delimiter) != NULL) {
            return others[i].hint;
        }
    }
    return NULL;
}

const char *snug_csv_fail_delimiter(const snug_csv_job *job) {
    return job->hint != NULL ? job->hint : "is the delimiter right?";
}

/* The sentence names the nearest column, or else all of them. */
static snug_status no_column(const snug_csv_job *job, const char *name) {
    if (job->count == 1) {
        return snug_fail(
            SNUG_ERROR_DATA, "%s: there is no column \"%s\"; the only one is \"%.200s\": %s",
            job->csv.path, name, job->names.list.items[0], snug_csv_fail_delimiter(job));
    }
    const char *const *names = (const char *const *)job->names.list.items;
    const char *nearest = snug_nearest_name(name, names, job->count);
    char list[LIST];
    snug_quote_names(names, job->count, list, sizeof list);
    return snug_fail(SNUG_ERROR_DATA, "%s: there is no column \"%s\"; %s%s%s", job->csv.path, name,
                     nearest != NULL ? "did you mean \"" : "there are ",
                     nearest != NULL ? nearest : list, nearest != NULL ? "\"?" : "");
}

/* Makes a column the next target. */
static snug_status take_target(snug_csv_job *job, size_t index) {
    snug_csv_column *column = &job->columns[index];
    if (column->target) {
        return snug_fail(SNUG_ERROR_DATA, "%s: the target \"%s\" is named twice", job->csv.path,
                         column->name);
    }
    if (column->aside) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: the target \"%s\" cannot be weights, split or ignored too",
                         job->csv.path, column->name);
    }
    column->target = true;
    column->first = job->targets++;
    if (job->targets == job->count && job->count > 1) {
        return snug_fail(SNUG_ERROR_DATA, "%s: all columns are targets: none is left as a feature",
                         job->csv.path);
    }
    if (job->targets == job->count) {
        return snug_fail(SNUG_ERROR_DATA, "%s: \"%s\", the target, is the only column%s%s",
                         job->csv.path, job->columns[0].name, job->hint != NULL ? ": " : "",
                         job->hint != NULL ? job->hint : "");
    }
    column->collects = job->options.task != SNUG_TASK_REGRESSION;
    return SNUG_OK;
}

snug_csv_column *snug_csv_find(snug_csv_job *job, const char *name) {
    size_t index = snug_string_set_find(&job->names, name);
    if (index == NO_COLUMN && job->options.no_header) {
        index = numbered_column(job, name);
    }
    if (index != NO_COLUMN) {
        return &job->columns[index];
    }
    no_column(job, name);
    return NULL;
}

static snug_status find_target(snug_csv_job *job, const char *name) {
    const snug_csv_column *column = snug_csv_find(job, name);
    return column != NULL ? take_target(job, (size_t)(column - job->columns)) : snug_error_status();
}

/* The last column that is nothing else. */
static snug_status last_target(snug_csv_job *job) {
    size_t index = job->count - 1;
    while (index > 0 && job->columns[index].aside) {
        index--;
    }
    return take_target(job, index);
}

static snug_status find_targets(snug_csv_job *job) {
    const char *const *names = job->options.targets;
    if (job->like != NULL || job->options.task == SNUG_TASK_NONE) {
        return SNUG_OK;
    }
    if (names == NULL) {
        return job->options.target != NULL ? find_target(job, job->options.target)
                                           : last_target(job);
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; names[i] != NULL && status == SNUG_OK; i++) {
        status = find_target(job, names[i]);
    }
    return status;
}

snug_status snug_csv_header(snug_csv_job *job, const snug_csv_record *record) {
    if (record->count == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: the first line has no fields", job->csv.path,
                         record->line);
    }
    job->columns = snug_alloc(record->count, sizeof *job->columns);
    if (job->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    job->count = record->count;
    job->header_line = record->line;
    job->hint = delimiter_hint(job, record);
    for (size_t i = 0; i < job->count; i++) {
        snug_status status = name_column(job, record, i);
        if (status != SNUG_OK) {
            return status;
        }
    }
    snug_status status = index_names(job);
    if (status == SNUG_OK && job->like == NULL) {
        status = snug_csv_exclude_columns(job);
    }
    if (status == SNUG_OK) {
        status = find_targets(job);
    }
    if (status == SNUG_OK && job->like == NULL) {
        status = snug_csv_choose_features(job);
    }
    return status == SNUG_OK && job->like != NULL ? snug_csv_bind(job) : status;
}

snug_status snug_csv_changed(const snug_csv_job *job) {
    return snug_fail(SNUG_ERROR_DATA, "%s: changed while it was read", job->csv.path);
}

snug_status snug_csv_next_cell(snug_csv_job *job, const snug_csv_record *record, bool *data) {
    bool first = !job->started;
    job->started = true;
    *data = !first || job->options.no_header;
    if (first && job->columns == NULL) {
        return snug_csv_header(job, record);
    }
    if (record->count == job->count) {
        return SNUG_OK;
    }
    const char *plural = record->count == 1 ? "" : "s";
    if (job->options.no_header) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where line %zu has %zu",
                         job->csv.path, record->line, record->count, plural, job->header_line,
                         job->count);
    }
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where the header has %zu",
                     job->csv.path, record->line, record->count, plural, job->count);
}
