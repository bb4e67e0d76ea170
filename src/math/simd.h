/*
 * Vector kernels from one source.
 *
 *     SNUG_KERNEL(axpy, (size_t n, float a, const float *x, float *y), (n, a, x, y)) {
 *     #pragma omp simd
 *         for (size_t i = 0; i < n; i++) {
 *             y[i] += a * x[i];
 *         }
 *     }
 *
 * defines `static void axpy(size_t n, ...)`, which runs the body compiled for the path that
 * snug_cpu_path() names. The body must be plain branch-free loops, and what it calls SNUG_INLINE,
 * so that everything takes the instruction set of the wrapper it is inlined into. A result leaves
 * through a pointer. The files of kernels are compiled with contraction to fused multiply-adds
 * allowed: results differ between paths in their last bits.
 */
#ifndef SNUG_MATH_SIMD_H
#define SNUG_MATH_SIMD_H

#include <stddef.h>

#include "math/cpu.h"

#define SNUG_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)

#define SNUG_TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define SNUG_TARGET_AVX2 __attribute__((target("avx2,fma")))

#define SNUG_KERNEL(name, parameters, arguments)                                                   \
    SNUG_INLINE void name##_body parameters;                                                       \
    SNUG_TARGET_AVX512 static void name##_avx512 parameters {                                      \
        name##_body arguments;                                                                     \
    }                                                                                              \
    SNUG_TARGET_AVX2 static void name##_avx2 parameters {                                          \
        name##_body arguments;                                                                     \
    }                                                                                              \
    static void name parameters {                                                                  \
        switch (snug_cpu_path()) {                                                                 \
        case SNUG_CPU_AVX512:                                                                      \
            name##_avx512 arguments;                                                               \
            break;                                                                                 \
        case SNUG_CPU_AVX2:                                                                        \
            name##_avx2 arguments;                                                                 \
            break;                                                                                 \
        default:                                                                                   \
            name##_body arguments;                                                                 \
        }                                                                                          \
    }                                                                                              \
    SNUG_INLINE void name##_body parameters

#else

#define SNUG_KERNEL(name, parameters, arguments)                                                   \
    SNUG_INLINE void name##_body parameters;                                                       \
    static void name parameters {                                                                  \
        name##_body arguments;                                                                     \
    }                                                                                              \
    SNUG_INLINE void name##_body parameters

#endif
#endif
