#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "files/calls.h"
#include "support/faults.h"

enum { MOST_LOGGED = 40, LONGEST_NAME = 12 };

static const snug_file_calls *real; /* those of the system */
static atomic_size_t calls;
static size_t fault_at;
static int fault;
static bool skips_sync;
static int rename_reason;                                /* 0: files are renamed */
static atomic_bool full;                                 /* after FAULT_SHORT_FULL */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of the next */
static char called[MOST_LOGGED * LONGEST_NAME];
static char failed[LONGEST_NAME];

/* Counts a call; returns its fault, and sets errno where it is one. Ends the process for a kill. */
static int enter(const char *name) {
    size_t number = atomic_fetch_add(&calls, 1);
    if (number < MOST_LOGGED) {
        pthread_mutex_lock(&lock);
        size_t used = strlen(called);
        snprintf(called + used, sizeof called - used, "%s ", name);
        pthread_mutex_unlock(&lock);
    }
    if (fault == FAULT_FULL && number >= fault_at) {
        full = true;
    }
    if (number != fault_at || fault == FAULT_NONE || fault == FAULT_FULL) {
        return FAULT_NONE;
    }
    snprintf(failed, sizeof failed, "%s", name);
    if (fault == FAULT_KILL) {
        (void)raise(SIGKILL);
    }
    if (fault > 0) {
        errno = fault;
    }
    return fault;
}

static int fault_open(const char *path, int flags, mode_t mode) {
    return enter("open") > 0 ? -1 : real->open(path, flags, mode);
}

static ssize_t fault_write(int descriptor, const void *bytes, size_t size) {
    int now = enter("write");
    if (now > 0 || full) {
        errno = full ? ENOSPC : now;
        return -1;
    }
    size_t part = now != FAULT_NONE && size > 1 ? size / 2 : size;
    ssize_t written = real->write(descriptor, bytes, part);
    if (now == FAULT_KILL_HALF) {
        (void)raise(SIGKILL);
    }
    if (now == FAULT_SHORT_FULL) {
        full = true;
    }
    return written;
}

static int fault_ftruncate(int descriptor, off_t size) {
    return enter("ftruncate") > 0 ? -1 : real->ftruncate(descriptor, size);
}

static int fault_fsync(int descriptor) {
    if (enter("fsync") > 0) {
        return -1;
    }
    return skips_sync ? 0 : real->fsync(descriptor);
}

static int fault_close(int descriptor) {
    int now = enter("close");
    int result = real->close(descriptor);
    errno = now > 0 ? now : errno;
    return now > 0 ? -1 : result;
}

static int fault_rename(const char *from, const char *to) {
    if (enter("rename") > 0) {
        return -1;
    }
    errno = rename_reason;
    return rename_reason > 0 ? -1 : real->rename(from, to);
}

static int fault_unlink(const char *path) {
    return enter("unlink") > 0 ? -1 : real->unlink(path);
}

void faults_start(size_t at, int what) {
    static const snug_file_calls faulty = {.open = fault_open,
                                           .write = fault_write,
                                           .ftruncate = fault_ftruncate,
                                           .fsync = fault_fsync,
                                           .close = fault_close,
                                           .rename = fault_rename,
                                           .unlink = fault_unlink};
    snug_file_calls_set(NULL);
    real = snug_file_calls_used();
    atomic_store(&calls, 0);
    fault_at = at;
    fault = what;
    full = false;
    rename_reason = 0;
    skips_sync = false;
    called[0] = failed[0] = '\0';
    snug_file_calls_set(&faulty);
}

void faults_step(void) {
    (void)enter("step");
}

void faults_skip_sync(void) {
    skips_sync = true;
}

void faults_refuse_rename(int reason) {
    rename_reason = reason;
}

size_t faults_stop(void) {
    snug_file_calls_set(NULL);
    return atomic_load(&calls);
}

size_t faults_calls(void) {
    return atomic_load(&calls);
}

const char *faults_log(void) {
    return called;
}

const char *faults_failed(void) {
    return failed;
}
