/* How many processors the process may use. */
#ifndef SNUG_CORE_PROCESSORS_H
#define SNUG_CORE_PROCESSORS_H

#include <stddef.h>

/*
 * At least 1: those of the calling thread's affinity mask, and no more than the CPU quota of its
 * control groups pays for. Threads that wait by spinning, as the pool's do, would spend the quota
 * on waiting.
 */
size_t snug_processors(void);

/*
 * The whole processors of the smallest CPU quota, of control groups of version 1 or 2, that files
 * below `root` give ("" for the system's: /proc/self/cgroup and /sys/fs/cgroup); at least 1.
 * SIZE_MAX: there is no quota.
 */
size_t snug_processor_quota(const char *root);

#endif
