/*
 * A plug-in: the activation atan(x), for the tool.
 *
 *     cc -shared -fPIC arctan.c -o arctan.so $(pkg-config --cflags --libs snug) -lm
 *     snug --plugin ./arctan.so train experiment.json
 */
#include <math.h>

#include <snug/kind.h>

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = atanf(x[i]);
    }
}

static float slope(float x) {
    return 1.0F / (1.0F + x * x);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config;
    (void)y;
    for (size_t i = 0; i < rows * columns; i++) {
        dx[i] = dy[i] * slope(x[i]);
    }
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    for (size_t i = 0; i < n; i++) {
        dydx[i] = slope(x[i]);
    }
}

static const snug_activation_kind arctan = {
    .base = {.name = "arctan", .summary = "the angle whose tangent is x"},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "glorot_normal"};

/* What the tool calls. */
SNUG_API snug_status snug_plugin(void) {
    return snug_register_activation(&arctan);
}
