/* Files that are written as a whole: a reader sees the old file or the new one, never a part. */
#ifndef SNUG_FILES_FILE_WRITE_H
#define SNUG_FILES_FILE_WRITE_H

#include <limits.h>
#include <stddef.h>
#include <stdio.h>

#include <snug/status.h>

/*
 * A file that is being written. The caller writes to `stream`, or flushes it and writes to
 * `descriptor` by snug_write_all(); the other members belong to the functions below. It must stay
 * where it is in memory while it is open. Paths are in buffers of the longest length that the
 * system takes, so that nothing but the stream is allocated.
 */
typedef struct snug_file {
    FILE *stream;
    int descriptor;           /* that the stream writes to */
    int reason;               /* errno of a write of the stream that failed, or 0 */
    char path[PATH_MAX];      /* as the caller gave it, for error messages */
    char target[PATH_MAX];    /* the file that `path` leads to, through its symbolic links */
    char temporary[PATH_MAX]; /* what becomes `target`, beside it; "": written where it is */
} snug_file;

/*
 * Starts to write `path`: into a temporary file beside it, which snug_file_commit() renames to it.
 * A symbolic link is kept, and the file that it leads to is replaced by one of the same mode and,
 * where the process may set them, of the same owner and group. What is no regular file (a terminal,
 * a pipe, a device) is written where it is. So is an open file of the process, as /dev/stdout or
 * /proc/self/fd/3, from its current position on.
 * Fails with SNUG_ERROR_FILE: "runs/m.csv: cannot create: No such file or directory".
 */
snug_status snug_file_create(snug_file *file, const char *path);

/* Starts to write `path` itself, emptied first, so that others see the file grow. */
snug_status snug_file_create_in_place(snug_file *file, const char *path);

/* Starts to write behind what `path` has, where others see the file grow. */
snug_status snug_file_append(snug_file *file, const char *path);

/*
 * Fails as snug_file_create() would, and changes nothing: for use before long work whose result is
 * written to `path`.
 */
snug_status snug_file_check(const char *path);

/*
 * Flushes, syncs and closes the file, renames it to `path`, and syncs the directory. On failure
 * `path` is as it was, and the temporary file is removed; where nothing but the last step fails,
 * `path` is the new file, which a power cut may undo. A mount point, over which nothing can be
 * renamed, is written over: a failure then names the temporary file, which stays.
 */
snug_status snug_file_commit(snug_file *file);

/* Closes the file and removes what was written. Does nothing after a commit. */
void snug_file_abandon(snug_file *file);

/* Creates a file of `size` bytes, writes and commits it; a signal does not interrupt it. */
snug_status snug_file_write(const char *path, const void *bytes, size_t size);

/*
 * Removes the temporary files of processes of this machine that were killed while they wrote. For a
 * directory that processes of other machines do not write to meanwhile.
 */
void snug_file_remove_leftovers(const char *directory);

#endif
