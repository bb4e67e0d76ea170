#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "train_history.h"

int cli_train_history_open(cli_train_history *history, const char *path, bool resumes) {
    *history = (cli_train_history){.path = path, .waits = path != NULL && resumes};
    return history->waits ? cli_output_check(path) : cli_lines_open(&history->lines, path);
}

int cli_train_history_close(cli_train_history *history) {
    return cli_lines_close(&history->lines);
}

/* ---- the lines of a run before it was resumed ------------------------------------------------ */

/* Strings that are put together. */
typedef struct text {
    char *bytes; /* owned */
    size_t length, capacity;
} text;

static void append_line(text *to, const char *line, size_t length) {
    if (to->length + length + 2 > to->capacity) {
        size_t capacity = 2 * (to->length + length) + 1024;
        char *longer = cli_allocate(capacity, 1);
        if (to->length > 0) {
            memcpy(longer, to->bytes, to->length);
        }
        free(to->bytes);
        to->bytes = longer;
        to->capacity = capacity;
    }
    memcpy(to->bytes + to->length, line, length);
    to->length += length;
    to->bytes[to->length++] = '\n';
    to->bytes[to->length] = '\0';
}

/* Returns the length of a line that was written to its end, without the newline; 0: it was not. */
static size_t line_length(const char *line) {
    const char *end = strchr(line, '\n');
    return end != NULL ? (size_t)(end - line) : 0;
}

/* Returns whether a line is that of an inspection after a step up to `most`. */
static bool is_inspection(const char *line, size_t most) {
    static const char start[] = "{\"step\":", next[] = ",\"inspection\":";
    if (strncmp(line, start, sizeof start - 1) != 0) {
        return false;
    }
    char *end;
    unsigned long long step = strtoull(line + sizeof start - 1, &end, 10);
    return strncmp(end, next, sizeof next - 1) == 0 && step <= most;
}

/* Adds the lines of inspections up to a step, and returns the line behind them. */
static const char *keep_inspections(text *to, const char *line, size_t step) {
    size_t length = line_length(line);
    while (length > 0 && is_inspection(line, step)) {
        append_line(to, line, length);
        line += length + 1;
        length = line_length(line);
    }
    return line;
}

/*
 * Returns the lines of all that was before the checkpoint: those of its epochs, which it has, and
 * between them those of inspections from `old`, the lines that the file has, or NULL.
 */
static char *lines_before(const snug_progress *at, const char *old) {
    text lines = {0};
    const char *line = old != NULL ? old : "";
    append_line(&lines, "", 0);
    lines.length = 0;
    lines.bytes[0] = '\0';
    for (size_t epoch = 1; epoch <= snug_history_epoch_count(at->history); epoch++) {
        char *json = snug_history_to_json(at->history, epoch);
        if (json == NULL) {
            break;
        }
        line = keep_inspections(&lines, line, at->step);
        size_t length = line_length(line);
        bool same = length == strlen(json) && strncmp(line, json, length) == 0;
        line = same ? line + length + 1 : "";
        append_line(&lines, json, strlen(json));
        snug_free(json);
    }
    (void)keep_inspections(&lines, line, at->step);
    return lines.bytes;
}

/* Writes the lines of all that was before the checkpoint. A pipe gets all of them again. */
static void resume(cli_train_history *history, const snug_progress *at) {
    char *old = cli_file_read(history->path);
    char *lines = lines_before(at, old);
    int status = cli_output_text(history->path, lines);
    if (status == CLI_DONE) {
        status = cli_lines_append(&history->lines, history->path);
    }
    history->lines.failed = status != CLI_DONE;
    free(lines);
    free(old);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Adds a line of the layers' statistics. */
static void add_inspection(cli_lines *lines, const snug_progress *at) {
    char *json = snug_inspection_to_json(at->inspection);
    if (json == NULL) {
        lines->failed = cli_library_error() != CLI_DONE;
        return;
    }
    char *line = cli_format("{\"step\":%zu,\"inspection\":%s}", at->step, json);
    cli_lines_add(lines, line);
    free(line);
    snug_free(json);
}

static void add_epoch(cli_lines *lines, const snug_progress *at) {
    char *line = snug_metrics_to_json(at->epoch, at->train, at->validation);
    if (line != NULL) {
        cli_lines_add(lines, line);
    } else {
        lines->failed = cli_library_error() != CLI_DONE;
    }
    snug_free(line);
}

void cli_train_history_add(cli_train_history *history, const snug_progress *at) {
    if (history->waits) {
        history->waits = false;
        if (at->resumed) {
            resume(history, at);
        } else {
            history->lines.failed = cli_lines_open(&history->lines, history->path) != CLI_DONE;
        }
    }
    if (!history->lines.open || at->resumed) {
        return;
    }
    if (at->inspection != NULL) {
        add_inspection(&history->lines, at);
    }
    if (at->epoch_end) {
        add_epoch(&history->lines, at);
    }
}
