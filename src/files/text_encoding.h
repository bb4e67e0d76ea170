/*
 * Encodings of text files: the byte order mark at the start of a file, or else an option, decides.
 * Everything but UTF-8 is converted to it by iconv() of the C library, block by block while the
 * file is read.
 */
#ifndef SNUG_FILES_TEXT_ENCODING_H
#define SNUG_FILES_TEXT_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "files/byte_stream.h"

/* An encoding. */
typedef struct snug_text_encoding {
    const char *name;  /* in options */
    const char *title; /* in error messages */
    const char *iconv; /* what iconv() calls it; NULL: it is UTF-8, and not converted */
} snug_text_encoding;

/* Returns the name of encoding number `index` in options; NULL past the last. */
const char *snug_text_encoding_name(size_t index);

/* Returns the encoding of that name, NULL after snug_fail(); UTF-8 for NULL. */
const snug_text_encoding *snug_text_encoding_find(const char *name);

/*
 * Returns the encoding that a mark at the start of bytes[n] names, and sets *length to the length
 * of the mark; NULL and 0 where there is none.
 */
const snug_text_encoding *snug_text_encoding_of_mark(const unsigned char *bytes, size_t n,
                                                     size_t *length);

/*
 * Finds the encoding of a file of characters, which may be compressed, by all its bytes: that of a
 * byte order mark, "utf-8" where all bytes are that, otherwise `other`.
 */
snug_status snug_text_encoding_detect(const snug_byte_source *source, const char *other,
                                      const char **encoding);

/* Converts the bytes of a stream. All zero: nothing is converted. */
typedef struct snug_text_decoder {
    const snug_text_encoding *encoding;
    void *converter; /* iconv_t; NULL: not open */
    char *raw;       /* bytes of the stream; raw[begin..end) are not converted yet */
    size_t begin, end;
    size_t line; /* ends of lines that were converted, for error messages */
    bool ended;  /* the stream has no more bytes */
} snug_text_decoder;

/* Opens a decoder of an encoding that is converted. Close it also after a failure. */
snug_status snug_text_decoder_open(snug_text_decoder *decoder, const snug_text_encoding *encoding);

/* Frees what the decoder owns. Takes one that is all zero, too. */
void snug_text_decoder_close(snug_text_decoder *decoder);

/* Forgets all that was read: the stream begins again. */
void snug_text_decoder_rewind(snug_text_decoder *decoder);

/*
 * Reads up to n bytes of UTF-8, n at least 4; *got is 0 at the end only. Fails with the line where
 * the bytes of the stream, the file at `path`, are not of the encoding.
 */
snug_status snug_text_decoder_read(snug_text_decoder *decoder, snug_byte_stream *stream,
                                   const char *path, char *bytes, size_t n, size_t *got);

#endif
