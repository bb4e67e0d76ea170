#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/utf8.h"
#include "files/text_file.h"

enum {
    BLOCK = 65536,
    MAX_LINE = 64 << 20 /* memory must not grow with a file that has no ends of lines */
};

/* Finds the mark at the start of the file and the encoding; the stream then begins anew. */
static snug_status find_encoding(snug_text_file *file, const char *option) {
    unsigned char start[3];
    size_t n = 0;
    const snug_text_encoding *named = snug_text_encoding_find(option);
    if (named == NULL) {
        return snug_fail_in("%s", file->path);
    }
    snug_status status = snug_byte_stream_read(&file->stream, start, sizeof start, &n);
    if (status != SNUG_OK) {
        return status;
    }
    snug_byte_stream_rewind(&file->stream);
    const snug_text_encoding *marked = snug_text_encoding_of_mark(start, n, &file->mark_length);
    const snug_text_encoding *encoding = marked != NULL ? marked : named;
    return encoding->iconv != NULL ? snug_text_decoder_open(&file->decoder, encoding) : SNUG_OK;
}

snug_status snug_text_file_open(snug_text_file *file, const snug_byte_source *source,
                                const char *encoding) {
    *file = (snug_text_file){.path = source->name};
    snug_status status = snug_byte_stream_open(&file->stream, source);
    return status == SNUG_OK ? find_encoding(file, encoding) : status;
}

const char *snug_text_file_assumed_encoding(const snug_text_file *file) {
    const snug_text_encoding *encoding = file->decoder.encoding;
    return encoding != NULL && file->mark_length == 0 ? encoding->name : NULL;
}

void snug_text_file_close(snug_text_file *file) {
    snug_byte_stream_close(&file->stream);
    snug_text_decoder_close(&file->decoder);
    snug_release(file->buffer);
    *file = (snug_text_file){.path = file->path};
}

void snug_text_file_rewind(snug_text_file *file) {
    snug_byte_stream_rewind(&file->stream);
    snug_text_decoder_rewind(&file->decoder);
    file->started = false;
    file->line = 0;
    file->begin = file->end = 0;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

snug_status snug_text_file_read(snug_text_file *file, char *bytes, size_t n, size_t *got) {
    *got = 0;
    if (!file->started && file->mark_length > 0) {
        char mark[3];
        snug_status status = snug_byte_stream_read(&file->stream, mark, file->mark_length, got);
        if (status != SNUG_OK) {
            return status;
        }
    }
    file->started = true;
    return file->decoder.converter != NULL
               ? snug_text_decoder_read(&file->decoder, &file->stream, file->path, bytes, n, got)
               : snug_byte_stream_read(&file->stream, bytes, n, got);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Makes space for another block behind the bytes that were not returned yet. */
static snug_status reserve_block(snug_text_file *file) {
    size_t held = file->end - file->begin;
    if (file->buffer != NULL && file->begin > 0) {
        memmove(file->buffer, file->buffer + file->begin, held);
        file->begin = 0;
        file->end = held;
    }
    if (held > MAX_LINE) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: a line has more than %d bytes", file->path,
                         file->line + 1, MAX_LINE);
    }
    if (held + BLOCK + 1 <= file->size) {
        return SNUG_OK;
    }
    size_t size = 2 * held + BLOCK + 1; /* the 1 is for the 0 after a last line without end */
    char *buffer = snug_resize(file->buffer, size, 1);
    if (buffer == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    file->buffer = buffer;
    file->size = size;
    return SNUG_OK;
}

/* Reads blocks until the buffer holds the end of the line that begins at .begin, or the file ends;
 * *length is the length of the line. */
static snug_status find_end(snug_text_file *file, size_t *length) {
    for (size_t searched = 0;;) {
        size_t held = file->end - file->begin;
        char *start = file->buffer != NULL ? file->buffer + file->begin : NULL;
        const char *newline = start != NULL && held > searched
                                  ? memchr(start + searched, '\n', held - searched)
                                  : NULL;
        if (newline != NULL) {
            *length = (size_t)(newline - start);
            return SNUG_OK;
        }
        searched = held;
        snug_status status = reserve_block(file);
        size_t got = 0;
        if (status == SNUG_OK) {
            status = snug_text_file_read(file, file->buffer + file->end, BLOCK, &got);
        }
        if (status != SNUG_OK) {
            return status;
        }
        file->end += got;
        if (got == 0) {
            *length = held;
            return SNUG_OK;
        }
    }
}

snug_status snug_text_file_line(snug_text_file *file, snug_line *line) {
    *line = (snug_line){0};
    size_t length;
    snug_status status = find_end(file, &length);
    if (status != SNUG_OK || file->begin == file->end) {
        return status;
    }
    char *start = file->buffer + file->begin;
    file->line++;
    file->begin += length;
    file->begin += file->begin < file->end; /* past the LF */
    if (memchr(start, 0, length) != NULL) {
        return snug_fail_nul(file->path, file->line);
    }
    if (length > 0 && start[length - 1] == '\r') {
        length--;
    }
    start[length] = 0;
    *line = (snug_line){start, length};
    return SNUG_OK;
}

/* ---- error messages -------------------------------------------------------------------------- */

snug_status snug_fail_changed(const char *path) {
    return snug_fail(SNUG_ERROR_DATA, "%s: changed while it was read", path);
}

snug_status snug_fail_nul(const char *path, size_t line) {
    /* UTF-16 without a mark has them from the first character on. */
    const char *hint =
        line == 1 ? "; \"encoding\": \"utf-16le\" (--encoding) reads it if that is what it is" : "";
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: holds a NUL byte: a table is UTF-8 text%s", path,
                     line, hint);
}

snug_status snug_check_utf8(const char *path, size_t line, const char *where, const char *string) {
    if (snug_utf8_valid(string)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: column %s: \"%.60s\" is not UTF-8; " SNUG_ENCODING_HINT, path, line,
                     where, string);
}
