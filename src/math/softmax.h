/* What the softmax function, its logarithm and its cross entropy share. */
#ifndef SNUG_MATH_SOFTMAX_H
#define SNUG_MATH_SOFTMAX_H

#include <math.h>

#include "math/elementary.h"

/*
 * y = x - the largest x of its row, rows x columns; y may be x. No exponential of y overflows, and
 * at least one of a row is 1. A row that holds NaN, or infinity, holds NaN afterwards.
 */
void snug_softmax_shift(size_t rows, size_t columns, const float *x, float *y);

/*
 * y = factor softmax(x) = factor e^x / the sum of e^x over its row; y may be x. Answers the sum of
 * all rows' log(the sum of e^x). A row that holds NaN, or infinity, holds NaN afterwards.
 */
double snug_softmax_rows(size_t rows, size_t columns, float factor, const float *x, float *y);

/*
 * Floats as whole numbers in the same order, NaN beyond infinity on the side of its sign, and back.
 * Their maximum is what compilers vectorize: no rule for NaN stands against it.
 */
SNUG_INLINE int32_t snug_order_of_float(float x) {
    int32_t bits = (int32_t)snug_bits_of_float(x);
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

SNUG_INLINE float snug_float_of_order(int32_t order) {
    return snug_float_of_bits((uint32_t)(order < 0 ? order ^ INT32_MAX : order));
}

/* The largest of n > 0 numbers in that order. */
SNUG_INLINE float snug_largest(size_t n, const float *x) {
    int32_t largest = INT32_MIN;
#pragma omp simd reduction(max : largest)
    for (size_t i = 0; i < n; i++) {
        int32_t key = snug_order_of_float(x[i]);
        largest = key > largest ? key : largest;
    }
    return snug_float_of_order(largest);
}

/*
 * The sum of the logarithms of many numbers from 1 to 2^64, by few logarithms: of their product,
 * taken before it overflows. Starts at {1, 0}; snug_log_product_total() answers the sum.
 */
typedef struct snug_log_product {
    double product, sum;
} snug_log_product;

SNUG_INLINE void snug_log_product_add(snug_log_product *logs, double number) {
    logs->product *= number;
    if (logs->product > 0x1p900) {
        logs->sum += log(logs->product);
        logs->product = 1.0;
    }
}

SNUG_INLINE double snug_log_product_total(const snug_log_product *logs) {
    return logs->sum + log(logs->product);
}

#endif
