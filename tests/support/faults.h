/* Calls of files/calls.h that fail, write a part only, or end the process, at a chosen call. */
#ifndef SNUG_TESTS_SUPPORT_FAULTS_H
#define SNUG_TESTS_SUPPORT_FAULTS_H

#include <stddef.h>

/* What happens at the chosen call, beside an errno, which is above 0. */
enum {
    FAULT_NONE = 0,
    FAULT_SHORT = -1,      /* a write stores half of its bytes and returns how many */
    FAULT_SHORT_FULL = -2, /* as FAULT_SHORT, but all writes after it fail with ENOSPC */
    FAULT_KILL = -3,       /* the process ends by SIGKILL, before the call */
    FAULT_FULL = -5,       /* all writes from the call on fail with ENOSPC */
    FAULT_KILL_HALF = -4   /* as FAULT_KILL, but after half of the bytes of a write */
};

/*
 * Counts calls from now on; the one of number `at`, from 0, has the fault. A close() that fails
 * closes all the same, as that of Linux does.
 */
void faults_start(size_t at, int what);

/* Lets every rename fail, as over a mount point (EBUSY), beside the fault that was started. */
void faults_refuse_rename(int reason);

/* Lets fsync() do nothing where it does not fail: a process that is killed loses nothing by it. */
void faults_skip_sync(void);

/* Counts a step of training as a call, so that a process can be killed between two calls. */
void faults_step(void);

/* Goes back to the calls of the system; returns how many calls there were. */
size_t faults_stop(void);

/* Returns how many calls there were since the start. */
size_t faults_calls(void);

/* Returns what was called since the start, as "open write fsync close ", of up to 40 calls. */
const char *faults_log(void);

/* Returns what the call that had the fault is, as "write"; "" where there was none. */
const char *faults_failed(void);

#endif
