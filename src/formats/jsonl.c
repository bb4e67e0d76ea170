/*
 * JSON lines: each line is an object, whose keys are columns, in the order in which they first
 * appear in the file. A key that an object lacks, and null, are missing values. Numbers, true and
 * false keep the characters that they are written with; a string is a string even where it looks
 * like a number. Blank lines are skipped.
 *
 * Any line may bring a new key, so a pass over the whole file finds the columns. Each line is
 * checked against the grammar of JSON (json/json_syntax.h) first, in every pass, since the file may
 * change between two. What splits it can rely on the grammar, and decodes strings in place.
 */
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/trim.h"
#include "core/utf8.h"
#include "formats/data_files.h"
#include "json/json_syntax.h"
#include "tables/table_read.h"

enum { MAX_KEYS = 1048576 /* as many columns as CSV may have */ };

/* One pass over a file. */
typedef struct pass {
    snug_record_reader *reader;
    snug_record_builder *builder;
    snug_record_fn *receive; /* NULL: the pass that finds the columns */
    void *user;
    size_t expected; /* column of the next key, where keys come in the order of the columns */
} pass;

/* ---- characters of a line whose syntax has been checked -------------------------------------- */

static char *skip_space(char *p) {
    while (*p == ' ' || *p == '\t' || *p == '\r') {
        p++;
    }
    return p;
}

static unsigned hex_value(const char *digits) {
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a') + 10;
        value = value * 16 + digit;
    }
    return value;
}

/* Writes a character as UTF-8; returns where the next one belongs. */
static char *write_utf8(unsigned code, char *out) {
    if (code < 0x80) {
        *out++ = (char)code;
        return out;
    }
    if (code < 0x800) {
        *out++ = (char)(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *out++ = (char)(0xE0 | code >> 12);
        } else {
            *out++ = (char)(0xF0 | code >> 18);
            *out++ = (char)(0x80 | (code >> 12 & 0x3F));
        }
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
    }
    *out++ = (char)(0x80 | (code & 0x3F));
    return out;
}

/* Decodes the four digits after \u, or a surrogate pair; *p moves past them. */
static char *decode_unicode(char **p, char *out) {
    unsigned code = hex_value(*p);
    *p += 4;
    if (code >= 0xD800 && code <= 0xDBFF) {
        code = 0x10000 + ((code - 0xD800) << 10) + (hex_value(*p + 2) - 0xDC00);
        *p += 6;
    }
    return write_utf8(code, out);
}

/* Decodes what follows a backslash; *p moves past it. Returns where the next character belongs. */
static char *decode_escape(char **p, char *out) {
    static const char letters[] = "bfnrt", codes[] = "\b\f\n\r\t";
    char c = *(*p)++;
    if (c == 'u') {
        return decode_unicode(p, out);
    }
    const char *letter = strchr(letters, c);
    *out++ = letter != NULL ? codes[letter - letters] : c;
    return out;
}

/*
 * Decodes the string whose opening quote is at p, in place: an escape is never shorter than what it
 * means. *end is behind the closing quote. Returns the string without the blanks around it, ended
 * by a 0.
 */
static const char *decode_string(char *p, char **end) {
    char *start = p + 1;
    p = start + strcspn(start, "\"\\");
    char *out = p;
    while (*p != '"') {
        if (*p == '\\') {
            p++;
            out = decode_escape(&p, out);
        } else {
            *out++ = *p++;
        }
    }
    *end = p + 1;
    size_t length = (size_t)(out - start);
    const char *string = snug_trim(start, &length);
    start[(size_t)(string - start) + length] = 0;
    return string;
}

/* ---- objects --------------------------------------------------------------------------------- */

static snug_status fail_key(const pass *p, const char *key, const char *what) {
    const snug_text_file *file = &p->reader->file;
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: the key \"%.200s\" %s", file->path, file->line, key,
                     what);
}

static snug_status add_key(const pass *p, const char *key, size_t *column) {
    const snug_text_file *file = &p->reader->file;
    if (p->receive != NULL) {
        return snug_fail_changed(file->path);
    }
    if (*key == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: a key is empty: a column needs a name",
                         file->path, file->line);
    }
    if (p->reader->columns.list.count == MAX_KEYS) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: the file has more than %d different keys",
                         file->path, file->line, MAX_KEYS);
    }
    return snug_string_set_add(&p->reader->columns, key, column);
}

/* Finds the column of a key. Most objects have the keys of the one before, in the same order. */
static snug_status find_column(pass *p, const char *key, size_t *column) {
    const snug_strings *names = &p->reader->columns.list;
    if (p->expected < names->count && strcmp(names->items[p->expected], key) == 0) {
        *column = p->expected++;
        return SNUG_OK;
    }
    *column = snug_string_set_find(&p->reader->columns, key);
    snug_status status = *column == SNUG_NOT_IN_SET ? add_key(p, key, column) : SNUG_OK;
    p->expected = *column + 1;
    return status;
}

/*
 * Returns the value at `value`; *end is behind it. A word or a number is not ended by a 0 yet,
 * because the character behind it has to be read first.
 */
static const char *split_value(char *value, char **end, bool *quoted) {
    *quoted = *value == '"';
    if (*quoted) {
        return decode_string(value, end);
    }
    *end = value + strcspn(value, ",} \t\r");
    return strncmp(value, "null", 4) == 0 ? "" : value;
}

/*
 * Adds the member that begins at *at to the record. *at moves to the next member, or becomes NULL
 * after the last.
 */
static snug_status split_member(pass *p, char **at) {
    char *end;
    const char *key = decode_string(*at, &end);
    char *value = skip_space(skip_space(end) + 1); /* the 1 is the colon */
    if (*value == '{' || *value == '[') {
        return fail_key(p, key, "has a nested value: give each of its members a key of its own");
    }
    size_t column;
    bool quoted, twice = false;
    const char *field = split_value(value, &end, &quoted);
    snug_status status = find_column(p, key, &column);
    if (status == SNUG_OK) {
        status = snug_record_builder_add(p->builder, column, field, quoted, &twice);
    }
    if (status == SNUG_OK && twice) {
        status = fail_key(p, key, "is there twice");
    }
    char *separator = skip_space(end);
    *at = *separator == ',' ? skip_space(separator + 1) : NULL;
    *end = 0;
    return status;
}

/* Splits a line that is one object. */
static snug_status split_object(pass *p, char *object) {
    char *at = skip_space(object + 1);
    p->expected = 0;
    snug_record_builder_begin(p->builder);
    if (*at == '}') {
        at = NULL;
    }
    snug_status status = SNUG_OK;
    while (at != NULL && status == SNUG_OK) {
        status = split_member(p, &at);
    }
    return status;
}

/* Adds the option that may help to the message, "t.jsonl:7:13: the string is not UTF-8". */
static snug_status fail_not_utf8(void) {
    char message[SNUG_MESSAGE_SIZE];
    snprintf(message, sizeof message, "%s", snug_error());
    return snug_fail(SNUG_ERROR_DATA, "%s; " SNUG_ENCODING_HINT, message);
}

static snug_status read_line(pass *p, const snug_line *line) {
    const snug_text_file *file = &p->reader->file;
    char *start = skip_space(line->start);
    if (*start == 0) {
        return SNUG_OK;
    }
    snug_status status = snug_json_check_line(file->path, file->line, line->start, line->length);
    if (status != SNUG_OK) {
        return snug_utf8_valid(line->start) ? status : fail_not_utf8();
    }
    if (*start != '{') {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s:%zu: each line must be an object, such as {\"a\": 1, \"b\": \"x\"}",
                         file->path, file->line);
    }
    status = split_object(p, start);
    if (status != SNUG_OK || p->receive == NULL) {
        return status;
    }
    snug_record record = snug_record_builder_record(p->builder, file->line);
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
        status = read_line(p, &line);
    }
    return status;
}

/* ---- the format ------------------------------------------------------------------------------ */

static snug_status open_jsonl(snug_record_reader *reader) {
    snug_record_builder *builder = snug_alloc(1, sizeof *builder);
    reader->state = builder;
    if (builder == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_record_reader_add_features(reader);
    if (status == SNUG_OK) {
        status = run_pass(&(pass){.reader = reader, .builder = builder});
    }
    if (status == SNUG_OK && reader->columns.list.count == 0) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: %s", reader->file.path,
                           builder->record > 0 ? "no object has a key" : "is empty");
    }
    return status;
}

static snug_status run_jsonl(snug_record_reader *reader, snug_record_fn *receive, void *user) {
    return run_pass(
        &(pass){.reader = reader, .builder = reader->state, .receive = receive, .user = user});
}

static void close_jsonl(snug_record_reader *reader) {
    if (reader->state != NULL) {
        snug_record_builder_free(reader->state);
    }
    snug_release(reader->state);
}

static const snug_record_format jsonl_format = {
    .keyed = true,
    .open = open_jsonl,
    .run = run_jsonl,
    .close = close_jsonl,
};

static snug_dataset *read_dataset(snug_byte_source *files, const snug_data_request *request) {
    return snug_table_read(&jsonl_format, &files[0], &request->table);
}

static const char *const extensions[] = {".jsonl", ".ndjson", NULL};

static bool sniff(const unsigned char *bytes, size_t n) {
    size_t i = 0;
    while (i < n && strchr(" \t\r\n", bytes[i]) != NULL && bytes[i] != 0) {
        i++;
    }
    return i < n && bytes[i] == '{';
}

const snug_data_format snug_data_format_jsonl = {
    .name = "jsonl",
    .title = "JSON lines",
    .summary = "a JSON object on each line, whose keys are the columns",
    .extensions = extensions,
    .settings = SNUG_DATA_TABLE,
    .sniff = sniff,
    .records = &jsonl_format,
    .read = read_dataset,
};

snug_dataset *snug_dataset_read_jsonl(const char *path, const snug_csv_options *options) {
    return snug_data_read_table(path, &snug_data_format_jsonl, options);
}
