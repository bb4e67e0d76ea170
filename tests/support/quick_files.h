/* Files that are not synced to the disk, for tests that write hundreds of them. */
#ifndef SNUG_TESTS_SUPPORT_QUICK_FILES_H
#define SNUG_TESTS_SUPPORT_QUICK_FILES_H

#include "files/calls.h"

static inline int sync_nothing(int descriptor) {
    (void)descriptor;
    return 0;
}

/* Writes without fsync() from now on, until other calls are set. */
static inline void skip_fsync(void) {
    static snug_file_calls quick;
    snug_file_calls_set(NULL);
    quick = *snug_file_calls_used();
    quick.fsync = sync_nothing;
    snug_file_calls_set(&quick);
}

#endif
