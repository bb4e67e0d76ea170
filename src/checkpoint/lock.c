#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/lock.h"
#include "core/status.h"
#include "files/calls.h"
#include "files/file_write.h"
#include "files/path.h"

/* Makes a directory, and those that it is in, where they are missing; sets errno on failure. */
static bool make_path_of(char *path) {
    if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        return true;
    }
    char *slash = strrchr(path, '/');
    if (errno != ENOENT || slash == NULL || slash == path) {
        return false;
    }
    *slash = '\0';
    bool made = make_path_of(path);
    *slash = '/';
    return made && (mkdir(path, 0777) == 0 || errno == EEXIST);
}

snug_status snug_checkpoint_make_directory(const char *directory) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s", directory);
    if (length < 0 || length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return snug_fail_file(directory, "create");
    }
    return make_path_of(path) ? SNUG_OK : snug_fail_file(directory, "create");
}

/* Writes the path of the lock's file, which has to be shorter than the longest. */
static snug_status make_path(char path[PATH_MAX], const char *directory) {
    int length = snprintf(path, PATH_MAX, "%s/%s", directory, SNUG_CHECKPOINT_LOCK_NAME);
    if (length < 0 || length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return snug_fail_file(directory, "lock");
    }
    return SNUG_OK;
}

/*
 * Returns the process that has the lock, by what it wrote into the file; 0 where that is no process
 * that runs here: it has not written its id yet, or it runs on another machine.
 */
static long read_owner(int descriptor) {
    char digits[24];
    ssize_t length = pread(descriptor, digits, sizeof digits - 1, 0);
    digits[length > 0 ? length : 0] = '\0';
    long id = strtol(digits, NULL, 10);
    bool runs = id > 0 && id <= INT_MAX && (kill((pid_t)id, 0) == 0 || errno == EPERM);
    return runs ? id : 0;
}

static snug_status refuse(int descriptor, const char *directory) {
    long owner = read_owner(descriptor);
    if (owner > 0) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%s: is used by process %ld%s, which writes its checkpoints there; give "
                         "each its own directory",
                         directory, owner, owner == (long)getpid() ? ", this one" : "");
    }
    return snug_fail(SNUG_ERROR_FILE,
                     "%s: is used by another process, which writes its checkpoints there; give "
                     "each its own directory",
                     directory);
}

/* flock() locks for an open file, not for a process as fcntl(): threads exclude each other. */
static bool lock_file(int descriptor) {
    int failed;
    do {
        failed = flock(descriptor, LOCK_EX | LOCK_NB);
    } while (failed != 0 && errno == EINTR);
    return failed == 0;
}

/* Whether a file holds nothing but a number, so that no file of a user is overwritten. */
static bool is_lock(int descriptor) {
    char content[24];
    ssize_t length = pread(descriptor, content, sizeof content, 0);
    bool same = length >= 0 && length < (ssize_t)sizeof content;
    for (ssize_t i = 0; same && i < length; i++) {
        same = content[i] == '\n' || (content[i] >= '0' && content[i] <= '9');
    }
    return same;
}

static snug_status write_owner(int descriptor, const char *path) {
    char digits[24];
    if (!is_lock(descriptor)) {
        return snug_fail(SNUG_ERROR_FILE, "%s: is not the lock of a directory of checkpoints",
                         path);
    }
    int length = snprintf(digits, sizeof digits, "%ld\n", (long)getpid());
    return snug_file_calls_used()->ftruncate(descriptor, 0) == 0 &&
                   snug_write_all(descriptor, digits, (size_t)length)
               ? SNUG_OK
               : snug_fail_file(path, "write");
}

snug_status snug_checkpoint_lock_take(snug_checkpoint_lock *lock, const char *directory) {
    char path[PATH_MAX];
    *lock = (snug_checkpoint_lock){0};
    snug_status status = make_path(path, directory);
    if (status != SNUG_OK) {
        return status;
    }
    int descriptor = snug_file_calls_used()->open(
        path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0666);
    if (descriptor < 0) {
        return snug_fail_file(path, "create");
    }
    if (lock_file(descriptor)) {
        status = write_owner(descriptor, path);
    } else if (errno == EWOULDBLOCK) {
        status = refuse(descriptor, directory);
    } else {
        status = snug_fail_file(path, "lock");
    }
    if (status != SNUG_OK) {
        snug_close_quietly(descriptor);
        return status;
    }
    lock->file = descriptor + 1;
    snug_file_remove_leftovers(directory);
    return SNUG_OK;
}

void snug_checkpoint_lock_release(snug_checkpoint_lock *lock) {
    if (lock->file > 0) {
        snug_close_quietly(lock->file - 1);
    }
    *lock = (snug_checkpoint_lock){0};
}
