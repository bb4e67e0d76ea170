/* The lock of a directory of checkpoints: one process, or one run of it, has it at a time. */
#ifndef SNUG_CHECKPOINT_LOCK_H
#define SNUG_CHECKPOINT_LOCK_H

#include <snug/status.h>

/* The name of the lock's file in the directory. */
#define SNUG_CHECKPOINT_LOCK_NAME "lock"

/* A lock. All zero: none was taken, and releasing it does nothing. */
typedef struct snug_checkpoint_lock {
    int file; /* the descriptor of the lock's file, plus 1 */
} snug_checkpoint_lock;

/* Makes a directory of checkpoints, unless it is there. Fails with SNUG_ERROR_FILE. */
snug_status snug_checkpoint_make_directory(const char *directory);

/*
 * Takes the lock of `directory`, which must exist, and writes the process's id into its file.
 * Removes temporary files that killed processes left in the directory.
 * Returns SNUG_ERROR_FILE where another has it: "runs/a: is used by process 4711, ...". The system
 * takes the lock away from a process that ends, however it does; so an old file blocks nobody. Two
 * threads of one process exclude each other, too.
 */
snug_status snug_checkpoint_lock_take(snug_checkpoint_lock *lock, const char *directory);

/* Releases the lock. Its file stays: a process about to lock it would lock a removed one. */
void snug_checkpoint_lock_release(snug_checkpoint_lock *lock);

#endif
