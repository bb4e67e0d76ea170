/* The file that a path leads to: one to be replaced, made, or written where it is. */
#ifndef SNUG_FILES_FILE_TARGET_H
#define SNUG_FILES_FILE_TARGET_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include <snug/status.h>

typedef struct snug_file_target {
    char path[PATH_MAX]; /* through symbolic links, so that it is none itself */
    int descriptor;      /* an open file of this process that it names, or -1 */
    bool in_place;       /* it is no regular file of a directory, and must not be replaced by one */
    bool exists;
    struct stat st; /* where it exists */
} snug_file_target;

/*
 * Follows `path` through its symbolic links. Fails with SNUG_ERROR_FILE where no file of that name
 * can be written, as for a directory or a name that is too long.
 */
snug_status snug_file_target_find(snug_file_target *target, const char *path);

#endif
