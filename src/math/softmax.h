/*
 * What the softmax function, its logarithm and its cross entropy share.
 *
 * A sum of exponentials never overflows here: the largest x of the row, m, is subtracted from each
 * x first. All terms e^(x - m) are then at most 1 and one of them is exactly 1, so that the sum S
 * of a row of n columns is between 1 and n, and
 *
 *     softmax(x)_j = e^(x_j - m) / S        log(sum of e^x) = m + log(S)
 */
#ifndef SNUG_MATH_SOFTMAX_H
#define SNUG_MATH_SOFTMAX_H

#include <math.h>

#include "math/elementary.h"

/*
 * Subtracts from each row of x, rows x columns, its largest number: y = x - m; y may be x. A row
 * that holds NaN or infinity holds NaN afterwards.
 */
void snug_softmax_shift(size_t rows, size_t columns, const float *x, float *y);

/*
 * y = factor softmax(x) for each row of x, rows x columns; y may be x. Returns the sum over the
 * rows of log(sum of e^x). A row that holds NaN or infinity holds NaN afterwards.
 */
double snug_softmax_rows(size_t rows, size_t columns, float factor, const float *x, float *y);

/*
 * Maps floats to integers in the same order: NaN comes beyond the infinity of its sign. Compilers
 * vectorize the maximum of integers, but not that of floats, where they would have to keep the
 * rules for NaN. Negative floats have the sign bit set and their magnitude in the other bits, so
 * that inverting those gives the order of two's complement.
 */
SNUG_INLINE int32_t snug_order_of_float(float x) {
    int32_t bits = (int32_t)snug_bits_of_float(x);
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

/* The inverse of snug_order_of_float(). */
SNUG_INLINE float snug_float_of_order(int32_t order) {
    return snug_float_of_bits((uint32_t)(order < 0 ? order ^ INT32_MAX : order));
}

/* Returns the largest of n > 0 numbers; a positive NaN counts as larger than infinity. */
SNUG_INLINE float snug_largest(size_t n, const float *x) {
    int32_t largest = INT32_MIN;
#pragma omp simd reduction(max : largest)
    for (size_t i = 0; i < n; i++) {
        int32_t key = snug_order_of_float(x[i]);
        largest = key > largest ? key : largest;
    }
    return snug_float_of_order(largest);
}

/* Returns the sum of e^(x[j] - largest) in double, where no x[j] is above `largest`. */
SNUG_INLINE double snug_sum_exponentials(const bool fused, size_t n, const float *x,
                                         float largest) {
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t j = 0; j < n; j++) {
        sum += (double)snug_exp_negative(fused, x[j] - largest);
    }
    return sum;
}

/*
 * Sums the logarithms of many numbers between 1 and 2^64 with few calls of log(): it multiplies the
 * numbers and takes the logarithm of the product only when that goes beyond 2^900. The next factor
 * is at most 2^64, so that the product stays below 2^964 and cannot overflow (a double reaches
 * 2^1024). Starts as {.product = 1.0}; snug_log_product_total() returns the sum.
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
