/* Whole files, read into memory; file_write.h writes them. */
#ifndef SNUG_FILES_FILE_H
#define SNUG_FILES_FILE_H

#include <stddef.h>
#include <stdio.h>

#include <snug/status.h>

/*
 * Reads a file or a pipe. Returns its bytes and a 0 after them, to be freed with snug_release();
 * *size does not count the 0. Returns NULL on failure, also for more than SNUG_MAX_FILE_BYTES:
 * "iris.json: cannot open: No such file or directory".
 */
char *snug_file_read(const char *path, size_t *size);

/*
 * Checks the first n > 0 bytes of a stream while it is read, since a stream may be endless. Fails
 * with an error message that begins with `path`.
 */
typedef snug_status snug_check_start(const char *path, const char *bytes, size_t n);

/*
 * Reads a stream to its end and returns as snug_file_read() does. `path` is its name in error
 * messages; `check` is called after each read, unless it is NULL.
 */
char *snug_stream_read(FILE *stream, const char *path, snug_check_start *check, size_t *size);

/* The most bytes of an experiment or a config. */
#define SNUG_MAX_FILE_BYTES ((size_t)64 << 20)

/*
 * Returns a path that is relative to the directory of the file `from`, unless it is absolute or
 * `from` is NULL. Free it with snug_release().
 */
char *snug_path_beside(const char *from, const char *path);

/*
 * Returns `path`, which is relative to the current directory, as seen from the directory of the
 * file `from`, which need not be there: "../data/iris.csv". It stays as it is where it is absolute
 * or `from` is NULL or in the current directory, and becomes absolute where the two have no
 * directory in common. Free it with snug_release(); NULL on failure.
 */
char *snug_path_seen_from(const char *from, const char *path);

#endif
