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
 * through a pointer.
 *
 * An element's bits must not depend on whether it is computed in the vector body of a loop, in its
 * remainder, or in a call of its own. Compilers that may contract a * b + c to a fused multiply-add
 * choose anew in each of these. The files of kernels are therefore compiled without contraction,
 * and fuse by hand: a body has the parameter `fused` besides its own, known when compiled, which it
 * passes to snug_fma() and whatever calls that. Paths differ in their last bits by it.
 */
#ifndef SNUG_CPU_SIMD_H
#define SNUG_CPU_SIMD_H

#include <stdbool.h>
#include <stddef.h>

#include "cpu/cpu.h" /* IWYU pragma: export */

#define SNUG_INLINE static inline __attribute__((always_inline))

/*
 * a b + c, rounded once where `fused`: where that is an instruction, not a function of the C
 * library. Of clang the pragma asks the same, and it vectorizes sums of no other form.
 */
#if defined(__clang__)
#define SNUG_FMA(fma, a, b, c)                                                                     \
    _Pragma("clang fp contract(on)")(void) fused;                                                  \
    return (a) * (b) + (c)
#else
#define SNUG_FMA(fma, a, b, c) return fused ? fma(a, b, c) : (a) * (b) + (c)
#endif

SNUG_INLINE float snug_fma(const bool fused, float a, float b, float c) {
    SNUG_FMA(__builtin_fmaf, a, b, c);
}

SNUG_INLINE double snug_fma_double(const bool fused, double a, double b, double c) {
    SNUG_FMA(__builtin_fma, a, b, c);
}

/* Whether the path that needs no more than the compiler's own target fuses. */
#if defined(__aarch64__) || (defined(__FP_FAST_FMAF) && defined(__FP_FAST_FMA))
#define SNUG_PORTABLE_FUSES true
#else
#define SNUG_PORTABLE_FUSES false
#endif

/* A body's parameters, and the arguments of a call of it; each follows the macro in parentheses. */
#define SNUG_BODY_PARAMETERS(...) (__attribute__((unused)) bool fused, __VA_ARGS__)
#define SNUG_FUSED(...) (true, __VA_ARGS__)
#define SNUG_PORTABLE(...) (SNUG_PORTABLE_FUSES, __VA_ARGS__)

#if defined(__x86_64__)

#define SNUG_TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define SNUG_TARGET_AVX2 __attribute__((target("avx2,fma")))

#define SNUG_KERNEL(name, parameters, arguments)                                                   \
    SNUG_INLINE void name##_body SNUG_BODY_PARAMETERS parameters;                                  \
    SNUG_TARGET_AVX512 static void name##_avx512 parameters {                                      \
        name##_body SNUG_FUSED arguments;                                                          \
    }                                                                                              \
    SNUG_TARGET_AVX2 static void name##_avx2 parameters {                                          \
        name##_body SNUG_FUSED arguments;                                                          \
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
            name##_body SNUG_PORTABLE arguments;                                                   \
        }                                                                                          \
    }                                                                                              \
    SNUG_INLINE void name##_body SNUG_BODY_PARAMETERS parameters

#else

#define SNUG_KERNEL(name, parameters, arguments)                                                   \
    SNUG_INLINE void name##_body SNUG_BODY_PARAMETERS parameters;                                  \
    static void name parameters {                                                                  \
        name##_body SNUG_PORTABLE arguments;                                                       \
    }                                                                                              \
    SNUG_INLINE void name##_body SNUG_BODY_PARAMETERS parameters

#endif
#endif
