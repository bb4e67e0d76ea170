#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/byte_source.h"
#include "core/memory.h"
#include "core/path.h"
#include "core/status.h"

enum { MOST_AT_ONCE = 1 << 30 };

snug_byte_source snug_byte_source_of(const char *name, const void *bytes, size_t size) {
    return (snug_byte_source){.name = name, .bytes = bytes, .size = size, .descriptor = -1};
}

/* What is no regular file is read once, as a whole. */
static snug_status read_all(snug_byte_source *source, snug_check_start *check) {
    FILE *stream = fdopen(source->descriptor, "rb");
    if (stream == NULL) {
        return snug_fail_file(source->name, "read");
    }
    source->descriptor = -1; /* the stream's */
    source->owned = snug_stream_read(stream, source->name, check, &source->size);
    source->bytes = (const unsigned char *)source->owned;
    fclose(stream);
    return source->owned != NULL ? SNUG_OK : snug_error_status();
}

snug_status snug_byte_source_open(snug_byte_source *source, const char *path,
                                  snug_check_start *check) {
    struct stat about;
    *source = snug_byte_source_of(path, NULL, 0);
    source->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (source->descriptor < 0) {
        return snug_fail_file(path, "open");
    }
    if (fstat(source->descriptor, &about) == 0 && S_ISREG(about.st_mode)) {
        source->size = (size_t)about.st_size;
        return SNUG_OK;
    }
    return read_all(source, check);
}

bool snug_is_file(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

void snug_byte_source_close(snug_byte_source *source) {
    if (source->descriptor >= 0) {
        close(source->descriptor);
    }
    snug_release(source->owned);
    *source = snug_byte_source_of(NULL, NULL, 0);
}

snug_status snug_byte_source_read(const snug_byte_source *source, size_t at, size_t n, void *into) {
    char *to = into;
    if (source->bytes != NULL) {
        memcpy(to, source->bytes + at, n);
        return SNUG_OK;
    }
    while (n > 0) {
        ssize_t got = pread(source->descriptor, to, n < MOST_AT_ONCE ? n : MOST_AT_ONCE, (off_t)at);
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
        at += (size_t)got;
        n -= (size_t)got;
    }
    return SNUG_OK;
}
