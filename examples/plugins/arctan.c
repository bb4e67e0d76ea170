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

/*
 * The function in operations of graphs, so that models with it are exported to ONNX and to C too.
 * Half of an angle has the tangent x / (1 + sqrt(1 + x^2)); an eighth is small enough for five
 * terms of the series t - t^3 / 3 + t^5 / 5 - ... Beyond 1e9 the angle is a right one.
 */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    snug_value t = snug_graph_clip(g, x, -1e9, 1e9);
    (void)config;
    for (int i = 0; i < 3; i++) {
        snug_value square = snug_graph_binary(g, SNUG_MULTIPLY, t, t);
        snug_value root = snug_graph_unary(g, SNUG_SQRT, snug_graph_add_number(g, square, 1));
        t = snug_graph_binary(g, SNUG_DIVIDE, t, snug_graph_add_number(g, root, 1));
    }
    snug_value square = snug_graph_binary(g, SNUG_MULTIPLY, t, t);
    snug_value series = snug_graph_multiply_number(g, square, 1.0 / 9);
    for (int k = 7; k > 0; k -= 2) {
        int sign = k % 4 == 1 ? 1 : -1;
        series = snug_graph_add_number(g, series, (double)sign / k);
        series = k > 1 ? snug_graph_binary(g, SNUG_MULTIPLY, series, square) : series;
    }
    return snug_graph_multiply_number(g, snug_graph_binary(g, SNUG_MULTIPLY, t, series), 8);
}

static const snug_activation_kind arctan = {
    .base = {.name = "arctan", .summary = "the angle whose tangent is x"},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "glorot_normal",
    .graph = graph};

/* What the tool calls. */
SNUG_API snug_status snug_plugin(void) {
    return snug_register_activation(&arctan);
}
