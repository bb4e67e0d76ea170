#include <math.h>

#include "cpu/simd.h"
#include "math/penalty.h"

/* Both sums in one pass; the sum that a penalty does not use is multiplied by 0. */
SNUG_KERNEL(sums, (size_t n, const float *w, double *absolute, double *squares),
            (n, w, absolute, squares)) {
    double a = 0.0, s = 0.0;
#pragma omp simd reduction(+ : a, s)
    for (size_t i = 0; i < n; i++) {
        a += fabs((double)w[i]);
        s = snug_fma_double(fused, (double)w[i], (double)w[i], s);
    }
    *absolute = a;
    *squares = s;
}

/* g += l1 sign(w) + l2 w; the factors contain the scale and the 2. */
SNUG_KERNEL(add_gradient, (size_t n, float l1, float l2, const float *w, float *g),
            (n, l1, l2, w, g)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float sign = w[i] > 0.0F ? 1.0F : w[i] < 0.0F ? -1.0F : 0.0F;
        g[i] += snug_fma(fused, l2, w[i], l1 * sign);
    }
}

double snug_penalty_value(size_t n, double l1, double l2, const float *w) {
    double absolute = 0.0, squares = 0.0;
    sums(n, w, &absolute, &squares);
    return l1 * absolute + l2 * squares;
}

void snug_penalty_gradient(size_t n, double l1, double l2, double scale, const float *w, float *g) {
    add_gradient(n, (float)(scale * l1), (float)(scale * 2.0 * l2), w, g);
}

/*
 * Columns are scaled in strips: w is read row by row, as it is stored, with one sum for each column
 * of the strip on the stack.
 */
enum { STRIP = 32 };

/* Limits at most STRIP columns, whose rows are `stride` floats apart. */
static void limit_strip(size_t rows, size_t columns, size_t stride, double max, float *w) {
    double squares[STRIP] = {0.0};
    float factors[STRIP];
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            squares[j] += (double)w[i * stride + j] * (double)w[i * stride + j];
        }
    }
    for (size_t j = 0; j < columns; j++) {
        factors[j] = squares[j] > max * max ? (float)(max / sqrt(squares[j])) : 1.0F;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            w[i * stride + j] *= factors[j];
        }
    }
}

void snug_limit_columns(size_t rows, size_t columns, double max, float *w) {
    for (size_t j = 0; j < columns; j += STRIP) {
        limit_strip(rows, columns - j < STRIP ? columns - j : STRIP, columns, max, w + j);
    }
}
