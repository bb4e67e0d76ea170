/* Which vector instructions the kernels use; chosen once, when the process first asks. */
#ifndef SNUG_MATH_CPU_H
#define SNUG_MATH_CPU_H

#include <stdatomic.h>

#include "math/cpu_features.h"

/*
 * The path in use, once it is chosen; two threads that choose at once choose the same.
 * SNUG_CPU_COUNT before.
 */
extern atomic_int snug_cpu_chosen;

/* Chooses: see snug_cpu_path(). */
snug_cpu snug_cpu_choose(void);

/*
 * The path in use: what the environment variable SNUG_CPU names (portable, avx2, avx512), but
 * never more than the best; the best where it is not set or names nothing known.
 */
static inline snug_cpu snug_cpu_path(void) {
    int path = atomic_load_explicit(&snug_cpu_chosen, memory_order_relaxed);
    return path != SNUG_CPU_COUNT ? (snug_cpu)path : snug_cpu_choose();
}

/* The path that the value `name` of SNUG_CPU asks for; NULL: it is not set. */
snug_cpu snug_cpu_wanted(const char *name);

/* Uses `path` from now on, or the best where that is less: how the tests reach every path. */
void snug_cpu_force(snug_cpu path);

/*
 * Lets the calling thread take denormal numbers as 0, which else cost a hundred cycles each;
 * answers what snug_cpu_restore() takes to undo it. Nothing where the CPU has no such switch.
 */
unsigned snug_cpu_flush_denormals(void);
void snug_cpu_restore(unsigned state);

#endif
