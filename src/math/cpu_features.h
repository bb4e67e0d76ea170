/* Which vector instructions the CPU has. */
#ifndef SNUG_MATH_CPU_FEATURES_H
#define SNUG_MATH_CPU_FEATURES_H

/* The paths of every kernel, from the one that any CPU runs to the widest. */
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
