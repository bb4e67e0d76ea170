/* Whole files: read into memory, and written so that a reader sees the old file or the new one. */
#ifndef SNUG_CORE_FILE_H
#define SNUG_CORE_FILE_H

#include <stddef.h>
#include <stdio.h>

#include <snug/file.h>

/* Fails with "PATH: cannot open: No such file or directory", from errno; `what` is "open". */
snug_status snug_fail_file(const char *path, const char *what);

/*
 * The file's bytes and a 0 after them; *size counts without it. Release with snug_release(). NULL
 * on failure: "iris.json: cannot open: No such file or directory". Reads pipes too.
 */
char *snug_file_read(const char *path, size_t *size);

/* The same for what a stream still holds; `path` is its name in sentences. */
char *snug_stream_read(FILE *stream, const char *path, size_t *size);

/* Creates, writes and commits in one; a signal does not interrupt it. */
snug_status snug_file_write(const char *path, const void *bytes, size_t size);

/* How many bytes of `path` are its directory, with the last slash; 0: the current one. */
size_t snug_directory_length(const char *path);

/*
 * `path` as seen from the file `from`: joined to its directory unless absolute. From NULL: a copy.
 */
char *snug_path_beside(const char *from, const char *path);

#endif
