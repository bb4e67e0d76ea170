/* The logarithm of softmax over the columns of each row. */
#include <math.h>

#include <snug/kind.h>

#include "math/softmax.h"

/* y = x - largest - log(sum of e^(x - largest)) */
SNUG_KERNEL(log_softmax_forward, (size_t rows, size_t columns, float *y), (rows, columns, y)) {
    for (size_t r = 0; r < rows; r++) {
        float *row = y + r * columns;
        double sum = snug_sum_exponentials(fused, columns, row, 0.0F);
        /* cppcheck-suppress invalidFunctionArg ; one of the terms is e^0 */
        float shift = (float)log(sum);
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            row[j] -= shift;
        }
    }
}

/* dx_j = dy_j - e^(y_j) (sum over k of dy_k) */
SNUG_KERNEL(log_softmax_backward,
            (size_t rows, size_t columns, const float *y, const float *dy, float *dx),
            (rows, columns, y, dy, dx)) {
    for (size_t r = 0; r < rows; r++) {
        const float *out = y + r * columns, *gradient = dy + r * columns;
        float *to = dx + r * columns;
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (size_t j = 0; j < columns; j++) {
            sum += (double)gradient[j];
        }
        float total = (float)sum;
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            to[j] = snug_fma(fused, -snug_exp_negative(fused, out[j]), total, gradient[j]);
        }
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    snug_softmax_shift(rows, columns, x, y);
    log_softmax_forward(rows, columns, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    log_softmax_backward(rows, columns, y, dy, dx);
}

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_log_softmax(g, x);
}

const snug_activation_kind snug_activation_log_softmax_kind = {
    .base = {.name = "log_softmax",
             .summary = "log of softmax: x - log(the sum of e^x over the columns)"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .graph = graph};
