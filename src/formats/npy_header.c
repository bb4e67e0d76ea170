/* The header of an NPY file: a Python dictionary of three keys, in any order, and nothing else. */
#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/byte_stream.h"
#include "formats/npy.h"

enum { MOST_HEADER = 65536, DESCR = 1, ORDER = 2, SHAPE = 4, ALL_KEYS = 7 };

static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

static snug_status broken(const snug_npy *npy) {
    return snug_fail(SNUG_ERROR_DATA, "%s: has a header that numpy does not write",
                     npy->values.file.name);
}

static void skip_space(const char **at) {
    while (**at == ' ' || **at == '\n') {
        (*at)++;
    }
}

/* Reads a given string that comes next, after white space. */
static bool take(const char **at, const char *text) {
    skip_space(at);
    size_t n = strlen(text);
    bool found = strncmp(*at, text, n) == 0;
    *at += found ? n : 0;
    return found;
}

/* '<f4': byte order, type and size. */
static snug_status read_type(snug_npy *npy, const char **at) {
    static const char *const known[] = {"f4", "f8", "i1", "i2", "i4", "i8",
                                        "u1", "u2", "u4", "u8", "b1", NULL};
    const uint16_t one = 1;
    char mine = *(const unsigned char *)&one ? '<' : '>';
    if (!take(at, "'")) {
        return snug_fail(SNUG_ERROR_DATA, "%s: holds records; one type of numbers is read",
                         npy->values.file.name);
    }
    char order = **at;
    *at += strchr("<>|=", order) != NULL && order ? 1 : 0;
    for (size_t i = 0; known[i] != NULL; i++) {
        if (!take(at, known[i])) {
            continue;
        }
        npy->values.type = known[i][0];
        npy->values.size = (size_t)(known[i][1] - '0');
        npy->values.swapped = (order == '<' || order == '>') && order != mine;
        return take(at, "'") ? SNUG_OK : broken(npy);
    }
    return snug_fail(
        SNUG_ERROR_DATA,
        "%s: holds values of type \"%.*s\"; float32, float64, integers and bool are read",
        npy->values.file.name, (int)strcspn(*at, "'"), *at);
}

static snug_status read_order(snug_npy *npy, const char **at) {
    npy->values.fortran = take(at, "True");
    return npy->values.fortran || take(at, "False") ? SNUG_OK : broken(npy);
}

static snug_status too_large(const snug_npy *npy) {
    return snug_fail(SNUG_ERROR_DATA, "%s: its dimensions are too large", npy->values.file.name);
}

/* 3, or 3L as Python 2 wrote it on some systems. */
static snug_status read_size(const snug_npy *npy, const char **at, size_t *size) {
    *size = 0;
    if (**at < '0' || **at > '9') {
        return broken(npy);
    }
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        size_t digit = (size_t)(**at - '0');
        if (!snug_multiply(*size, 10, size) || *size > SIZE_MAX - digit) {
            return too_large(npy);
        }
        *size += digit;
    }
    *at += **at == 'L' ? 1 : 0;
    return SNUG_OK;
}

/* The first dimension is the rows; the others make the columns. */
static snug_status read_dimension(snug_npy *npy, const char **at) {
    snug_row_file *values = &npy->values;
    size_t size;
    if (read_size(npy, at, &size) != SNUG_OK) {
        return snug_error_status();
    }
    npy->dimensions++;
    if (size == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: dimension %zu is 0", values->file.name,
                         npy->dimensions);
    }
    if (npy->dimensions > SNUG_MAX_DIMENSIONS) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has more than %d dimensions", values->file.name,
                         SNUG_MAX_DIMENSIONS);
    }
    if (npy->dimensions == 1) {
        values->rows = size;
        return SNUG_OK;
    }
    values->shape[values->dimensions++] = size;
    return snug_multiply(values->columns, size, &values->columns) ? SNUG_OK : too_large(npy);
}

/* (3, 4), (3,) or (). */
static snug_status read_shape(snug_npy *npy, const char **at) {
    bool more = take(at, "(");
    if (!more) {
        return broken(npy);
    }
    npy->values.columns = 1;
    while (more && !take(at, ")")) {
        skip_space(at);
        snug_status status = read_dimension(npy, at);
        if (status != SNUG_OK) {
            return status;
        }
        more = take(at, ",");
        if (!more && !take(at, ")")) {
            return broken(npy);
        }
    }
    if (npy->dimensions == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: is a single number, not rows",
                         npy->values.file.name);
    }
    return SNUG_OK;
}

static snug_status read_dictionary(snug_npy *npy, const char *at) {
    unsigned found = 0;
    snug_status status = SNUG_OK;
    if (!take(&at, "{")) {
        return broken(npy);
    }
    while (status == SNUG_OK && !take(&at, "}")) {
        unsigned key = take(&at, "'descr'")           ? DESCR
                       : take(&at, "'fortran_order'") ? ORDER
                       : take(&at, "'shape'")         ? SHAPE
                                                      : 0;
        if (key == 0 || found & key || !take(&at, ":")) {
            return broken(npy);
        }
        found |= key;
        skip_space(&at);
        status = key == DESCR   ? read_type(npy, &at)
                 : key == ORDER ? read_order(npy, &at)
                                : read_shape(npy, &at);
        if (status == SNUG_OK && !take(&at, ",") && *at != '}') {
            return broken(npy);
        }
    }
    skip_space(&at);
    if (status == SNUG_OK && (found != ALL_KEYS || *at)) {
        return broken(npy);
    }
    return status;
}

static snug_status no_npy(const char *path) {
    return snug_fail(SNUG_ERROR_DATA, "%s: is no NPY file: it does not start with \\x93NUMPY",
                     path);
}

bool snug_npy_sniff(const unsigned char *bytes, size_t n) {
    return n >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

/* The offset and the length of the dictionary; the values come after it. */
static snug_status read_prefix(snug_npy *npy, size_t *at, size_t *length) {
    unsigned char b[12] = {0};
    size_t there = npy->values.file.size < sizeof b ? npy->values.file.size : sizeof b;
    snug_status status = snug_byte_source_read(&npy->values.file, 0, there, b);
    if (status != SNUG_OK) {
        return status;
    }
    if (there < 10 || memcmp(b, magic, sizeof magic) != 0) {
        return no_npy(npy->values.file.name);
    }
    if (b[6] < 1 || b[6] > 3) {
        return snug_fail(SNUG_ERROR_DATA, "%s: is of version %d; 1, 2 and 3 are read",
                         npy->values.file.name, b[6]);
    }
    *at = b[6] == 1 ? 10 : 12;
    *length = (size_t)b[8] | (size_t)b[9] << 8;
    if (b[6] > 1) {
        *length |= (size_t)b[10] << 16 | (size_t)b[11] << 24;
    }
    if (*length > MOST_HEADER) {
        return broken(npy);
    }
    if (npy->values.file.size < *at || npy->values.file.size - *at < *length) {
        return snug_fail(SNUG_ERROR_DATA, "%s: ends inside its header", npy->values.file.name);
    }
    return SNUG_OK;
}

static snug_status read_header(snug_npy *npy) {
    size_t at = 0, length = 0;
    snug_status status = read_prefix(npy, &at, &length);
    char *text = status == SNUG_OK ? snug_alloc(length + 1, 1) : NULL;
    if (text == NULL) {
        return status == SNUG_OK ? SNUG_ERROR_MEMORY : status;
    }
    status = snug_byte_source_read(&npy->values.file, at, length, text);
    if (status == SNUG_OK) {
        status = read_dictionary(npy, text);
    }
    npy->values.start = at + length;
    snug_release(text);
    return status;
}

static snug_status check_length(const snug_npy *npy) {
    size_t row, total, there = npy->values.file.size - npy->values.start;
    if (!snug_multiply(npy->values.columns, npy->values.size, &row) ||
        !snug_multiply(row, npy->values.rows, &total)) {
        return too_large(npy);
    }
    if (there < total) {
        return snug_fail(SNUG_ERROR_DATA, "%s: holds %zu rows where its header says %zu",
                         npy->values.file.name, there / row, npy->values.rows);
    }
    if (there > total) {
        return snug_fail(SNUG_ERROR_DATA, "%s: goes on after the %zu rows that its header says",
                         npy->values.file.name, npy->values.rows);
    }
    return SNUG_OK;
}

/* ---- compressed files ------------------------------------------------------------------------ */

/*
 * Finds how many bytes a compressed file has to hold, from its header, and asks for one byte more:
 * a file that goes on is noticed by it, and no more of it is decompressed.
 */
static snug_status find_size(snug_byte_stream *stream, size_t *size) {
    size_t row = 0, total = 0, got = 0;
    void *start = snug_byte_stream_read_block(stream, 12 + MOST_HEADER, &got);
    if (start == NULL) {
        return snug_error_status();
    }
    snug_npy npy = {.values.file = snug_byte_source_of(stream->source->name, start, got)};
    snug_status status = read_header(&npy);
    if (status == SNUG_OK &&
        (!snug_multiply(npy.values.columns, npy.values.size, &row) ||
         !snug_multiply(row, npy.values.rows, &total) || total >= SIZE_MAX - npy.values.start)) {
        status = too_large(&npy);
    }
    *size = status == SNUG_OK ? npy.values.start + total + 1 : 0;
    snug_release(start);
    return status;
}

/* Replaces the compressed file by a block of memory. */
static snug_status decompress(snug_byte_source *source, snug_byte_stream *stream) {
    size_t size = 0, got = 0;
    snug_status status = find_size(stream, &size);
    if (status != SNUG_OK) {
        return status;
    }
    snug_byte_stream_rewind(stream);
    void *bytes = snug_byte_stream_read_block(stream, size, &got);
    if (bytes == NULL) {
        return snug_error_status();
    }
    const char *name = source->name;
    snug_byte_source_close(source);
    *source = snug_byte_source_of(name, bytes, got);
    source->owned = bytes;
    return SNUG_OK;
}

static snug_status decompress_if_needed(snug_byte_source *source) {
    snug_byte_stream stream;
    snug_status status = snug_byte_stream_open(&stream, source);
    if (status == SNUG_OK && stream.compression != NULL) {
        status = decompress(source, &stream);
    }
    snug_byte_stream_close(&stream);
    return status;
}

snug_status snug_npy_open(snug_npy *npy, snug_byte_source *source) {
    *npy = (snug_npy){0};
    snug_status status = decompress_if_needed(source);
    npy->values.file = *source;
    *source = snug_byte_source_of(NULL, NULL, 0);
    if (status == SNUG_OK) {
        status = read_header(npy);
    }
    return status == SNUG_OK ? check_length(npy) : status;
}
