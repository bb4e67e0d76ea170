/*
 * Which vector instructions the CPU has, and what a CPU path is called. The command-line tool asks
 * this too; the choice between the paths is in cpu/cpu.h.
 */
#ifndef SNUG_CPU_CPU_FEATURES_H
#define SNUG_CPU_CPU_FEATURES_H

/* The CPU paths (cpu/cpu.h), from the one that any CPU runs to the one with the widest vectors. */
typedef enum snug_cpu {
    SNUG_CPU_PORTABLE,
    SNUG_CPU_AVX2,
    SNUG_CPU_AVX512,
    SNUG_CPU_COUNT
} snug_cpu;

/* Returns the widest path that this CPU and its operating system run. */
snug_cpu snug_cpu_best(void);

/* Returns "portable", "avx2" or "avx512"; "unknown" for SNUG_CPU_COUNT. */
const char *snug_cpu_name(snug_cpu path);

#endif
