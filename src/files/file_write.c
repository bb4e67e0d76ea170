/* Writing whole files: beside their place, and then into it. */
#define _GNU_SOURCE /* for fopencookie(). NOLINT(bugprone-reserved-identifier) */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/locale.h"
#include "files/calls.h"
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
                         : snug_file_calls_used()->open(
                               target->path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0666);
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

/* The name of a temporary file: the process and a number. */
#define TEMPORARY_NAME ".snug-%ld-%u.tmp"

/*
 * A new file beside the target. It is made by open() and not by mkstemp(), so that it gets the mode
 * that the process's umask gives any new file. -1 after snug_fail().
 */
static int open_temporary(snug_file *file, const snug_file_target *target) {
    static atomic_uint counter;
    for (;;) {
        char name[64];
        snprintf(name, sizeof name, TEMPORARY_NAME, (long)getpid(), atomic_fetch_add(&counter, 1));
        int descriptor = -1;
        if (snug_path_join(file->temporary, target->path, name)) {
            descriptor =
                snug_file_calls_used()->open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
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
    *file = (snug_file){.descriptor = -1};
    snug_status status = snug_file_target_find(target, path);
    if (status == SNUG_OK) { /* both paths are then known to fit */
        memcpy(file->path, path, strlen(path) + 1);
        memcpy(file->target, target->path, strlen(target->path) + 1);
    }
    return status;
}

/* ---- the stream, which writes and closes by the calls of files/calls.h ----------------------- */

/* Keeps the reason of a failure, which the stream notices but does not report before the end. */
static ssize_t write_stream(void *user, const char *bytes, size_t size) {
    snug_file *file = user;
    if (snug_write_all(file->descriptor, bytes, size)) {
        return (ssize_t)size;
    }
    file->reason = errno;
    return 0;
}

static int close_descriptor(void *user) {
    const snug_file *file = user;
    int failed = snug_file_calls_used()->close(file->descriptor);
    return failed != 0 && errno == EINTR ? 0 : failed; /* it is closed all the same */
}

/* descriptor -1: that failed, and the error message is set. */
static snug_status start(snug_file *file, int descriptor) {
    const cookie_io_functions_t functions = {.write = write_stream, .close = close_descriptor};
    file->descriptor = descriptor;
    if (descriptor >= 0) {
        file->stream = fopencookie(file, "wb", functions);
        if (file->stream != NULL) {
            return SNUG_OK;
        }
        snug_fail_file(file->path, "create");
        snug_close_quietly(descriptor);
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

/* Opens the file that `path` leads to, with these flags of open(). */
static snug_status start_in_place(snug_file *file, const char *path, int flags) {
    snug_file_target target;
    snug_status status = find_target(file, &target, path);
    if (status != SNUG_OK) {
        return status;
    }
    return start(file, open_in_place(file, &target, O_CREAT | flags));
}

snug_status snug_file_create_in_place(snug_file *file, const char *path) {
    return start_in_place(file, path, O_TRUNC);
}

snug_status snug_file_append(snug_file *file, const char *path) {
    return start_in_place(file, path, O_APPEND);
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

/*
 * Whether a reason for which a directory is not synced is that of a file system or a user that
 * cannot do so at all, and not of a disk that fails.
 */
static bool cannot_sync_directories(int reason) {
    return reason == EINVAL || reason == ENOTSUP || reason == ENOSYS || reason == EACCES ||
           reason == EPERM;
}

/* Makes a rename last through a power cut, where the file system can. */
static bool sync_directory(const char *path) {
    char directory[PATH_MAX];
    if (!snug_path_join(directory, path, ".")) {
        return true; /* its name is too long by that */
    }
    int descriptor = snug_file_calls_used()->open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    bool ok = descriptor >= 0 && snug_sync(descriptor);
    if (descriptor >= 0) {
        snug_close_quietly(descriptor);
    }
    return ok || cannot_sync_directories(errno);
}

static bool flush_and_sync(snug_file *file) {
    if (ferror(file->stream) || fflush(file->stream) != 0) {
        errno = file->reason != 0 ? file->reason : errno;
        return false;
    }
    return file->temporary[0] == '\0' || snug_sync(file->descriptor);
}

static bool close_stream(snug_file *file) {
    FILE *stream = file->stream;
    file->stream = NULL;
    return fclose(stream) == 0;
}

static bool copy_bytes(int from, int to) {
    char block[16384];
    for (;;) {
        ssize_t count = read(from, block, sizeof block);
        if (count == 0) {
            return true;
        }
        if ((count < 0 && errno != EINTR) ||
            (count > 0 && !snug_write_all(to, block, (size_t)count))) {
            return false;
        }
    }
}

/* Writes the bytes of a descriptor over a file, and cuts off what the file had more. */
static bool copy_to(const char *path, int from) {
    struct stat st;
    int to = snug_file_calls_used()->open(path, O_WRONLY | O_CLOEXEC, 0);
    if (to < 0) {
        return false;
    }
    bool ok = fstat(from, &st) == 0 && copy_bytes(from, to) &&
              snug_file_calls_used()->ftruncate(to, st.st_size) == 0 && snug_sync(to);
    if (!ok) {
        snug_close_quietly(to);
        return false;
    }
    return snug_file_calls_used()->close(to) == 0;
}

/*
 * Writes the temporary file's bytes over the target, a mount point, which cannot be replaced. Where
 * that fails the target may be half written: the temporary file, which is whole, is then kept.
 */
static snug_status copy_over(snug_file *file) {
    int from = open(file->temporary, O_RDONLY | O_CLOEXEC);
    if (from < 0) {
        return snug_fail_file(file->path, "replace");
    }
    snug_status status = SNUG_OK;
    if (!copy_to(file->target, from)) {
        status = snug_fail(SNUG_ERROR_FILE, "%s: cannot replace: %s; all of it is in %s",
                           file->path, strerror_l(errno, snug_locale()), file->temporary);
        file->temporary[0] = '\0';
    }
    close(from);
    return status;
}

/* Moves the temporary file into its place. */
static snug_status replace(snug_file *file) {
    if (snug_file_calls_used()->rename(file->temporary, file->target) != 0) {
        return errno == EBUSY ? copy_over(file) : snug_fail_file(file->path, "replace");
    }
    file->temporary[0] = '\0';
    return sync_directory(file->target) ? SNUG_OK
                                        : snug_fail_file(file->path, "sync the directory of");
}

snug_status snug_file_commit(snug_file *file) {
    snug_status status = SNUG_OK;
    if (!flush_and_sync(file) || !close_stream(file)) {
        status = snug_fail_file(file->path, "write");
    } else if (file->temporary[0] != '\0') {
        status = replace(file);
    }
    snug_file_abandon(file);
    return status;
}

void snug_file_abandon(snug_file *file) {
    if (file->stream != NULL) {
        close_stream(file);
    }
    if (file->temporary[0] != '\0') {
        (void)snug_file_calls_used()->unlink(file->temporary);
    }
    *file = (snug_file){.descriptor = -1};
}

snug_status snug_file_write(const char *path, const void *bytes, size_t size) {
    snug_file file;
    snug_status status = snug_file_create(&file, path);
    if (status != SNUG_OK) {
        return status;
    }
    /* Past the stream, whose buffer would be one copy more. */
    if (!snug_write_all(file.descriptor, bytes, size)) {
        status = snug_fail_file(path, "write");
        snug_file_abandon(&file);
        return status;
    }
    return snug_file_commit(&file);
}

/* ---- what killed processes left -------------------------------------------------------------- */

/* Whether a name is that of a temporary file of a process that has ended. */
static bool is_leftover(const char *name) {
    static const char prefix[] = ".snug-", suffix[] = ".tmp";
    if (strncmp(name, prefix, strlen(prefix)) != 0) {
        return false;
    }
    char *end;
    long process = strtol(name + strlen(prefix), &end, 10);
    if (*end != '-' || process <= 0 || process > INT_MAX) {
        return false;
    }
    end++;
    end += strspn(end, "0123456789");
    return strcmp(end, suffix) == 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

void snug_file_remove_leftovers(const char *directory) {
    DIR *entries = opendir(directory);
    if (entries == NULL) {
        return;
    }
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (is_leftover(entry->d_name) && length < (int)sizeof path) {
            (void)snug_file_calls_used()->unlink(path);
        }
    }
    closedir(entries);
}
