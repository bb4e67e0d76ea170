/*
 * Lines without quotes, which most lines of most tables are, are split in place at their
 * delimiters; libcsv parses all others. A test compares the records of the two.
 */
#include <stdbool.h>
#include <string.h>

#include <csv.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/trim.h"
#include "formats/csv_reader.h"

enum {
    BLOCK = 65536,
    MAX_FIELD = 1048576, /* bytes; a longer field is a quote that nobody closed, or no table */
    MAX_FIELDS = 1048576 /* of a record; memory must not grow with a file of delimiters alone */
};

/* One pass over a file: libcsv hands over fields, which are gathered into a record. */
typedef struct pass {
    snug_text_file *file;
    char delimiter;
    struct csv_parser parser;
    snug_record_fn *receive;
    void *user;
    snug_status status;
    size_t line;       /* of the byte that is read next */
    size_t start_line; /* where the current record begins */
    bool record_ended, after_return;
    char *bytes; /* the fields of the current record, each ended by a 0 */
    size_t used, size;
    const char **fields;
    size_t count, max_count; /* fields of the current record; fields that the array can hold */
} pass;

/* libcsv hands no pointer of ours to its allocator; a block knows its size by itself. */
static void *resize_bytes(void *block, size_t size) {
    return snug_resize(block, size, 1);
}

static size_t grown_size(size_t size, size_t needed) {
    size_t grown = size > 0 ? size + size / 2 : 64;
    return grown < needed ? needed : grown;
}

static bool reserve_bytes(pass *p, size_t needed) {
    if (needed <= p->size) {
        return true;
    }
    size_t size = grown_size(p->size, needed);
    char *bytes = snug_resize(p->bytes, size, 1);
    if (bytes == NULL) {
        return false;
    }
    p->bytes = bytes;
    p->size = size;
    return true;
}

static bool reserve_field(pass *p) {
    if (p->count < p->max_count) {
        return true;
    }
    size_t count = grown_size(p->max_count, p->count + 1);
    const char **fields = snug_resize(p->fields, count, sizeof *fields);
    if (fields == NULL) {
        return false;
    }
    p->fields = fields;
    p->max_count = count;
    return true;
}

/* Where blanks are the delimiters, any number of them is one: there are no empty fields. */
static bool is_field(const pass *p, size_t length) {
    return p->delimiter != ' ' || length > 0;
}

/* ---- records by libcsv ----------------------------------------------------------------------- */

static snug_status reserve(pass *p, size_t length) {
    if (p->count == MAX_FIELDS) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s:%zu: has more than %d fields; is the delimiter right?", p->file->path,
                         p->start_line, MAX_FIELDS);
    }
    return reserve_bytes(p, p->used + length + 1) && reserve_field(p) ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static void add_field(void *bytes, size_t n, void *user) {
    pass *p = user;
    const char *field = n > 0 ? snug_trim(bytes, &n) : NULL;
    if (p->status != SNUG_OK || !is_field(p, n)) {
        return;
    }
    p->status = reserve(p, n);
    if (p->status != SNUG_OK) {
        return;
    }
    if (n > 0) {
        memcpy(p->bytes + p->used, field, n);
    }
    p->bytes[p->used + n] = 0;
    p->count++;
    p->used += n + 1;
}

static snug_status hand_over(pass *p, size_t line) {
    size_t count = p->count;
    p->count = p->used = 0;
    return p->receive(p->user, &(snug_record){.line = line, .count = count, .fields = p->fields});
}

static void end_record(int terminator, void *user) {
    (void)terminator;
    pass *p = user;
    p->record_ended = true;
    if (p->status != SNUG_OK) {
        return;
    }
    const char *field = p->bytes; /* known only now: the bytes moved while they grew */
    for (size_t i = 0; i < p->count; i++) {
        p->fields[i] = field;
        field += strlen(field) + 1;
    }
    p->status = hand_over(p, p->start_line);
}

/* Sets the error message of the parser, unless adding a field or a record failed before. */
static snug_status fail_parser(pass *p) {
    if (p->status != SNUG_OK) {
        return p->status;
    }
    if (csv_error(&p->parser) == CSV_ENOMEM) {
        return SNUG_ERROR_MEMORY;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: a quote is inside a field: quote the field and double the quote",
                     p->file->path, p->line);
}

/* Whether libcsv makes no field of bytes between records. A tab makes one where it delimits. */
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
static snug_status parse_piece(pass *p, const char *bytes, size_t n) {
    if (p->record_ended) {
        if (is_blank(bytes, n, p->delimiter)) {
            return SNUG_OK;
        }
        p->start_line = p->line;
        p->record_ended = false;
    }
    if (csv_parse(&p->parser, bytes, n, add_field, end_record, p) != n) {
        return fail_parser(p);
    }
    if (p->status == SNUG_OK && csv_get_buffer_size(&p->parser) > MAX_FIELD) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s:%zu: a field has more than %d bytes; is a quote left open?",
                         p->file->path, p->start_line, MAX_FIELD);
    }
    return p->status;
}

/* Returns the length of the next piece: up to the end of a line or of the bytes, or to a NUL. */
static size_t piece_length(const char *bytes, size_t n) {
    size_t i = 0;
    while (i < n && bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != 0) {
        i++;
    }
    return i < n && bytes[i] != 0 ? i + 1 : i;
}

/* Counts the end of a line at the end of a piece; CR LF is one end. */
static void count_line(pass *p, const char *piece, size_t length) {
    char last = piece[length - 1];
    if (last == '\r' || (last == '\n' && !(p->after_return && length == 1))) {
        p->line++;
    }
    p->after_return = last == '\r';
}

/* ---- records that are one line without quotes ------------------------------------------------ */

static bool is_all_space(const char *bytes, size_t n) {
    while (n > 0 && snug_is_blank(bytes[n - 1])) {
        n--;
    }
    return n == 0;
}

/*
 * Returns how many of n bytes are a line, its end included, that can be split at its delimiters
 * alone. Returns 0 where libcsv is needed: quotes, NUL bytes, lone returns, blank lines, or a line
 * that does not end here.
 */
static size_t plain_line_length(const char *bytes, size_t n) {
    const char *newline = memchr(bytes, '\n', n);
    if (newline == NULL) {
        return 0;
    }
    size_t length = (size_t)(newline - bytes);
    size_t content = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    if (is_all_space(bytes, content) || memchr(bytes, '"', content) != NULL ||
        memchr(bytes, '\r', content) != NULL || memchr(bytes, 0, content) != NULL) {
        return 0;
    }
    return length + 1;
}

/*
 * Returns the field that begins at *next, without the spaces around it, and ends it with a 0 that
 * overwrites what follows. *next moves to the next field, or becomes NULL at the end of the line.
 */
static char *split_field(char **next, const char *end, char delimiter) {
    char *start = *next, *stop = start;
    while (stop < end && *stop != delimiter) {
        stop++;
    }
    *next = stop < end ? stop + 1 : NULL;
    while (start < stop && snug_is_blank(*start)) {
        start++;
    }
    while (start < stop && snug_is_blank(stop[-1])) {
        stop--;
    }
    *stop = 0;
    return start;
}

/* Hands over a plain line of n bytes, its end included. */
static snug_status split_line(pass *p, char *line, size_t n) {
    const char *end = line + n - 1;
    if (end > line && end[-1] == '\r') {
        end--;
    }
    p->count = 0;
    for (char *next = line; next != NULL;) {
        if (!reserve_field(p)) {
            return SNUG_ERROR_MEMORY;
        }
        p->fields[p->count] = split_field(&next, end, p->delimiter);
        p->count += is_field(p, strlen(p->fields[p->count]));
    }
    snug_status status = hand_over(p, p->line);
    p->after_return = false;
    p->line++;
    return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

/*
 * Returns how many bytes end with the last LF. No plain line is looked for behind it: in a file
 * whose lines end with CR alone, each search would read all the rest of the block in vain.
 */
static size_t whole_lines(const char *bytes, size_t n) {
    while (n > 0 && bytes[n - 1] != '\n') {
        n--;
    }
    return n;
}

static snug_status parse_block(pass *p, char *bytes, size_t n) {
    size_t lines = whole_lines(bytes, n);
    snug_status status = SNUG_OK;
    for (size_t at = 0, length; at < n && status == SNUG_OK; at += length) {
        bool whole = p->record_ended && at < lines;
        length = whole ? plain_line_length(bytes + at, lines - at) : 0;
        if (length > 0) {
            status = split_line(p, bytes + at, length);
            continue;
        }
        length = piece_length(bytes + at, n - at);
        if (length == 0) {
            return snug_fail_nul(p->file->path, p->line);
        }
        status = parse_piece(p, bytes + at, length);
        count_line(p, bytes + at, length);
    }
    return status;
}

static snug_status finish(pass *p) {
    if (csv_fini(&p->parser, add_field, end_record, p) == 0 || p->status != SNUG_OK) {
        return p->status;
    }
    if (csv_error(&p->parser) == CSV_ENOMEM) {
        return SNUG_ERROR_MEMORY;
    }
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: a quote is opened and never closed", p->file->path,
                     p->start_line);
}

static snug_status read_blocks(pass *p, char *block) {
    for (size_t n;;) {
        snug_status status = snug_text_file_read(p->file, block, BLOCK, &n);
        if (status == SNUG_OK && n == 0) {
            return finish(p);
        }
        if (status == SNUG_OK) {
            status = parse_block(p, block, n);
        }
        if (status != SNUG_OK) {
            return status;
        }
    }
}

snug_status snug_csv_reader_run(snug_text_file *file, char delimiter, snug_record_fn *receive,
                                void *user) {
    snug_text_file_rewind(file);
    pass p = {.file = file,
              .delimiter = delimiter,
              .receive = receive,
              .user = user,
              .line = 1,
              .record_ended = true};
    csv_init(&p.parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_realloc_func(&p.parser, resize_bytes);
    csv_set_free_func(&p.parser, snug_release);
    csv_set_blk_size(&p.parser, BLOCK);
    csv_set_delim(&p.parser, (unsigned char)delimiter);
    char *block = snug_alloc(BLOCK, 1);
    snug_status status = block != NULL ? read_blocks(&p, block) : SNUG_ERROR_MEMORY;
    snug_release(block);
    csv_free(&p.parser);
    snug_release(p.bytes);
    snug_release(p.fields);
    return status;
}
