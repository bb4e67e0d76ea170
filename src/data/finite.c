#include <math.h>

#include "core/status.h"
#include "data/finite.h"

/* NaN where one is not finite, else 0: a sum that runs at the speed of memory. */
static float sum_of_zeros(const float *x, size_t n) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum += x[i] * 0;
    }
    return sum;
}

snug_status snug_check_finite(const char *name, size_t first, const float *x, size_t rows,
                              size_t columns) {
    if (sum_of_zeros(x, rows * columns) == 0) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < rows * columns; i++) {
        if (!isfinite(x[i])) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: row %zu, column %zu (from 0) is %g: must be a finite number",
                             name, first + i / columns, i % columns, (double)x[i]);
        }
    }
    return SNUG_OK;
}
