/*
 * The calls of the system by which files are changed. Everything that the library writes goes
 * through them, so that a test can let any one of them fail, or kill the process there, and look at
 * what is left. Reading goes past them: it loses nothing.
 */
#ifndef SNUG_FILES_CALLS_H
#define SNUG_FILES_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Each is called as the function of POSIX of its name, and fails as that does, with errno. */
typedef struct snug_file_calls {
    int (*open)(const char *path, int flags, mode_t mode);
    ssize_t (*write)(int descriptor, const void *bytes, size_t size);
    int (*ftruncate)(int descriptor, off_t size);
    int (*fsync)(int descriptor);
    int (*close)(int descriptor);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
} snug_file_calls;

/* Returns the calls that are used now. */
const snug_file_calls *snug_file_calls_used(void);

/*
 * Uses other calls, which are borrowed, in all threads; NULL: those of the system again. For tests:
 * nothing may be written meanwhile.
 */
void snug_file_calls_set(const snug_file_calls *calls);

/* Writes all bytes, also where a signal interrupts it. Returns false with the reason in errno. */
bool snug_write_all(int descriptor, const void *bytes, size_t size);

/* Writes what the system holds of a file to its disk. Returns false with the reason in errno. */
bool snug_sync(int descriptor);

/* Closes a descriptor of which nothing depends on success, and leaves errno as it was. */
void snug_close_quietly(int descriptor);

#endif
