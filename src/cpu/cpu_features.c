#include "cpu/cpu_features.h"

/* The sets of instructions are those of SNUG_TARGET_AVX2 and SNUG_TARGET_AVX512 in cpu/simd.h. */
snug_cpu snug_cpu_best(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
        return SNUG_CPU_PORTABLE;
    }
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
               ? SNUG_CPU_AVX512
               : SNUG_CPU_AVX2;
#else
    return SNUG_CPU_PORTABLE;
#endif
}

const char *snug_cpu_name(snug_cpu path) {
    static const char *const names[SNUG_CPU_COUNT] = {
        [SNUG_CPU_PORTABLE] = "portable", [SNUG_CPU_AVX2] = "avx2", [SNUG_CPU_AVX512] = "avx512"};
    return path < SNUG_CPU_COUNT ? names[path] : "unknown";
}
