#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <csv.h>

#include <snug/data.h>

#include "core/memory.h"
#include "core/status.h"
#include "formats/csv_line.h"
#include "formats/csv_reader.h"

enum {
    BLOCK = 65536,
    FIELD_LIMIT = 1048576, /* a longer field is a quote that nobody closed, or no table */
    MOST_FIELDS = 1048576  /* of a record; memory must not grow with a file of delimiters alone */
};

/* One reading: libcsv hands over fields, which are gathered into a record. */
typedef struct reading {
    const snug_csv_reader *csv;
    struct csv_parser parser;
    snug_csv_record_fn *take;
    void *user;
    snug_status status;
    size_t line;       /* of the byte that is read next */
    size_t start_line; /* where the current record starts */
    bool record_ended, after_return;
    char *text; /* the fields of the current record, each ended by a 0 */
    size_t text_size, text_room;
    const char **fields;
    size_t count, field_room;
} reading;

/* libcsv hands no pointer of ours to its allocator; a block knows its size by itself. */
static void *resize_bytes(void *block, size_t size) {
    return snug_resize(block, size, 1);
}

static size_t next_room(size_t room, size_t needed) {
    size_t grown = room ? room + room / 2 : 64;
    return grown < needed ? needed : grown;
}

static bool reserve_text(reading *r, size_t needed) {
    if (needed <= r->text_room) {
        return true;
    }
    size_t room = next_room(r->text_room, needed);
    char *text = snug_resize(r->text, room, 1);
    if (text == NULL) {
        return false;
    }
    r->text = text;
    r->text_room = room;
    return true;
}

static bool reserve_field(reading *r) {
    if (r->count < r->field_room) {
        return true;
    }
    size_t room = next_room(r->field_room, r->count + 1);
    const char **fields = snug_resize(r->fields, room, sizeof *fields);
    if (fields == NULL) {
        return false;
    }
    r->fields = fields;
    r->field_room = room;
    return true;
}

/* Between blanks as delimiters nothing is no field. */
static bool is_field(const reading *r, size_t length) {
    return r->csv->delimiter != ' ' || length > 0;
}

static snug_status reserve(reading *r, size_t length) {
    if (r->count == MOST_FIELDS) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s:%zu: has more than %d fields; is the delimiter right?", r->csv->path,
                         r->start_line, MOST_FIELDS);
    }
    return reserve_text(r, r->text_size + length + 1) && reserve_field(r) ? SNUG_OK
                                                                          : SNUG_ERROR_MEMORY;
}

static void take_field(void *bytes, size_t n, void *user) {
    reading *r = user;
    if (r->status != SNUG_OK || !is_field(r, n)) {
        return;
    }
    r->status = reserve(r, n);
    if (r->status != SNUG_OK) {
        return;
    }
    if (n > 0) {
        memcpy(r->text + r->text_size, bytes, n);
    }
    r->text[r->text_size + n] = 0;
    r->count++;
    r->text_size += n + 1;
}

static void take_record(int terminator, void *user) {
    (void)terminator;
    reading *r = user;
    r->record_ended = true;
    if (r->status != SNUG_OK) {
        return;
    }
    const char *field = r->text; /* known only now: the text moved while it grew */
    for (size_t i = 0; i < r->count; i++) {
        r->fields[i] = field;
        field += strlen(field) + 1;
    }
    r->status = r->take(r->user, &(snug_csv_record){r->start_line, r->count, r->fields});
    r->count = r->text_size = 0;
}

/* The error message of the parser, unless taking a field or a record failed before. */
static snug_status parser_failed(reading *r) {
    if (r->status != SNUG_OK) {
        return r->status;
    }
    if (csv_error(&r->parser) == CSV_ENOMEM) {
        return SNUG_ERROR_MEMORY;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: a quote stands inside a field: quote the field and double the quote",
                     r->csv->path, r->line);
}

/*
 * Whether libcsv makes no field of the bytes between records; tabs make fields where they delimit.
 */
static bool is_blank(const char *bytes, size_t n, char delimiter) {
    for (size_t i = 0; i < n; i++) {
        if (strchr(" \t\r\n", bytes[i]) == NULL || (bytes[i] == '\t' && delimiter == '\t')) {
            return false;
        }
    }
    return true;
}

/*
 * Parses bytes of one line, or the rest of it. Blanks between records are skipped, whether their
 * line ends here or in the next block; from the first other byte on, libcsv gets all of the record.
 */
static snug_status parse_piece(reading *r, const char *bytes, size_t n) {
    if (r->record_ended) {
        if (is_blank(bytes, n, r->csv->delimiter)) {
            return SNUG_OK;
        }
        r->start_line = r->line;
        r->record_ended = false;
    }
    if (csv_parse(&r->parser, bytes, n, take_field, take_record, r) != n) {
        return parser_failed(r);
    }
    if (r->status == SNUG_OK && csv_get_buffer_size(&r->parser) > FIELD_LIMIT) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s:%zu: a field has more than %d bytes; is a quote left open?",
                         r->csv->path, r->start_line, FIELD_LIMIT);
    }
    return r->status;
}

/* The length of the next piece: up to the end of a line or of the bytes, or to a NUL. */
static size_t piece_length(const char *bytes, size_t n) {
    size_t i = 0;
    while (i < n && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != 0) {
        i++;
    }
    return i < n && bytes[i] != 0 ? i + 1 : i;
}

/* CR LF is one end of a line. */
static void count_line(reading *r, const char *piece, size_t length) {
    char last = piece[length - 1];
    if (last == '\r' || (last == '\n' && !(r->after_return && length == 1))) {
        r->line++;
    }
    r->after_return = last == '\r';
}

/* A record that is one line without quotes, of n bytes with its end. */
static snug_status take_line(reading *r, char *line, size_t n) {
    char *at = line;
    const char *end = line + n - 1;
    if (end > line && end[-1] == '\r') {
        end--;
    }
    for (r->count = 0; at != NULL;) {
        if (!reserve_field(r)) {
            return SNUG_ERROR_MEMORY;
        }
        r->fields[r->count] = snug_csv_line_field(&at, end, r->csv->delimiter);
        r->count += is_field(r, strlen(r->fields[r->count]));
    }
    snug_status status = r->take(r->user, &(snug_csv_record){r->line, r->count, r->fields});
    r->count = 0;
    r->after_return = false;
    r->line++;
    return status;
}

/* The bytes up to the last LF, past which no line is looked for: a file may have CR alone. */
static size_t whole_lines(const char *bytes, size_t n) {
    while (n > 0 && bytes[n - 1] != '\n') {
        n--;
    }
    return n;
}

static snug_status parse_block(reading *r, char *bytes, size_t n) {
    size_t lines = whole_lines(bytes, n);
    for (size_t at = 0, length; at < n; at += length) {
        bool whole = r->record_ended && at < lines;
        length = whole ? snug_csv_line_length(bytes + at, lines - at) : 0;
        if (length > 0) {
            snug_status status = take_line(r, bytes + at, length);
            if (status != SNUG_OK) {
                return status;
            }
            continue;
        }
        length = piece_length(bytes + at, n - at);
        if (length == 0) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s:%zu: holds a NUL byte: a table is a text in UTF-8", r->csv->path,
                             r->line);
        }
        snug_status status = parse_piece(r, bytes + at, length);
        if (status != SNUG_OK) {
            return status;
        }
        count_line(r, bytes + at, length);
    }
    return SNUG_OK;
}

static snug_status finish(reading *r) {
    if (csv_fini(&r->parser, take_field, take_record, r) == 0 || r->status != SNUG_OK) {
        return r->status;
    }
    if (csv_error(&r->parser) == CSV_ENOMEM) {
        return SNUG_ERROR_MEMORY;
    }
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: a quote is opened and never closed", r->csv->path,
                     r->start_line);
}

static bool is_gzip(const char *bytes, size_t n) {
    static const char magic[] = {'\x1F', '\x8B'};
    return n >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

static snug_status read_blocks(reading *r, char *block) {
    static const char byte_order_mark[] = {'\xEF', '\xBB', '\xBF'};
    FILE *stream = r->csv->stream;
    bool first = true;
    for (size_t n; (n = fread(block, 1, BLOCK, stream)) > 0; first = false) {
        size_t skip = first && n >= sizeof byte_order_mark &&
                              memcmp(block, byte_order_mark, sizeof byte_order_mark) == 0
                          ? sizeof byte_order_mark
                          : 0;
        if (first && is_gzip(block, n)) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: is compressed by gzip; a table is read uncompressed: see gunzip",
                             r->csv->path);
        }
        snug_status status = parse_block(r, block + skip, n - skip);
        if (status != SNUG_OK) {
            return status;
        }
    }
    if (ferror(stream)) {
        return snug_fail(SNUG_ERROR_FILE, "%s: cannot read: %s", r->csv->path, strerror(errno));
    }
    return finish(r);
}

snug_status snug_csv_delimiter(const char *text, char *delimiter) {
    static const struct {
        const char *name;
        char delimiter;
    } named[] = {{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"space", ' '}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (strcmp(text, named[i].name) == 0) {
            *delimiter = named[i].delimiter;
            return SNUG_OK;
        }
    }
    if (strlen(text) != 1 || strchr("\"\r\n", *text) != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "must be one character, or comma, semicolon, tab or space (got \"%s\")",
                         text);
    }
    *delimiter = *text;
    return SNUG_OK;
}

snug_status snug_csv_reader_open(snug_csv_reader *csv, const char *path, char delimiter) {
    *csv = (snug_csv_reader){.path = path, .delimiter = delimiter};
    csv->stream = fopen(path, "rb");
    if (csv->stream == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "%s: cannot open: %s", path, strerror(errno));
    }
    return SNUG_OK;
}

void snug_csv_reader_close(snug_csv_reader *csv) {
    if (csv->stream != NULL) {
        fclose(csv->stream);
    }
    csv->stream = NULL;
}

snug_status snug_csv_reader_run(snug_csv_reader *csv, snug_csv_record_fn *take, void *user) {
    if (fseek(csv->stream, 0, SEEK_SET) != 0) {
        return snug_fail(SNUG_ERROR_FILE, "%s: a table must be a file, which can be read twice",
                         csv->path);
    }
    reading r = {.csv = csv, .take = take, .user = user, .line = 1, .record_ended = true};
    csv_init(&r.parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(&r.parser, resize_bytes);
    csv_set_free_func(&r.parser, snug_release);
    csv_set_blk_size(&r.parser, BLOCK);
    csv_set_delim(&r.parser, (unsigned char)csv->delimiter);
    char *block = snug_alloc(BLOCK, 1);
    snug_status status = block != NULL ? read_blocks(&r, block) : SNUG_ERROR_MEMORY;
    snug_release(block);
    csv_free(&r.parser);
    snug_release(r.text);
    snug_release(r.fields);
    return status;
}
