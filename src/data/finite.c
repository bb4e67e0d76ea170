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

static snug_status fail_not_finite(const char *name, size_t row, size_t column, double value) {
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: row %zu, column %zu (from 0) is %g: must be a finite number", name, row,
                     column, value);
}

snug_status snug_check_finite(const char *name, size_t first, const float *x, size_t rows,
                              size_t columns) {
    if (sum_of_zeros(x, rows * columns) == 0) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < rows * columns; i++) {
        if (!isfinite(x[i])) {
            return fail_not_finite(name, first + i / columns, i % columns, (double)x[i]);
        }
    }
    return SNUG_OK;
}

snug_status snug_check_finite_f64(const char *name, size_t first, const double *x, size_t rows,
                                  size_t columns) {
    for (size_t i = 0; i < rows * columns; i++) {
        if (!isfinite((float)x[i])) {
            return fail_not_finite(name, first + i / columns, i % columns, x[i]);
        }
    }
    return SNUG_OK;
}
