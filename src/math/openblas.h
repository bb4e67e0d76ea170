/* OpenBLAS's own settings: the kernels that it has chosen, and its threads. */
#ifndef SNUG_MATH_OPENBLAS_H
#define SNUG_MATH_OPENBLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "cpu/cpu_features.h"

/*
 * Returns whether OpenBLAS runs kernels made for this CPU, or for one like it, where our kernels
 * run `path`. An OpenBLAS that is older than the CPU falls back to its oldest x86 kernels
 * ("Prescott", of 2004), which are many times slower than vector instructions allow.
 */
bool snug_openblas_knows_cpu(snug_cpu path);

/*
 * Returns the value of the environment variable OPENBLAS_CORETYPE that chooses OpenBLAS's kernels
 * for a CPU that runs `path`, "SkylakeX" or "Haswell"; NULL for SNUG_CPU_PORTABLE. OpenBLAS reads
 * the variable before main() begins.
 */
const char *snug_openblas_core_for(snug_cpu path);

/* Returns the name of the CPU whose kernels OpenBLAS has chosen, as "Haswell". */
const char *snug_openblas_core(void);

/* Sets the number of OpenBLAS's threads, for the whole process: a program's choice, not ours. */
void snug_openblas_set_threads(size_t threads);

#endif
