/*
 * The format of libsvm: each line is "label index:value index:value ...", in which values that are
 * left out are 0. A '#' begins a comment; blank lines are skipped. Indices count from 1, or from 0
 * where the file has an index 0; they may be in any order.
 *
 * Column index i is called x<i>, as the features of arrays are, and the labels are the last column,
 * "label". Where lines have several labels, separated by commas, or none, each different label is
 * a target "label=<name>", which is 1 in rows that have the label and 0 in all others.
 *
 * A first pass finds the largest index and the labels. Indices may be any number in a few bytes, so
 * their limit is checked before any memory is taken for them.
 */
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "formats/data_files.h"
#include "formats/libsvm_columns.h"
#include "tables/table_read.h"

enum { MAX_NUMBER = 32 /* characters of a whole number */ };

/* One pass over a file. */
typedef struct pass {
    snug_record_reader *reader;
    snug_libsvm_state *state;
    snug_record_fn *receive; /* NULL: the pass that finds what the file holds */
    void *user;
} pass;

static snug_status fail_line(const pass *p, const char *what, const char *string) {
    const snug_text_file *file = &p->reader->file;
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: %s (got \"%.60s\")", file->path, file->line, what,
                     string);
}

/* ---- labels ---------------------------------------------------------------------------------- */

/* Adds one label of a line that may have several to the record. */
static snug_status add_label(pass *p, const char *label) {
    snug_libsvm_state *s = p->state;
    size_t index = snug_string_set_find(&s->labels, label);
    if (index != SNUG_NOT_IN_SET) {
        bool twice;
        snug_status status =
            snug_record_builder_add(&s->builder, s->columns_of[index], "1", false, &twice);
        return status == SNUG_OK && twice ? fail_line(p, "a label is there twice", label) : status;
    }
    if (p->reader->options->task == SNUG_TASK_NONE) {
        return SNUG_OK;
    }
    return p->reader->like != NULL ? fail_line(p, "the model does not know a label", label)
                                   : snug_fail_changed(p->reader->file.path);
}

/* Notes a label of the pass that finds them. */
static snug_status note_label(pass *p, const char *label) {
    snug_libsvm_state *s = p->state;
    s->labelled = true;
    if (!s->several || p->reader->like != NULL) {
        return SNUG_OK;
    }
    if (s->labels.list.count == SNUG_LIBSVM_MAX_INDEX) {
        return fail_line(p, "there are more than 1048576 different labels", label);
    }
    snug_status status =
        snug_check_utf8(p->reader->file.path, p->reader->file.line, "\"label\"", label);
    return status == SNUG_OK ? snug_string_set_add(&s->labels, label, NULL) : status;
}

/* Splits "1,3,5" in place. */
static snug_status split_labels(pass *p, char *labels) {
    snug_libsvm_state *s = p->state;
    snug_status status = SNUG_OK;
    for (char *label = labels, *next; label != NULL && status == SNUG_OK; label = next) {
        next = strchr(label, ',');
        if (next != NULL) {
            *next++ = 0;
            s->several = s->several || p->receive == NULL;
        }
        if (*label == 0) {
            return fail_line(p, "labels are separated by one comma", labels);
        }
        snug_normalize_number(label); /* +1 and 1.0 are the label 1 */
        if (p->receive == NULL) {
            status = note_label(p, label);
        } else if (s->columns_of != NULL) {
            status = add_label(p, label);
        } else if (next != NULL) {
            status = p->reader->like != NULL && p->reader->options->task != SNUG_TASK_NONE
                         ? fail_line(p, "the model has one label in a line", labels)
                         : SNUG_OK;
        } else if (s->label_column != SNUG_LIBSVM_NO_COLUMN) {
            bool twice;
            status = snug_record_builder_add(&s->builder, s->label_column, label, false, &twice);
        }
    }
    return status;
}

/* ---- indices and values ---------------------------------------------------------------------- */

/* Reads an index; fails where it is no number or too large. */
static snug_status parse_index(const pass *p, const char *string, size_t *index) {
    size_t digits = strspn(string, "0123456789");
    *index = 0;
    if (strcmp(string, "qid") == 0) {
        return fail_line(p, "qid groups rows for ranking, which is not supported: remove it",
                         string);
    }
    if (digits == 0 || string[digits] != 0) {
        return fail_line(p, "an index must be a whole number", string);
    }
    for (size_t i = 0; i < digits; i++) {
        *index = *index * 10 + (size_t)(string[i] - '0');
        if (*index > SNUG_LIBSVM_MAX_INDEX) {
            return fail_line(p, "an index must be at most 1048576", string);
        }
    }
    return SNUG_OK;
}

static snug_status note_index(pass *p, size_t index, const char *value) {
    snug_libsvm_state *s = p->state;
    s->any_index = true;
    s->zero = s->zero || index == 0;
    s->largest = index > s->largest ? index : s->largest;
    if (snug_cell_classify(value) == SNUG_CELL_STRING) {
        return fail_line(p, "a value must be a number", value);
    }
    return SNUG_OK;
}

/* Warns once that the file has indices that the model does not know. */
static snug_status warn_index(pass *p, size_t index) {
    if (p->state->warned) {
        return SNUG_OK;
    }
    p->state->warned = true;
    return snug_warn(&p->reader->warnings,
                     "%s:%zu: index %zu is larger than those of the model, up to %zu: such values "
                     "are ignored",
                     p->reader->file.path, p->reader->file.line, index, p->state->index_count - 1);
}

static snug_status add_value(pass *p, size_t index, const char *value) {
    snug_libsvm_state *s = p->state;
    if (index >= s->index_count) {
        if (p->reader->like == NULL) {
            return snug_fail_changed(p->reader->file.path);
        }
        return warn_index(p, index);
    }
    size_t column = s->column_of[index];
    if (column == SNUG_LIBSVM_NO_COLUMN) {
        return index > 0 ? SNUG_OK : fail_line(p, "the model has no index 0", value);
    }
    bool twice;
    snug_status status = snug_record_builder_add(&s->builder, column, value, false, &twice);
    if (status == SNUG_OK && twice) {
        char number[MAX_NUMBER];
        snprintf(number, sizeof number, "%zu", index);
        return fail_line(p, "an index is there twice", number);
    }
    return status;
}

/* Splits "index:value" in place. */
static snug_status split_pair(pass *p, char *pair, char *colon) {
    size_t index;
    *colon = 0;
    char *value = colon + 1;
    snug_status status = parse_index(p, pair, &index);
    if (status == SNUG_OK && *value == 0) {
        return fail_line(p, "no value follows an index and its colon", pair);
    }
    if (status != SNUG_OK) {
        return status;
    }
    return p->receive == NULL ? note_index(p, index, value) : add_value(p, index, value);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Returns the next string without spaces, ended by a 0, or NULL; *at moves behind it. */
static char *next_token(char **at) {
    char *start = *at + strspn(*at, " \t\r");
    if (*start == 0) {
        return NULL;
    }
    char *end = start + strcspn(start, " \t\r");
    *at = *end != 0 ? end + 1 : end;
    *end = 0;
    return start;
}

/* Splits a line whose first token is given. */
static snug_status split_line(pass *p, char *token, char *rest) {
    bool labelled = strchr(token, ':') == NULL;
    snug_status status = SNUG_OK;
    if (labelled) {
        status = split_labels(p, token);
        token = next_token(&rest);
    }
    for (; token != NULL && status == SNUG_OK; token = next_token(&rest)) {
        char *colon = strchr(token, ':');
        status = colon != NULL ? split_pair(p, token, colon)
                               : fail_line(p, "index:value must follow the labels", token);
    }
    snug_libsvm_state *s = p->state;
    if (status == SNUG_OK && !labelled && p->receive != NULL &&
        s->label_column != SNUG_LIBSVM_NO_COLUMN) {
        bool twice; /* the label is missing, and not 0 as a value would be */
        status = snug_record_builder_add(&s->builder, s->label_column, "", false, &twice);
    }
    return status;
}

static snug_status read_line(pass *p, char *line) {
    line[strcspn(line, "#")] = 0;
    char *token = next_token(&line);
    if (token == NULL) {
        return SNUG_OK;
    }
    snug_record_builder *builder = &p->state->builder;
    snug_record_builder_begin(builder);
    snug_status status = split_line(p, token, line);
    if (status != SNUG_OK || p->receive == NULL) {
        return status;
    }
    snug_record record = snug_record_builder_record(builder, p->reader->file.line);
    return p->receive(p->user, &record);
}

static snug_status run_pass(pass *p) {
    snug_text_file *file = &p->reader->file;
    snug_status status = SNUG_OK;
    snug_text_file_rewind(file);
    for (snug_line line; status == SNUG_OK;) {
        status = snug_text_file_line(file, &line);
        if (status != SNUG_OK || line.start == NULL) {
            return status;
        }
        status = read_line(p, line.start);
    }
    return status;
}

/* ---- the format ------------------------------------------------------------------------------ */

static snug_status open_libsvm(snug_record_reader *reader) {
    snug_libsvm_state *s = snug_alloc(1, sizeof *s);
    reader->state = s;
    if (s == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    s->label_column = SNUG_LIBSVM_NO_COLUMN;
    snug_status status = run_pass(&(pass){.reader = reader, .state = s});
    if (status == SNUG_OK && s->several && reader->like == NULL) {
        /* Labels of the lines before the first comma were not collected. */
        status = run_pass(&(pass){.reader = reader, .state = s});
    }
    if (status == SNUG_OK && s->builder.record == 0) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: is empty", reader->file.path);
    }
    if (status != SNUG_OK) {
        return status;
    }
    return reader->like != NULL ? snug_libsvm_bind_columns(reader, s)
                                : snug_libsvm_name_columns(reader, s);
}

static snug_status run_libsvm(snug_record_reader *reader, snug_record_fn *receive, void *user) {
    return run_pass(
        &(pass){.reader = reader, .state = reader->state, .receive = receive, .user = user});
}

static void close_libsvm(snug_record_reader *reader) {
    snug_libsvm_state *s = reader->state;
    if (s != NULL) {
        snug_record_builder_free(&s->builder);
        snug_string_set_clear(&s->labels);
        snug_release(s->column_of);
        snug_release(s->columns_of);
    }
    snug_release(s);
}

static const snug_record_format libsvm_format = {
    .keyed = true,
    .absent_is_zero = true,
    .open = open_libsvm,
    .run = run_libsvm,
    .close = close_libsvm,
};

static snug_dataset *read_dataset(snug_byte_source *files, const snug_data_request *request) {
    return snug_table_read(&libsvm_format, &files[0], &request->table);
}

static const char *const extensions[] = {".libsvm", ".svm", NULL};

/* Whether line[n] is "label index:value ...": two words, of which the second is two numbers. */
static bool is_row(const char *line, size_t n) {
    static const char number[] = "0123456789+-.eE";
    size_t i = 0, label, index;
    for (label = i; i < n && strchr(number, line[i]) != NULL; i++) {
    }
    bool has_label = i > label && i < n && (line[i] == ' ' || line[i] == '\t');
    while (i < n && (line[i] == ' ' || line[i] == '\t')) {
        i++;
    }
    for (index = i; i < n && line[i] >= '0' && line[i] <= '9'; i++) {
    }
    return has_label && i > index && i + 1 < n && line[i] == ':' &&
           strchr(number, line[i + 1]) != NULL;
}

static bool sniff(const unsigned char *bytes, size_t n) {
    const char *line = (const char *)bytes, *end = line + n;
    while (line < end && strchr("# \t\r\n", *line) != NULL && *line != 0) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        line = newline != NULL ? newline + 1 : end; /* a comment, or a blank line */
    }
    return is_row(line, (size_t)(end - line));
}

const snug_data_format snug_data_format_libsvm = {
    .name = "libsvm",
    .title = "libsvm",
    .summary = "a line \"label index:value ...\" for each row; what is left out is 0",
    .extensions = extensions,
    .settings = SNUG_DATA_TABLE,
    .sniff = sniff,
    .records = &libsvm_format,
    .read = read_dataset,
};

snug_dataset *snug_dataset_read_libsvm(const char *path, const snug_csv_options *options) {
    return snug_data_read_table(path, &snug_data_format_libsvm, options);
}
