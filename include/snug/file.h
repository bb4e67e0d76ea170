/* Files that are written as a whole: a reader sees the old one or the new one, never a half. */
#ifndef SNUG_FILE_H
#define SNUG_FILE_H

#include <stdio.h>

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A file that is being written; `stream` takes its bytes, the other members are the library's. */
typedef struct snug_file {
    FILE *stream;
    char *path;      /* as the caller gave it, for error messages */
    char *target;    /* the file that `path` leads to, through its symbolic links */
    char *temporary; /* what becomes `target`, beside it; NULL: written where it is */
} snug_file;

/*
 * Starts to write `path`: a temporary file beside it, which snug_file_commit() puts in its place. A
 * symbolic link stays, and the file that it leads to is replaced by one of the same mode and, where
 * the process may set them, of the same owner and group. What is no regular file (a terminal, a
 * pipe, a device) is written where it is. So is an open file of the process, as /dev/stdout or
 * /proc/self/fd/3, from its current position on.
 * SNUG_ERROR_FILE: "runs/m.csv: cannot create: No such file or directory".
 */
SNUG_API snug_status snug_file_create(snug_file *file, const char *path);

/* Starts to write `path` itself, emptied first, so that others see the file grow. */
SNUG_API snug_status snug_file_create_in_place(snug_file *file, const char *path);

/*
 * Fails as snug_file_create() would, for use before long work whose result goes to `path`. Leaves
 * everything as it is.
 */
SNUG_API snug_status snug_file_check(const char *path);

/*
 * Flushes, syncs, closes, and renames it over `path`. On failure `path` is as it was, the rest is
 * gone.
 */
SNUG_API snug_status snug_file_commit(snug_file *file);

/* Closes and removes what was written. Harmless after a commit. */
SNUG_API void snug_file_abandon(snug_file *file);

#ifdef __cplusplus
}
#endif
#endif
