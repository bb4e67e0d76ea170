#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/calls.h"
#include "files/file.h"
#include "files/path.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "tune/journal.h"

static const char *const status_names[] = {
    [SNUG_TRIAL_OK] = "ok", [SNUG_TRIAL_FAILED] = "failed", [SNUG_TRIAL_STOPPED] = "stopped"};

enum { STATUSES = sizeof status_names / sizeof *status_names };

const char *snug_trial_status_name(snug_trial_status status) {
    return (size_t)status < STATUSES ? status_names[status] : "unknown";
}

/* ---- header ---------------------------------------------------------------------------------- */

/* Adds the 64-bit FNV-1a hash of a string (Fowler, Noll and Vo), as 16 hexadecimal digits. */
static void add_hash(cJSON *header, const char *key, const char *string, bool *failed) {
    uint64_t hash = UINT64_C(14695981039346656037);
    char digits[20];
    for (const unsigned char *c = (const unsigned char *)string; *c != '\0'; c++) {
        hash = (hash ^ *c) * UINT64_C(1099511628211);
    }
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)hash);
    snug_json_string(header, key, digits, failed);
}

/* Returns the space as a string that differs where trials would: its values by their order. */
static char *describe_space(const snug_tune_plan *plan) {
    bool failed = false;
    cJSON *list = snug_json_array(NULL, NULL, &failed);
    for (size_t i = 0; i < plan->space.count && !failed; i++) {
        const snug_dimension *d = &plan->space.dimensions[i];
        snug_json_string(list, NULL, d->path, &failed);
        if (d->list != NULL) {
            snug_json_copy(list, NULL, d->list, &failed);
        } else {
            snug_json_string(list, NULL, d->distribution->name, &failed);
        }
        snug_json_number(list, NULL, d->low, &failed);
        snug_json_number(list, NULL, d->high, &failed);
        snug_json_number(list, NULL, (double)d->points, &failed);
    }
    char *string = failed ? NULL : snug_json_print(list, false);
    cJSON_Delete(list);
    return string;
}

/* Returns the first line of the plan's journal, for cJSON_Delete(). */
static cJSON *make_header(const snug_tune_plan *plan) {
    bool failed = false;
    char *config = snug_json_print(plan->config, false), *space = describe_space(plan);
    cJSON *header = snug_json_object(NULL, NULL, &failed);
    failed = failed || config == NULL || space == NULL;
    if (!failed) {
        snug_json_string(header, "snug", snug_version(), &failed);
        add_hash(header, "experiment", config, &failed);
        add_hash(header, "space", space, &failed);
        snug_json_number(header, "seed", (double)plan->experiment->train.fit.seed, &failed);
        snug_json_string(header, "method", plan->options.grid ? "grid" : "random", &failed);
        snug_json_string(header, "metric", plan->metric->name, &failed);
        snug_json_number(header, "rungs", (double)plan->options.rungs, &failed);
    }
    snug_release(config);
    snug_release(space);
    if (failed) {
        cJSON_Delete(header);
        return NULL;
    }
    return header;
}

/* Compares the first line of a file with the header that the plan wants. */
static snug_status check_header(const char *path, const cJSON *got, const cJSON *wanted) {
    for (const cJSON *member = wanted->child; member != NULL; member = member->next) {
        if (!cJSON_Compare(snug_json_get(got, member->string), member, true)) {
            return snug_fail(SNUG_ERROR_FILE,
                             "%s: is the journal of another search, whose \"%s\" differs: give "
                             "another file, or remove it",
                             path, member->string);
        }
    }
    return SNUG_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Returns the number of a key; NaN where it is null. Sets *ok to false where it is neither. */
static double read_number(const cJSON *json, const char *key, bool *ok) {
    const cJSON *value = snug_json_get(json, key);
    *ok = *ok && (cJSON_IsNumber(value) || cJSON_IsNull(value));
    return cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
}

static size_t read_count(const cJSON *json, const char *key, bool *ok) {
    uint64_t whole = 0;
    *ok = *ok && snug_json_whole(snug_json_get(json, key), &whole);
    return (size_t)whole;
}

/* Returns whether a line of the journal is a training, which becomes *run. */
static bool read_run(const cJSON *json, snug_run *run) {
    bool ok = true;
    const char *status = cJSON_GetStringValue(snug_json_get(json, "status"));
    const char *message = cJSON_GetStringValue(snug_json_get(json, "message"));
    size_t i = 0;
    while (status != NULL && i < STATUSES && strcmp(status, status_names[i]) != 0) {
        i++;
    }
    *run = (snug_run){.trial = read_count(json, "trial", &ok),
                      .rung = read_count(json, "rung", &ok),
                      .status = i < STATUSES ? (snug_trial_status)i : SNUG_TRIAL_FAILED,
                      .metric = read_number(json, "metric", &ok),
                      .loss = read_number(json, "loss", &ok),
                      .epochs = read_count(json, "epochs", &ok),
                      .seconds = read_number(json, "seconds", &ok)};
    if (ok && message != NULL) {
        run->message = snug_copy_string(message);
        ok = run->message != NULL;
    }
    return ok && status != NULL && i < STATUSES;
}

static snug_status add_record(snug_journal *journal, const snug_run *run) {
    if (journal->count == journal->capacity) {
        size_t capacity = 2 * journal->capacity + 16;
        snug_run *records = snug_resize(journal->records, capacity, sizeof *records);
        if (records == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        journal->records = records;
        journal->capacity = capacity;
    }
    journal->records[journal->count++] = *run;
    return SNUG_OK;
}

static snug_status fail_line(const snug_journal *journal, size_t number) {
    return snug_fail(SNUG_ERROR_FILE,
                     "%s:%zu: is no line of a journal: give another file, or remove it",
                     journal->path, number);
}

/* Reads line number `number`, from 1, of n bytes. */
static snug_status read_line(snug_journal *journal, const char *line, size_t n, size_t number,
                             const cJSON *header) {
    snug_run run = {.message = NULL};
    cJSON *json = snug_json_parse(journal->path, line, n);
    snug_status status = json != NULL ? SNUG_OK : snug_error_status();
    if (status == SNUG_ERROR_MEMORY) {
        return status;
    }
    if (json == NULL || (number > 1 && !read_run(json, &run))) {
        status = fail_line(journal, number);
    } else if (number == 1) {
        status = check_header(journal->path, json, header);
    } else {
        status = add_record(journal, &run);
    }
    if (status != SNUG_OK) {
        snug_run_clear(&run);
    }
    cJSON_Delete(json);
    return status;
}

/*
 * Checks a file of n bytes without a whole line. It is only written over where a search was killed
 * while it wrote the header: any other file is the user's, such as an experiment in a single line.
 */
static snug_status check_torn_header(const snug_journal *journal, const char *text, size_t n,
                                     const cJSON *header) {
    char *line = snug_json_print(header, false);
    if (line == NULL) {
        return snug_error_status();
    }
    bool torn = strncmp(line, text, n) == 0;
    snug_release(line);
    return torn ? SNUG_OK : fail_line(journal, 1);
}

/* Reads all whole lines of the file, of which *used are the bytes. A file that is not there: 0. */
static snug_status read_lines(snug_journal *journal, const cJSON *header, size_t *used) {
    size_t size = 0, number = 0;
    struct stat st;
    *used = 0;
    if (stat(journal->path, &st) != 0) {
        return SNUG_OK; /* opening it for writing fails where it cannot be made */
    }
    if (!S_ISREG(st.st_mode)) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%s: a journal must be a regular file, which is read "
                         "when the search goes on",
                         journal->path);
    }
    char *text = snug_file_read(journal->path, &size);
    if (text == NULL) {
        return snug_error_status();
    }
    snug_status status = SNUG_OK;
    while (status == SNUG_OK && *used < size) {
        const char *line = text + *used, *end = memchr(line, '\n', size - *used);
        if (end == NULL) {
            break; /* the search was killed while it wrote this line */
        }
        status = read_line(journal, line, (size_t)(end - line), ++number, header);
        *used += (size_t)(end - line) + 1;
    }
    if (number == 0) {
        status = check_torn_header(journal, text, size, header);
    }
    snug_release(text);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Appends a line by one write, so that it is in the file whatever happens to the process. */
static snug_status write_line(const snug_journal *journal, const cJSON *json) {
    char *line = snug_json_print(json, false);
    if (line == NULL) {
        return snug_error_status();
    }
    size_t length = strlen(line);
    line[length] = '\n'; /* in place of the NUL byte: one write is one line */
    bool written = snug_write_all(journal->descriptor, line, length + 1);
    snug_release(line);
    return written ? SNUG_OK : snug_fail_file(journal->path, "write");
}

/* Opens the file for appending after its first `used` bytes; an empty one gets the header. */
static snug_status open_for_appending(snug_journal *journal, const cJSON *header, size_t used) {
    int flags = O_WRONLY | O_APPEND | O_CLOEXEC | (used > 0 ? 0 : O_CREAT | O_TRUNC);
    journal->descriptor = snug_file_calls_used()->open(journal->path, flags, 0666);
    if (journal->descriptor < 0) {
        return snug_fail_file(journal->path, used > 0 ? "open" : "create");
    }
    if (used == 0) {
        return write_line(journal, header);
    }
    return snug_file_calls_used()->ftruncate(journal->descriptor, (off_t)used) == 0
               ? SNUG_OK
               : snug_fail_file(journal->path, "write");
}

snug_status snug_journal_open(snug_journal *journal, const snug_tune_plan *plan) {
    *journal = (snug_journal){.path = plan->options.journal, .descriptor = -1};
    if (journal->path == NULL) {
        return SNUG_OK;
    }
    size_t used = 0;
    cJSON *header = make_header(plan);
    snug_status status = header != NULL ? read_lines(journal, header, &used) : snug_error_status();
    if (status == SNUG_OK) {
        status = open_for_appending(journal, header, used);
    }
    cJSON_Delete(header);
    return status;
}

void snug_journal_close(snug_journal *journal) {
    if (journal->descriptor >= 0) {
        snug_close_quietly(journal->descriptor);
    }
    for (size_t i = 0; i < journal->count; i++) {
        snug_run_clear(&journal->records[i]);
    }
    snug_release(journal->records);
    *journal = (snug_journal){.descriptor = -1};
}

const snug_run *snug_journal_find(const snug_journal *journal, size_t trial, size_t rung) {
    for (size_t i = 0; i < journal->count; i++) {
        const snug_run *run = &journal->records[i];
        if (run->trial == trial && run->rung == rung && run->status != SNUG_TRIAL_STOPPED) {
            return run;
        }
    }
    return NULL;
}

static void add_number_or_null(cJSON *line, const char *key, double number, bool *failed) {
    if (isfinite(number)) {
        snug_json_number(line, key, number, failed);
    } else {
        snug_json_null(line, key, failed);
    }
}

snug_status snug_journal_add(snug_journal *journal, const snug_run *run, const cJSON *values) {
    bool failed = false;
    if (journal->path == NULL || journal->given_up) {
        return SNUG_OK;
    }
    cJSON *line = snug_json_object(NULL, NULL, &failed);
    snug_json_number(line, "trial", (double)run->trial, &failed);
    snug_json_number(line, "rung", (double)run->rung, &failed);
    snug_json_string(line, "status", snug_trial_status_name(run->status), &failed);
    add_number_or_null(line, "metric", run->metric, &failed);
    add_number_or_null(line, "loss", run->loss, &failed);
    snug_json_number(line, "epochs", (double)run->epochs, &failed);
    snug_json_number(line, "seconds", run->seconds, &failed);
    snug_json_copy(line, "values", values, &failed);
    if (run->message != NULL) {
        snug_json_string(line, "message", run->message, &failed);
    }
    snug_status status = failed ? snug_error_status() : write_line(journal, line);
    cJSON_Delete(line);
    return status;
}

void snug_journal_give_up(snug_journal *journal) {
    journal->given_up = true;
    snug_log(SNUG_LOG_WARNING, "%s; the search goes on without its journal", snug_error());
}

/* ---- models beside the journal --------------------------------------------------------------- */

static char *model_path(const snug_journal *journal, const snug_run *run) {
    return journal->path != NULL
               ? snug_format("%s.trial-%zu-%zu.safetensors", journal->path, run->trial, run->rung)
               : NULL;
}

snug_status snug_journal_save_model(const snug_journal *journal, const snug_run *run) {
    if (journal->path == NULL || journal->given_up) {
        return SNUG_OK;
    }
    char *path = model_path(journal, run);
    if (path == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_model_save(run->model, path);
    snug_release(path);
    return status;
}

snug_model *snug_journal_load_model(const snug_journal *journal, const snug_run *run) {
    char *path = model_path(journal, run);
    snug_model *model = path != NULL && access(path, R_OK) == 0 ? snug_model_load(path) : NULL;
    snug_release(path);
    return model;
}

void snug_journal_remove_model(const snug_journal *journal, const snug_run *run) {
    char *path = model_path(journal, run);
    if (path != NULL) {
        (void)snug_file_calls_used()->unlink(path);
    }
    snug_release(path);
}
