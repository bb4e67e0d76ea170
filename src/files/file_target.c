#define _XOPEN_SOURCE 700 /* for realpath(), S_ISVTX. NOLINT(bugprone-reserved-identifier) */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files/file_target.h"
#include "files/path.h"

enum { MOST_LINKS = 40 };

static const char *last_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The directory of `path` without any link, or false. */
static bool find_directory(const char *path, char directory[PATH_MAX]) {
    char given[PATH_MAX];
    int length = snprintf(given, sizeof given, "%.*s.", (int)snug_directory_length(path), path);
    return length < (int)sizeof given && realpath(given, directory) != NULL;
}

/*
 * "/dev/stdout" and "/dev/fd/1" lead to "/proc/self/fd/1", which looks like a link to whatever the
 * shell opened. Replacing that file would write past the process's own descriptor, its position and
 * its permissions, so the descriptor itself is used. -1: the path names none.
 */
static int descriptor_of(const char *directory, const char *name) {
    char own[32];
    size_t length = (size_t)snprintf(own, sizeof own, "/proc/%ld/", (long)getpid());
    const char *end = strrchr(directory, '/');
    bool process = strncmp(directory, own, length) == 0 && strcmp(end, "/fd") == 0;
    if (!process && strcmp(directory, "/dev/fd") != 0) {
        return -1;
    }
    char *after;
    long number = strtol(name, &after, 10);
    bool is_number = *name >= '0' && *name <= '9' && *after == '\0' && number <= INT_MAX;
    return is_number ? (int)number : -1;
}

/*
 * In a directory that everybody may write to, as /tmp, another user's link may lead anywhere. Linux
 * refuses to follow it (fs.protected_symlinks), and so does this.
 */
static bool is_trap(const char *directory, const struct stat *link) {
    struct stat st;
    mode_t shared = S_ISVTX | S_IWOTH;
    return link->st_uid != geteuid() && stat(directory, &st) == 0 &&
           (st.st_mode & shared) == shared && st.st_uid != link->st_uid;
}

/*
 * Writes the path that a symbolic link holds, as seen from here. Returns false with the reason in
 * errno.
 */
static bool read_link(const char *link, char next[PATH_MAX]) {
    char held[PATH_MAX];
    ssize_t length = readlink(link, held, sizeof held);
    if (length == (ssize_t)sizeof held) {
        errno = ENAMETOOLONG;
    }
    if (length < 0 || length == (ssize_t)sizeof held) {
        return false;
    }
    held[length] = '\0';
    return snug_path_join(next, link, held);
}

/* Replaces target->path, a symbolic link, by the path that it holds. */
static snug_status follow_link(snug_file_target *target, const char *directory, const char *path) {
    char next[PATH_MAX];
    if (is_trap(directory, &target->st)) {
        errno = EACCES;
        return snug_fail_file(path, "create");
    }
    if (!read_link(target->path, next)) {
        return snug_fail_file(path, "create");
    }
    memcpy(target->path, next, strlen(next) + 1);
    return SNUG_OK;
}

/* One step: *done is set where target->path is no link. */
static snug_status step(snug_file_target *target, const char *path, bool *done) {
    char directory[PATH_MAX];
    bool found = find_directory(target->path, directory);
    *done = true;
    target->descriptor = found ? descriptor_of(directory, last_name(target->path)) : -1;
    target->in_place = target->descriptor >= 0 || (found && strncmp(directory, "/proc/", 6) == 0);
    if (target->in_place) {
        return SNUG_OK;
    }
    target->exists = lstat(target->path, &target->st) == 0;
    if (!target->exists && (errno != ENOENT || *last_name(target->path) == '\0')) {
        return snug_fail_file(path, "create");
    }
    if (!target->exists) {
        return SNUG_OK;
    }
    *done = !S_ISLNK(target->st.st_mode);
    return *done ? SNUG_OK : follow_link(target, directory, path);
}

snug_status snug_file_target_find(snug_file_target *target, const char *path) {
    *target = (snug_file_target){.descriptor = -1};
    if (!snug_path_join(target->path, NULL, path)) {
        return snug_fail_file(path, "create");
    }
    bool done = false;
    for (int links = 0; !done; links++) {
        if (links > MOST_LINKS) {
            errno = ELOOP;
            return snug_fail_file(path, "create");
        }
        snug_status status = step(target, path, &done);
        if (status != SNUG_OK) {
            return status;
        }
    }
    if (target->exists && S_ISDIR(target->st.st_mode)) {
        errno = EISDIR;
        return snug_fail_file(path, "create");
    }
    target->in_place |= target->exists && !S_ISREG(target->st.st_mode);
    return SNUG_OK;
}
