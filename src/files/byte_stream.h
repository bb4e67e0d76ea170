/*
 * The bytes of a source one after the other, decompressed where the source is compressed, which its
 * first bytes decide, not its name. Memory holds a block of the compressed bytes and what the
 * algorithm keeps, however large the data is. A stream can be read again from its start: compressed
 * data is then decompressed again, which takes time instead of memory.
 */
#ifndef SNUG_FILES_BYTE_STREAM_H
#define SNUG_FILES_BYTE_STREAM_H

#include "files/byte_source.h"
#include "files/compression.h"

typedef struct snug_byte_stream {
    const snug_byte_source *source;      /* borrowed */
    const snug_compression *compression; /* NULL: the source is not compressed */
    size_t offset;                       /* of the next byte of the source */
    /* The others are of compressed sources only. */
    void *state;          /* of the compression; NULL: the pass begins with the next read */
    unsigned char *block; /* bytes of the source; block[begin..end) are not decompressed yet */
    size_t begin, end;
    bool complete; /* the data may end after the bytes that were decompressed */
} snug_byte_stream;

/* Opens a stream on a source, which must stay open. Close the stream also after a failure. */
snug_status snug_byte_stream_open(snug_byte_stream *stream, const snug_byte_source *source);

/* Frees what the stream owns. Takes a stream that is all zero, too. */
void snug_byte_stream_close(snug_byte_stream *stream);

/* Lets the next read begin at the first byte again. */
void snug_byte_stream_rewind(snug_byte_stream *stream);

/*
 * Reads bytes[n]; *got is less than n at the end of the data only. Fails with the offset in the
 * file where compressed data is damaged or ends too early.
 */
snug_status snug_byte_stream_read(snug_byte_stream *stream, void *bytes, size_t n, size_t *got);

/*
 * Reads the next n bytes, or all that there are, into a block that grows with what is there,
 * because n may be a false claim of a file. Release the block; NULL on failure. *got is as above.
 */
void *snug_byte_stream_read_block(snug_byte_stream *stream, size_t n, size_t *got);

#endif
