#include "threads.h"

#include <limits.h>

/* Weak: its address is NULL where the BLAS that is linked has no such function. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));

void cli_threads_set(size_t threads) {
    if (openblas_set_num_threads != NULL) {
        openblas_set_num_threads(threads > INT_MAX ? INT_MAX : (int)threads);
    }
}
