/*
 * Compressed data: one descriptor for each algorithm, in a file of its own. byte_stream.h reads
 * through them; nothing else needs to know that a file is compressed.
 */
#ifndef SNUG_FILES_COMPRESSION_H
#define SNUG_FILES_COMPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h> /* IWYU pragma: export */

/* What one call of snug_compression.decompress() did. */
typedef struct snug_decompressed {
    size_t used;       /* bytes of the input that it took */
    size_t made;       /* bytes that it wrote to the output */
    bool complete;     /* the input may end after the bytes that were used */
    const char *error; /* what is wrong with the input, or NULL */
    bool no_memory;    /* it failed for want of memory, after snug_fail_memory() */
} snug_decompressed;

typedef struct snug_compression {
    const char *name;   /* "gzip" */
    const char *suffix; /* of the names of files, ".gz" */
    /* Whether data that begins with these bytes is compressed by this algorithm. */
    bool (*matches)(const unsigned char *bytes, size_t n);
    /* Returns the state of a decompression that starts at the first byte; NULL: no memory. */
    void *(*open)(void);
    /*
     * Decompresses input[n] to output[size], as far as either suffices. Neither used nor made is
     * above 0 where more input is needed.
     */
    snug_decompressed (*decompress)(void *state, const unsigned char *input, size_t n,
                                    unsigned char *output, size_t size);
    /* Frees the state. */
    void (*close)(void *state);
} snug_compression;

/* Every algorithm: X(the last word of the name of its descriptor, in a file of that name). */
#define SNUG_COMPRESSIONS(X) X(gzip) X(zstd)

#define SNUG_DECLARE_COMPRESSION(name) extern const snug_compression snug_compression_##name;
SNUG_COMPRESSIONS(SNUG_DECLARE_COMPRESSION)
#undef SNUG_DECLARE_COMPRESSION

/* Returns the algorithm that data beginning with bytes[n] is compressed by; NULL: none. */
const snug_compression *snug_compression_of(const unsigned char *bytes, size_t n);

/* Bytes at the start of a file that snug_compression_of() needs to see. */
enum { SNUG_COMPRESSION_BYTES = 4 };

/* Returns the length of a path without the suffix of a compression, such as ".gz". */
size_t snug_length_without_suffix(const char *path);

#endif
