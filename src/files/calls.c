#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "files/calls.h"

/* open() itself takes its mode as one of any number of arguments. */
static int open_file(const char *path, int flags, mode_t mode) {
    return open(path, flags, mode);
}

static const snug_file_calls system_calls = {.open = open_file,
                                             .write = write,
                                             .ftruncate = ftruncate,
                                             .fsync = fsync,
                                             .close = close,
                                             .rename = rename,
                                             .unlink = unlink};

static const snug_file_calls *used = &system_calls;

const snug_file_calls *snug_file_calls_used(void) {
    return used;
}

void snug_file_calls_set(const snug_file_calls *calls) {
    used = calls != NULL ? calls : &system_calls;
}

bool snug_write_all(int descriptor, const void *bytes, size_t size) {
    const char *next = bytes;
    while (size > 0) {
        ssize_t written = used->write(descriptor, next, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        next += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

bool snug_sync(int descriptor) {
    int failed;
    do {
        failed = used->fsync(descriptor);
    } while (failed != 0 && errno == EINTR);
    return failed == 0;
}

void snug_close_quietly(int descriptor) {
    int reason = errno;
    (void)used->close(descriptor);
    errno = reason;
}
