/* Whole files, read into memory; file_write.h writes them. */
#ifndef SNUG_CORE_FILE_H
#define SNUG_CORE_FILE_H

#include <stddef.h>
#include <stdio.h>

#include <snug/status.h>

/*
 * The file's bytes and a 0 after them; *size counts without it. Release with snug_release(). NULL
 * on failure: "iris.json: cannot open: No such file or directory". Reads pipes too. Refuses more
 * than SNUG_MAX_FILE_BYTES bytes.
 */
char *snug_file_read(const char *path, size_t *size);

/*
 * Whether n > 0 bytes can begin what is read, before there is more of it: a stream may be endless.
 * Fails with an error message that begins with `path`.
 */
typedef snug_status snug_check_start(const char *path, const char *bytes, size_t n);

/*
 * Reads what a stream still holds; `path` is its name in error messages. check: NULL for anything.
 */
char *snug_stream_read(FILE *stream, const char *path, snug_check_start *check, size_t *size);

/* The most bytes of an experiment or a config. */
#define SNUG_MAX_FILE_BYTES ((size_t)64 << 20)

/*
 * `path` as seen from the file `from`: joined to its directory unless absolute. From NULL: a copy.
 */
char *snug_path_beside(const char *from, const char *path);

#endif
