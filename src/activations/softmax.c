/* Softmax over the columns of each row. */
#include <float.h>
#include <math.h>

#include <snug/kind.h>

#include "math/softmax.h"
#include "math/vector.h"

/* dx_j = y_j (dy_j - sum over k of dy_k y_k) */
SNUG_KERNEL(softmax_backward,
            (size_t rows, size_t columns, const float *y, const float *dy, float *dx),
            (rows, columns, y, dy, dx)) {
    for (size_t r = 0; r < rows; r++) {
        const float *out = y + r * columns;
        const float *gradient = dy + r * columns;
        float *to = dx + r * columns;
        float mean = (float)snug_dot_body(fused, columns, gradient, out);
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            to[j] = out[j] * (gradient[j] - mean);
        }
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    (void)snug_softmax_rows(rows, columns, 1.0F, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    softmax_backward(rows, columns, y, dy, dx);
}

/*
 * The logarithm of each probability, whose softmax it is as they add up to 1. A probability that is
 * rounded to 0 counts as the smallest normal float.
 */
static void inverse(const void *config, size_t rows, size_t columns, const double *y, float *x) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        x[i] = (float)log(y[i] < (double)FLT_MIN ? (double)FLT_MIN : y[i]);
    }
}

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_softmax(g, x);
}

const snug_activation_kind snug_activation_softmax_kind = {
    .base = {.name = "softmax",
             .summary = "probabilities of a row: e^x / the sum of e^x over its columns"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .inverse = inverse,
    .graph = graph};
