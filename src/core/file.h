/* Whole files: read into memory, and written so that a reader sees the old file or the new one. */
#ifndef SNUG_CORE_FILE_H
#define SNUG_CORE_FILE_H

#include <stddef.h>
#include <stdio.h>

#include <snug/status.h>

/* Fails with "PATH: cannot open: No such file or directory", from errno; `what` is "open". */
snug_status snug_fail_file(const char *path, const char *what);

/*
 * The file's bytes and a 0 after them; *size counts without it. Release with snug_release(). NULL
 * on failure: "iris.json: cannot open: No such file or directory". Reads pipes too.
 */
char *snug_file_read(const char *path, size_t *size);

/* The same for what a stream still holds; `path` is its name in sentences. */
char *snug_stream_read(FILE *stream, const char *path, size_t *size);

/* A file that is being written beside `path`; see snug_file_commit(). */
typedef struct snug_file {
    FILE *stream;
    char *path, *temporary;
} snug_file;

/* Opens a temporary file in the directory of `path`. */
snug_status snug_file_create(snug_file *file, const char *path);

/*
 * Flushes, syncs, closes, and renames it over `path`. On failure `path` is as it was, the rest is
 * gone.
 */
snug_status snug_file_commit(snug_file *file);

/* Closes and removes what was written. Harmless after a commit. */
void snug_file_abandon(snug_file *file);

/* Creates, writes and commits in one. */
snug_status snug_file_write(const char *path, const void *bytes, size_t size);

/*
 * `path` as seen from the file `from`: joined to its directory unless absolute. From NULL: a copy.
 */
char *snug_path_beside(const char *from, const char *path);

#endif
