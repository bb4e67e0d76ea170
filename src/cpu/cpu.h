/*
 * Which vector instructions the kernels use. A CPU path is one compilation of every kernel
 * (SNUG_KERNEL in cpu/simd.h) and of the microkernels of matrix products; it is chosen once, when
 * the process first asks. Paths differ in the last bits of their results, because the portable one
 * has no fused multiply-add on x86-64 and sums are made in more or fewer parts.
 */
#ifndef SNUG_CPU_CPU_H
#define SNUG_CPU_CPU_H

#include <stdatomic.h>

#include "cpu/cpu_features.h"

/*
 * The path in use; SNUG_CPU_COUNT until it is chosen. An atomic variable without a lock, because
 * two threads that choose at the same time choose the same path.
 */
extern atomic_int snug_cpu_chosen;

/* Chooses the path that snug_cpu_path() returns from then on. */
snug_cpu snug_cpu_choose(void);

/*
 * Returns the path in use: the one that the environment variable SNUG_CPU names (portable, avx2,
 * avx512), but none that this CPU does not run; without SNUG_CPU, or with an unknown name, the
 * best.
 */
static inline snug_cpu snug_cpu_path(void) {
    int path = atomic_load_explicit(&snug_cpu_chosen, memory_order_relaxed);
    return path != SNUG_CPU_COUNT ? (snug_cpu)path : snug_cpu_choose();
}

/* Returns the path for the value `name` of SNUG_CPU; NULL means that it is not set. */
snug_cpu snug_cpu_wanted(const char *name);

/*
 * Uses `path` from now on, or the best if this CPU does not run `path`. For tests and benchmarks.
 */
void snug_cpu_force(snug_cpu path);

/*
 * Makes the calling thread treat denormal numbers as 0; otherwise each costs the CPU a hundred
 * cycles or so. Returns the state before, for snug_cpu_restore(). Does nothing on a CPU that has no
 * such mode.
 */
unsigned snug_cpu_flush_denormals(void);

/* Restores the mode that snug_cpu_flush_denormals() returned, for the calling thread. */
void snug_cpu_restore(unsigned state);

#endif
