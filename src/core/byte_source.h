/* Bytes that can be read at any place: a file's, without holding it in memory, or a caller's. */
#ifndef SNUG_CORE_BYTE_SOURCE_H
#define SNUG_CORE_BYTE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

#include "core/file.h"

typedef struct snug_byte_source {
    const char *name;           /* for sentences; borrowed */
    const unsigned char *bytes; /* NULL: they are in the file */
    size_t size;
    char *owned; /* bytes that had to be read as a whole, from a pipe */
    int descriptor;
} snug_byte_source;

/* Bytes in memory; nothing has to be closed. */
snug_byte_source snug_byte_source_of(const char *name, const void *bytes, size_t size);

/*
 * Opens a file; what is no regular one is read as a whole, as long as its start passes `check`,
 * unless that is NULL. Close it also after a failure.
 */
snug_status snug_byte_source_open(snug_byte_source *source, const char *path,
                                  snug_check_start *check);
void snug_byte_source_close(snug_byte_source *source);

/* Whether a path leads to a regular file, which can be read again and at any place. */
bool snug_is_file(const char *path);

/*
 * Copies n bytes from place `at`; both lie inside .size. Fails where a file became shorter
 * meanwhile.
 */
snug_status snug_byte_source_read(const snug_byte_source *source, size_t at, size_t n, void *into);

#endif
