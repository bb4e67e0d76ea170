/* The identity, for a layer or an output function that changes nothing. */
#include <string.h>

#include <snug/kind.h>

static void copy(size_t n, const float *from, float *to) {
    if (n > 0 && to != from) {
        memcpy(to, from, n * sizeof *to);
    }
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    copy(rows * columns, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    (void)y;
    copy(rows * columns, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    for (size_t i = 0; i < n; i++) {
        dydx[i] = x[i] == x[i] ? 1.0F : x[i]; /* NaN stays */
    }
}

static double exact(const void *config, double x) {
    (void)config;
    return x;
}

static double exact_derivative(const void *config, double x) {
    (void)config;
    return x == x ? 1.0 : x;
}

static void inverse(const void *config, size_t rows, size_t columns, const double *y, float *x) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        x[i] = (float)y[i];
    }
}

static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    (void)g;
    return x;
}

const snug_activation_kind snug_activation_identity_kind = {
    .base = {.name = "identity", .summary = "the identity: x"},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .inverse = inverse,
    .graph = graph};
