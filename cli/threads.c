#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "threads.h"

/* Weak: their addresses are NULL where the BLAS that is linked has no such functions. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));

static const char core_variable[] = "OPENBLAS_CORETYPE";

void cli_threads_set(size_t threads) {
    if (openblas_set_num_threads != NULL) {
        openblas_set_num_threads(threads > INT_MAX ? INT_MAX : (int)threads);
    }
}

/* The core whose kernels suit this CPU, or NULL for no advice. */
static const char *suitable_core(void) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        return "SkylakeX";
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        return "Haswell";
    }
#endif
    return NULL;
}

void cli_blas_settle(char **argv) {
    const char *core = suitable_core();
    bool fell_back =
        openblas_get_corename != NULL && strcmp(openblas_get_corename(), "Prescott") == 0;
    if (fell_back && core != NULL && getenv(core_variable) == NULL &&
        setenv(core_variable, core, 1) == 0) {
        execv("/proc/self/exe", argv); /* where that fails the program goes on, slower */
    }
}
