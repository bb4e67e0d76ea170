/*
 * Bytes that can be read at any offset: of a file, without holding it in memory, or of a block of
 * memory. Pipes and standard input can be read only once, so they are read into memory as a whole.
 */
#ifndef SNUG_FILES_BYTE_SOURCE_H
#define SNUG_FILES_BYTE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

#include "files/file.h"

/* Pipes and standard input that hold more bytes than this are refused. */
#define SNUG_MAX_PIPE_BYTES ((size_t)1 << 30)

typedef struct snug_byte_source {
    const char *name;           /* for error messages; borrowed */
    const unsigned char *bytes; /* NULL: the bytes are read from the file */
    size_t size;
    void *owned;    /* the block that .bytes points to, if the source has to free it; or NULL */
    int descriptor; /* of the file; -1: none */
} snug_byte_source;

/* Returns a source of `size` bytes of memory, which is borrowed. It need not be closed. */
snug_byte_source snug_byte_source_of(const char *name, const void *bytes, size_t size);

/*
 * Opens the file at `path`, which is borrowed. Whatever is not a regular file is read into memory,
 * as long as `check` (NULL: none) passes for its first bytes. Close the source also after a
 * failure.
 */
snug_status snug_byte_source_open(snug_byte_source *source, const char *path,
                                  snug_check_start *check);

/*
 * Reads all that is left in an open descriptor, a pipe or standard input, into memory; the
 * descriptor stays open. `name` is borrowed. Fails where there are more than `max_bytes`, and with
 * the message of `check` (NULL: none) where the first bytes do not pass. Close the source also
 * after a failure.
 */
snug_status snug_byte_source_open_pipe(snug_byte_source *source, int descriptor, const char *name,
                                       snug_check_start *check, size_t max_bytes);

/* Closes the file and frees what the source owns. Takes a source that is all zero, too. */
void snug_byte_source_close(snug_byte_source *source);

/*
 * Copies bytes[n] from `offset` on; both must be within .size. Fails where a file became shorter
 * after it was opened.
 */
snug_status snug_byte_source_read(const snug_byte_source *source, size_t offset, size_t n,
                                  void *bytes);

/* Whether a path names a regular file, which can be read again and at any offset. */
bool snug_is_file(const char *path);

/* Whether a path names the standard input of the process: "-", /dev/stdin, or the same pipe. */
bool snug_is_standard_input(const char *path);

#endif
