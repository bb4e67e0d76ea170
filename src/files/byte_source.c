#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/byte_source.h"
#include "files/path.h"

enum {
    MAX_READ = 1 << 30, /* bytes of one call: Linux transfers at most 2^31 - 4096 */
    FIRST_BYTES = 65536 /* of memory for a pipe, whose size is not known */
};

snug_byte_source snug_byte_source_of(const char *name, const void *bytes, size_t size) {
    return (snug_byte_source){.name = name, .bytes = bytes, .size = size, .descriptor = -1};
}

void snug_byte_source_close(snug_byte_source *source) {
    /* Descriptor 0 of a source that is all zero was never opened: its name is NULL. */
    if (source->name != NULL && source->descriptor >= 0) {
        close(source->descriptor);
    }
    snug_release(source->owned);
    *source = snug_byte_source_of(NULL, NULL, 0);
}

bool snug_is_file(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool snug_is_standard_input(const char *path) {
    static const char *const names[] = {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(path, names[i]) == 0) {
            return true;
        }
    }
    struct stat input, st;
    return stat(path, &st) == 0 && S_ISFIFO(st.st_mode) && fstat(STDIN_FILENO, &input) == 0 &&
           st.st_dev == input.st_dev && st.st_ino == input.st_ino;
}

/* ---- pipes ----------------------------------------------------------------------------------- */

/*
 * Doubles the block, whose size starts with FIRST_BYTES, up to one byte more than max_bytes: that
 * byte is how a longer pipe is noticed.
 */
static snug_status grow(snug_byte_source *source, size_t *capacity, size_t max_bytes) {
    size_t size = *capacity == 0               ? FIRST_BYTES
                  : *capacity <= max_bytes / 2 ? *capacity * 2
                                               : max_bytes + 1;
    unsigned char *larger = snug_resize(source->owned, size, 1);
    if (larger == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    source->bytes = source->owned = larger;
    *capacity = size;
    return SNUG_OK;
}

/* Reads up to n bytes; *got is 0 at the end only. */
static snug_status read_some(int descriptor, const char *name, void *bytes, size_t n, size_t *got) {
    ssize_t count;
    do {
        count = read(descriptor, bytes, n < MAX_READ ? n : MAX_READ);
    } while (count < 0 && errno == EINTR);
    *got = count > 0 ? (size_t)count : 0;
    return count >= 0 ? SNUG_OK : snug_fail_file(name, "read");
}

static snug_status check_size(const snug_byte_source *source, size_t max_bytes) {
    if (source->size <= max_bytes) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: holds more than %zu bytes, which is as much as is read from a pipe: save "
                     "it as a file first",
                     source->name, max_bytes);
}

snug_status snug_byte_source_open_pipe(snug_byte_source *source, int descriptor, const char *name,
                                       snug_check_start *check, size_t max_bytes) {
    size_t capacity = 0, got = 1;
    snug_status status = SNUG_OK;
    *source = snug_byte_source_of(name, NULL, 0);
    while (status == SNUG_OK && got > 0) {
        if (source->size == capacity) {
            status = grow(source, &capacity, max_bytes);
        }
        if (status == SNUG_OK) {
            status = read_some(descriptor, name, (unsigned char *)source->owned + source->size,
                               capacity - source->size, &got);
        }
        source->size += status == SNUG_OK ? got : 0;
        if (status == SNUG_OK && check != NULL && got > 0) {
            status = check(name, source->owned, source->size);
        }
        if (status == SNUG_OK) {
            status = check_size(source, max_bytes);
        }
    }
    return status;
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Some files of /proc are called regular, have size 0, and hold something nevertheless. */
static bool has_known_size(int descriptor, size_t *size) {
    struct stat st;
    if (fstat(descriptor, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0) {
        return false;
    }
    *size = (size_t)st.st_size;
    return true;
}

snug_status snug_byte_source_open(snug_byte_source *source, const char *path,
                                  snug_check_start *check) {
    *source = snug_byte_source_of(path, NULL, 0);
    if (path == NULL) {
        return snug_fail_null("the path");
    }
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return snug_fail_file(path, "open");
    }
    if (has_known_size(descriptor, &source->size)) {
        source->descriptor = descriptor;
        return SNUG_OK;
    }
    snug_status status =
        snug_byte_source_open_pipe(source, descriptor, path, check, SNUG_MAX_PIPE_BYTES);
    close(descriptor);
    return status;
}

snug_status snug_byte_source_read(const snug_byte_source *source, size_t offset, size_t n,
                                  void *bytes) {
    char *to = bytes;
    if (source->bytes != NULL) {
        memcpy(to, source->bytes + offset, n);
        return SNUG_OK;
    }
    while (n > 0) {
        ssize_t got = pread(source->descriptor, to, n < MAX_READ ? n : MAX_READ, (off_t)offset);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return snug_fail_file(source->name, "read");
        }
        if (got == 0) {
            return snug_fail(SNUG_ERROR_FILE, "%s: became shorter while it was read", source->name);
        }
        to += got;
        offset += (size_t)got;
        n -= (size_t)got;
    }
    return SNUG_OK;
}
