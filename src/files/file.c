#define _XOPEN_SOURCE 700 /* for realpath(). NOLINT(bugprone-reserved-identifier) */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/file.h"
#include "files/path.h"

/* ---- reading --------------------------------------------------------------------------------- */

/*
 * Returns the capacity to begin with: for a regular file its size, one byte more, in which reading
 * finds the end, and the 0. At most what an experiment may have: the file may be anything.
 */
static size_t first_capacity(FILE *stream) {
    struct stat st;
    if (fstat(fileno(stream), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0) {
        return 4096;
    }
    size_t size = (size_t)st.st_size;
    return (size < SNUG_MAX_FILE_BYTES ? size : SNUG_MAX_FILE_BYTES) + 2;
}

/* Doubles the capacity. */
static char *grow(char *bytes, size_t *capacity) {
    if (!snug_multiply(*capacity, 2, capacity)) {
        snug_fail_memory(*capacity);
        return NULL;
    }
    return snug_resize(bytes, *capacity, 1);
}

char *snug_stream_read(FILE *stream, const char *path, snug_check_start *check, size_t *size) {
    size_t capacity = first_capacity(stream), used = 0;
    char *bytes = snug_alloc(capacity, 1);
    while (bytes != NULL) {
        used += fread(bytes + used, 1, capacity - 1 - used, stream);
        if (ferror(stream) && errno == EINTR) {
            clearerr(stream);
        } else if (ferror(stream)) {
            snug_fail_file(path, "read");
            break;
        } else if (check != NULL && used > 0 && check(path, bytes, used) != SNUG_OK) {
            break;
        } else if (feof(stream)) {
            bytes[used] = 0;
            *size = used;
            return bytes;
        } else if (used + 1 == capacity) {
            char *more = grow(bytes, &capacity);
            if (more == NULL) {
                break;
            }
            bytes = more;
        }
    }
    snug_release(bytes);
    return NULL;
}

static snug_status check_text(const char *path, const char *bytes, size_t n) {
    (void)bytes;
    return n <= SNUG_MAX_FILE_BYTES
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_CONFIG, "%s: has more than %zu MiB of text", path,
                           SNUG_MAX_FILE_BYTES >> 20);
}

char *snug_file_read(const char *path, size_t *size) {
    if (path == NULL) {
        snug_fail_null("the path");
        return NULL;
    }
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        snug_fail_file(path, "open");
        return NULL;
    }
    char *bytes = snug_stream_read(stream, path, check_text, size);
    fclose(stream);
    return bytes;
}

/* ---- paths ----------------------------------------------------------------------------------- */

char *snug_path_beside(const char *from, const char *path) {
    size_t length = from != NULL && path[0] != '/' ? snug_directory_length(from) : 0;
    return snug_format("%.*s%s", (int)length, from != NULL ? from : "", path);
}

/* Writes the directory of a path, without links and with a slash at its end. */
static bool real_directory(const char *path, char real[PATH_MAX]) {
    size_t length = snug_directory_length(path);
    char *directory = snug_format("%.*s", (int)length, path);
    bool ok = directory != NULL && realpath(length > 0 ? directory : ".", real) != NULL;
    size_t end = ok ? strlen(real) : 0;
    snug_release(directory);
    if (ok && end + 2 <= PATH_MAX && (end == 0 || real[end - 1] != '/')) {
        real[end] = '/';
        real[end + 1] = 0;
    }
    return ok;
}

/* Returns a path that leads from one directory to a file in another; both are absolute. */
static char *relative_path(const char *from, const char *to, const char *name) {
    size_t common = 0, ups = 0;
    for (size_t i = 0; from[i] != 0 && from[i] == to[i]; i++) {
        common = from[i] == '/' ? i + 1 : common;
    }
    if (common <= 1) {
        return snug_format("%s%s", to, name);
    }
    for (const char *c = from + common; *c != 0; c++) {
        ups += *c == '/';
    }
    char *path = snug_format("%s%s", to + common, name);
    for (size_t i = 0; i < ups && path != NULL; i++) {
        char *longer = snug_format("../%s", path);
        snug_release(path);
        path = longer;
    }
    return path;
}

char *snug_path_seen_from(const char *from, const char *path) {
    char from_real[PATH_MAX], to_real[PATH_MAX];
    if (from == NULL || path[0] == '/' || snug_directory_length(from) == 0) {
        return snug_copy_string(path);
    }
    if (!real_directory(from, from_real)) {
        snug_fail_file(from, "find");
        return NULL;
    }
    if (!real_directory(path, to_real)) {
        snug_fail_file(path, "find");
        return NULL;
    }
    return relative_path(from_real, to_real, path + snug_directory_length(path));
}
