/* Files of characters that are read in several passes: tables of every format. */
#ifndef SNUG_FILES_TEXT_FILE_H
#define SNUG_FILES_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "files/byte_stream.h"
#include "files/text_encoding.h"

typedef struct snug_text_file {
    const char *path; /* borrowed, for error messages */
    snug_byte_stream stream;
    size_t mark_length;        /* of the byte order mark at the start of the file */
    snug_text_decoder decoder; /* of what is not UTF-8 */
    bool started;              /* this pass has read something */
    size_t line;  /* number of the last line that snug_text_file_line() returned, from 1 */
    char *buffer; /* bytes read and not yet returned as lines: buffer[begin..end) */
    size_t size;  /* bytes that the buffer can hold */
    size_t begin, end;
} snug_text_file;

/* One line of a file, without its end. It is valid, and may be overwritten, until the next call. */
typedef struct snug_line {
    char *start; /* ended by a 0; NULL after the last line */
    size_t length;
} snug_line;

/*
 * Reads a source, which is borrowed and may be compressed. Its encoding is that of its byte order
 * mark, otherwise the one that an option names; NULL is UTF-8. Close the file also after a failure.
 */
snug_status snug_text_file_open(snug_text_file *file, const snug_byte_source *source,
                                const char *encoding);

/* Returns the name of the encoding, unless a byte order mark names it or it is UTF-8: NULL. */
const char *snug_text_file_assumed_encoding(const snug_text_file *file);

/* Frees what the file owns; does nothing where it is not open. The source stays open. */
void snug_text_file_close(snug_text_file *file);

/* Goes back to the first byte. */
void snug_text_file_rewind(snug_text_file *file);

/*
 * Reads up to n bytes of UTF-8, n at least 4; *got is 0 at the end of the file. The byte order mark
 * is left out. Bytes that are not UTF-8 are not noticed, unless they were converted.
 */
snug_status snug_text_file_read(snug_text_file *file, char *bytes, size_t n, size_t *got);

/*
 * Reads the next line, which ends with LF, CR LF or the file. Fails where it holds a NUL byte or is
 * longer than 64 MiB. Do not mix with snug_text_file_read() in one pass.
 */
snug_status snug_text_file_line(snug_text_file *file, snug_line *line);

/* Fails because a pass over the file does not find what the pass before it found. */
snug_status snug_fail_changed(const char *path);

/* Fails because line `line` holds a byte of value 0. */
snug_status snug_fail_nul(const char *path, size_t line);

/* The end of a message about a string that is not UTF-8. */
#define SNUG_ENCODING_HINT                                                                         \
    "\"encoding\": \"windows-1252\" (--encoding) reads it if that is what it is"

/* Fails where `string`, a name or a class on that line, is not UTF-8; `where` names its column. */
snug_status snug_check_utf8(const char *path, size_t line, const char *where, const char *string);

#endif
