#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"

snug_status snug_fail_file(const char *path, const char *what) {
    return snug_fail(SNUG_ERROR_FILE, "%s: cannot %s: %s", path, what,
                     strerror_l(errno, snug_locale()));
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Room for a regular file and one byte more, whose absence tells the end; any number for a pipe. */
static size_t first_capacity(FILE *stream) {
    struct stat about;
    if (fstat(fileno(stream), &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 0)
        return 4096;
    return (size_t)about.st_size + 2;
}

/* Makes room for at least one byte and the 0 behind it. */
static char *grow(char *bytes, size_t *capacity) {
    if (!snug_multiply(*capacity, 2, capacity)) {
        snug_fail_memory(*capacity);
        return NULL;
    }
    return snug_resize(bytes, *capacity, 1);
}

char *snug_stream_read(FILE *stream, const char *path, size_t *size) {
    size_t capacity = first_capacity(stream), used = 0;
    char *bytes = snug_alloc(capacity, 1);
    while (bytes) {
        used += fread(bytes + used, 1, capacity - 1 - used, stream);
        if (ferror(stream) && errno == EINTR) {
            clearerr(stream);
        } else if (ferror(stream)) {
            snug_fail_file(path, "read");
            break;
        } else if (feof(stream)) {
            bytes[used] = 0;
            *size = used;
            return bytes;
        } else if (used + 1 == capacity) {
            char *more = grow(bytes, &capacity);
            if (!more)
                break;
            bytes = more;
        }
    }
    snug_release(bytes);
    return NULL;
}

char *snug_file_read(const char *path, size_t *size) {
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        snug_fail_file(path, "open");
        return NULL;
    }
    char *bytes = snug_stream_read(stream, path, size);
    fclose(stream);
    return bytes;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* How many bytes of `path` are its directory, with the last slash; 0: the current one. */
static size_t directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

char *snug_path_beside(const char *from, const char *path) {
    size_t length = from && path[0] != '/' ? directory_length(from) : 0;
    return snug_format("%.*s%s", (int)length, from ? from : "", path);
}

/*
 * Opens a new file beside `path`. It is made by open() and not by mkstemp(), so that it gets the
 * mode that the process's umask gives any new file. Answers the descriptor, or -1 after
 * snug_fail().
 */
static int open_temporary(snug_file *file, const char *path) {
    static atomic_uint counter;
    for (;;) {
        file->temporary = snug_format("%.*s.snug-%ld-%u.tmp", (int)directory_length(path), path,
                                      (long)getpid(), atomic_fetch_add(&counter, 1));
        if (!file->temporary)
            return -1;
        int descriptor = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0)
            return descriptor;
        bool taken = errno == EEXIST;
        if (!taken)
            snug_fail_file(path, "create");
        snug_release(file->temporary);
        file->temporary = NULL;
        if (!taken)
            return -1;
    }
}

/* A terminal, a pipe or a device is written to as it is: renaming would put a file in its place. */
static bool is_device(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

static int open_target(snug_file *file, const char *path) {
    if (!is_device(path))
        return open_temporary(file, path);
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        snug_fail_file(path, "open");
    return descriptor;
}

snug_status snug_file_create(snug_file *file, const char *path) {
    *file = (snug_file){.path = snug_copy_string(path)};
    if (!file->path)
        return SNUG_ERROR_MEMORY;
    int descriptor = open_target(file, path);
    if (descriptor >= 0) {
        file->stream = fdopen(descriptor, "wb");
        if (file->stream)
            return SNUG_OK;
        snug_fail_file(path, "open");
        close(descriptor);
    }
    snug_file_abandon(file);
    return snug_error_status();
}

/* Makes a rename last through a power cut; file systems that cannot are left alone. */
static void sync_directory(const char *path) {
    char *directory = snug_format("%.*s.", (int)directory_length(path), path);
    int descriptor = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    snug_release(directory);
}

static bool flush_and_sync(snug_file *file) {
    if (ferror(file->stream) || fflush(file->stream) != 0)
        return false;
    return !file->temporary || fsync(fileno(file->stream)) == 0;
}

static bool close_stream(snug_file *file) {
    FILE *stream = file->stream;
    file->stream = NULL;
    return fclose(stream) == 0;
}

snug_status snug_file_commit(snug_file *file) {
    snug_status status = SNUG_OK;
    if (!flush_and_sync(file) || !close_stream(file))
        status = snug_fail_file(file->path, "write");
    else if (file->temporary && rename(file->temporary, file->path) != 0)
        status = snug_fail_file(file->path, "replace");
    if (status == SNUG_OK && file->temporary) {
        sync_directory(file->path);
        snug_release(file->temporary);
        file->temporary = NULL;
    }
    snug_file_abandon(file);
    return status;
}

void snug_file_abandon(snug_file *file) {
    if (file->stream)
        close_stream(file);
    if (file->temporary)
        unlink(file->temporary);
    snug_release(file->temporary);
    snug_release(file->path);
    *file = (snug_file){0};
}

snug_status snug_file_write(const char *path, const void *bytes, size_t size) {
    snug_file file;
    snug_status status = snug_file_create(&file, path);
    if (status != SNUG_OK)
        return status;
    if (size > 0 && fwrite(bytes, 1, size, file.stream) != size) {
        status = snug_fail_file(path, "write");
        snug_file_abandon(&file);
        return status;
    }
    return snug_file_commit(&file);
}
