/* Writing whole files: beside their place, and then into it. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "files/file_target.h"
#include "files/file_write.h"
#include "files/path.h"

/* ---- opening --------------------------------------------------------------------------------- */

/* A descriptor of the target itself, or -1 after snug_fail(). */
static int open_in_place(const snug_file *file, const snug_file_target *target, int flags) {
    int descriptor;
    do { /* a pipe without a reader waits in open(), where a signal may interrupt it */
        descriptor = target->descriptor >= 0
                         ? fcntl(target->descriptor, F_DUPFD_CLOEXEC, 0)
                         : open(target->path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0666);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) {
        snug_fail_file(file->path, "create");
    }
    return descriptor;
}

/*
 * Gives the new file the old one's owner, group and permissions. Where the group cannot be set, it
 * gets no more permissions than everybody has: it is another group than the old one.
 */
static void take_over(int descriptor, const struct stat *old) {
    mode_t mode = old->st_mode & 0777;
    bool has_group = fchown(descriptor, old->st_uid, old->st_gid) == 0 ||
                     fchown(descriptor, (uid_t)-1, old->st_gid) == 0;
    if (!has_group) {
        mode &= 0707 | (mode & 07) << 3;
    }
    (void)fchmod(descriptor, mode); /* it is the process's own file */
}

/*
 * A new file beside the target. It is made by open() and not by mkstemp(), so that it gets the mode
 * that the process's umask gives any new file. -1 after snug_fail().
 */
static int open_temporary(snug_file *file, const snug_file_target *target) {
    static atomic_uint counter;
    for (;;) {
        char name[64];
        snprintf(name, sizeof name, ".snug-%ld-%u.tmp", (long)getpid(),
                 atomic_fetch_add(&counter, 1));
        int descriptor = -1;
        if (snug_path_join(file->temporary, target->path, name)) {
            descriptor = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
                              target->exists ? 0600 : 0666);
        }
        if (descriptor >= 0) {
            return descriptor;
        }
        file->temporary[0] = '\0'; /* it is not ours to remove */
        if (errno != EEXIST && errno != EINTR) {
            snug_fail_file(file->path, "create");
            return -1;
        }
    }
}

static int open_new(snug_file *file, const snug_file_target *target) {
    /* A read-only file system under one file alone shows only here. */
    if (target->exists && access(target->path, W_OK) != 0 && errno == EROFS) {
        snug_fail_file(file->path, "create");
        return -1;
    }
    int descriptor = open_temporary(file, target);
    if (descriptor >= 0 && target->exists) {
        take_over(descriptor, &target->st);
    }
    return descriptor;
}

/* Fills in *file but its stream and its temporary file. */
static snug_status find_target(snug_file *file, snug_file_target *target, const char *path) {
    *file = (snug_file){.stream = NULL};
    snug_status status = snug_file_target_find(target, path);
    if (status == SNUG_OK) { /* both paths are then known to fit */
        memcpy(file->path, path, strlen(path) + 1);
        memcpy(file->target, target->path, strlen(target->path) + 1);
    }
    return status;
}

/* descriptor -1: that failed, and the error message is set. */
static snug_status start(snug_file *file, int descriptor) {
    if (descriptor >= 0) {
        file->stream = fdopen(descriptor, "wb");
        if (file->stream != NULL) {
            return SNUG_OK;
        }
        snug_fail_file(file->path, "create");
        close(descriptor);
    }
    snug_file_abandon(file);
    return snug_error_status();
}

snug_status snug_file_create(snug_file *file, const char *path) {
    snug_file_target target;
    snug_status status = find_target(file, &target, path);
    if (status != SNUG_OK) {
        return status;
    }
    return start(file,
                 target.in_place ? open_in_place(file, &target, O_TRUNC) : open_new(file, &target));
}

snug_status snug_file_create_in_place(snug_file *file, const char *path) {
    snug_file_target target;
    snug_status status = find_target(file, &target, path);
    if (status != SNUG_OK) {
        return status;
    }
    return start(file, open_in_place(file, &target, O_CREAT | O_TRUNC));
}

/* Whether it could be opened, which is not tried: a pipe's reader would see the end of the file. */
static bool can_write_in_place(const snug_file_target *target) {
    if (target->descriptor >= 0) {
        int flags = fcntl(target->descriptor, F_GETFL);
        if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY) {
            errno = EBADF;
        }
        return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
    }
    if (target->exists && S_ISSOCK(target->st.st_mode)) {
        errno = ENXIO;
    }
    return !(target->exists && S_ISSOCK(target->st.st_mode)) && access(target->path, W_OK) == 0;
}

snug_status snug_file_check(const char *path) {
    snug_file file;
    snug_file_target target;
    snug_status status = find_target(&file, &target, path);
    if (status != SNUG_OK) {
        return status;
    }
    if (!target.in_place) {
        status = start(&file, open_new(&file, &target));
    } else if (!can_write_in_place(&target)) {
        status = snug_fail_file(path, "create");
    }
    snug_file_abandon(&file);
    return status;
}

/* ---- closing --------------------------------------------------------------------------------- */

static bool sync_again(int descriptor) {
    int failed;
    do {
        failed = fsync(descriptor);
    } while (failed != 0 && errno == EINTR);
    return failed == 0;
}

/* Makes a rename last through a power cut; file systems that cannot are left alone. */
static void sync_directory(const char *path) {
    char directory[PATH_MAX];
    int descriptor = snug_path_join(directory, path, ".")
                         ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                         : -1;
    if (descriptor >= 0) {
        sync_again(descriptor);
        close(descriptor);
    }
}

static bool flush_and_sync(snug_file *file) {
    if (ferror(file->stream) || fflush(file->stream) != 0) {
        return false;
    }
    return file->temporary[0] == '\0' || sync_again(fileno(file->stream));
}

static bool close_stream(snug_file *file) {
    FILE *stream = file->stream;
    file->stream = NULL;
    return fclose(stream) == 0;
}

static bool write_again(int descriptor, const char *bytes, size_t size) {
    while (size > 0) {
        ssize_t written = write(descriptor, bytes, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        size -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

static bool copy_bytes(int from, int to) {
    char block[16384];
    for (;;) {
        ssize_t count = read(from, block, sizeof block);
        if (count == 0) {
            return sync_again(to);
        }
        if ((count < 0 && errno != EINTR) ||
            (count > 0 && !write_again(to, block, (size_t)count))) {
            return false;
        }
    }
}

/* Writes the temporary file's bytes over the target, a mount point, which cannot be replaced. */
static bool copy_over(const snug_file *file) {
    int from = open(file->temporary, O_RDONLY | O_CLOEXEC);
    int to = open(file->target, O_WRONLY | O_TRUNC | O_CLOEXEC);
    bool ok = from >= 0 && to >= 0 && copy_bytes(from, to);
    int reason = errno;
    if (from >= 0) {
        close(from);
    }
    if (to >= 0 && close(to) != 0 && ok) {
        reason = errno;
        ok = false;
    }
    errno = reason;
    return ok;
}

/* Moves the temporary file into its place. */
static bool replace(snug_file *file) {
    if (rename(file->temporary, file->target) != 0) {
        return errno == EBUSY && copy_over(file);
    }
    sync_directory(file->target);
    file->temporary[0] = '\0';
    return true;
}

snug_status snug_file_commit(snug_file *file) {
    snug_status status = SNUG_OK;
    if (!flush_and_sync(file) || !close_stream(file)) {
        status = snug_fail_file(file->path, "write");
    } else if (file->temporary[0] != '\0' && !replace(file)) {
        status = snug_fail_file(file->path, "replace");
    }
    snug_file_abandon(file);
    return status;
}

void snug_file_abandon(snug_file *file) {
    if (file->stream != NULL) {
        close_stream(file);
    }
    if (file->temporary[0] != '\0') {
        unlink(file->temporary);
    }
    *file = (snug_file){0};
}

snug_status snug_file_write(const char *path, const void *bytes, size_t size) {
    snug_file file;
    snug_status status = snug_file_create(&file, path);
    if (status != SNUG_OK) {
        return status;
    }
    /* Past the stream, which loses bytes where a signal interrupts it. */
    if (!write_again(fileno(file.stream), bytes, size)) {
        status = snug_fail_file(path, "write");
        snug_file_abandon(&file);
        return status;
    }
    return snug_file_commit(&file);
}
