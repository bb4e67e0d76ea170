#include <limits.h>
#include <string.h>

#include <cblas.h>

#include "math/openblas.h"

/* The kernels of the portable path use no newer instructions than Prescott's. */
bool snug_openblas_knows_cpu(snug_cpu path) {
    return path == SNUG_CPU_PORTABLE || strcmp(openblas_get_corename(), "Prescott") != 0;
}

const char *snug_openblas_core_for(snug_cpu path) {
    static const char *const cores[SNUG_CPU_COUNT] = {
        [SNUG_CPU_AVX2] = "Haswell", [SNUG_CPU_AVX512] = "SkylakeX"};
    return path < SNUG_CPU_COUNT ? cores[path] : NULL;
}

const char *snug_openblas_core(void) {
    return openblas_get_corename();
}

void snug_openblas_set_threads(size_t threads) {
    openblas_set_num_threads(threads > INT_MAX ? INT_MAX : (int)threads);
}
