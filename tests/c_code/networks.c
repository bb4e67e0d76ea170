#include <math.h>

#include <check.h>

#include "core/memory.h"
#include "networks.h"

enum { MOST = 4096 };

/* A network in the making. */
typedef struct maker {
    snug_graph *graph;
    unsigned seed, layers;
} maker;

/* About a normal number: the sum of twelve uniform ones, less 6. */
static float normal(unsigned *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        *state = *state * 1664525U + 1013904223U;
        sum += (*state >> 8) / 16777216.0;
    }
    return (float)sum;
}

static void fill(maker *m, size_t count, float *values, double deviation) {
    unsigned state = m->seed * 7919U + m->layers++ * 104729U + 1;
    for (size_t i = 0; i < count; i++) {
        values[i] = (float)deviation * normal(&state);
    }
}

/* x W + b with weights that keep the variance. */
static snug_value dense(maker *m, snug_value x, size_t matrices, size_t outputs) {
    static float weights[MOST], biases[MOST];
    fill(m, matrices * x.columns * outputs, weights, 1 / sqrt((double)x.columns + 1));
    fill(m, matrices * outputs, biases, 0.1);
    snug_linear_weights linear = {matrices, x.columns, outputs, weights, biases};
    return snug_graph_linear(m->graph, x, &linear);
}

static snug_value constant(maker *m, size_t rows, size_t columns, double mean, double deviation) {
    static float values[MOST];
    fill(m, rows * columns, values, deviation);
    for (size_t i = 0; i < rows * columns; i++) {
        values[i] += (float)mean;
    }
    return snug_graph_constant(m->graph, rows, columns, values);
}

static snug_value selu(maker *m, snug_value x) {
    return snug_graph_elu(m->graph, x, 1.6732632423543772, 1.0507009873554805);
}

static snug_value normalize(maker *m, snug_value x) {
    snug_value y =
        snug_graph_binary(m->graph, SNUG_SUBTRACT, x, constant(m, 1, x.columns, 0.1, 0.5));
    y = snug_graph_binary(m->graph, SNUG_DIVIDE, y, constant(m, 1, x.columns, 2, 0.3));
    return snug_graph_add_number(m->graph, y, 0.25);
}

static snug_value highway(maker *m, snug_value x) {
    snug_graph *g = m->graph;
    snug_value t = snug_graph_unary(g, SNUG_SIGMOID, dense(m, x, 1, x.columns));
    snug_value h = selu(m, dense(m, x, 1, x.columns));
    snug_value one = snug_graph_constant(g, 1, 1, (float[]){1});
    snug_value carry = snug_graph_binary(g, SNUG_SUBTRACT, one, t);
    return snug_graph_binary(g, SNUG_ADD, snug_graph_binary(g, SNUG_MULTIPLY, t, h),
                             snug_graph_binary(g, SNUG_MULTIPLY, carry, x));
}

static snug_value members(maker *m, snug_value x) {
    snug_graph *g = m->graph;
    snug_value h = dense(m, x, 1, 16);
    h = selu(m, snug_graph_binary(g, SNUG_MULTIPLY, h, constant(m, 3, 16, 1, 0.3)));
    h = snug_graph_binary(g, SNUG_ADD, constant(m, 3, 16, 0, 0.3), h);
    h = selu(m, dense(m, h, 3, 16));
    h = dense(m, h, 1, NETWORK_OUTPUTS);
    return snug_graph_reduce_rows(g, SNUG_MEAN, snug_graph_softmax(g, h));
}

static snug_value concatenate(maker *m, snug_value x) {
    static const size_t some[] = {0, 3, 3, 5, 11};
    snug_graph *g = m->graph;
    snug_value a = selu(m, dense(m, x, 1, 16));
    snug_value b = snug_graph_unary(g, SNUG_TANH, dense(m, x, 1, 7));
    snug_value both[] = {snug_graph_columns(g, a, 5, some), b};
    snug_value joined = snug_graph_concatenate(g, 2, both); /* 12 columns */
    joined = snug_graph_binary(g, SNUG_SUBTRACT, joined, x);
    return dense(m, snug_graph_reshape(g, snug_graph_reshape(g, joined, 3, 4), 1, 12), 1,
                 NETWORK_OUTPUTS);
}

static snug_value passed(maker *m, snug_value x) {
    static const size_t first[] = {0, 1, 2, 3, 4};
    snug_graph *g = m->graph;
    snug_value h = selu(m, dense(m, x, 1, 16));
    snug_value sums = dense(m, h, 1, NETWORK_OUTPUTS);
    snug_value more = snug_graph_binary(g, SNUG_ADD, sums, snug_graph_columns(g, h, 5, first));
    return snug_graph_binary(g, SNUG_ADD, more, snug_graph_columns(g, x, 5, first));
}

/* The hidden layers of a network whose output is one more map. */
static snug_value hidden(maker *m, network kind, snug_value x) {
    snug_graph *g = m->graph;
    snug_value h = dense(m, x, 1, 24);
    switch (kind) {
    case NETWORK_SELU:
        return selu(m, dense(m, selu(m, h), 1, 24));
    case NETWORK_RELU:
        return normalize(m, snug_graph_leaky_relu(g, normalize(m, h), 0));
    case NETWORK_SILU:
        return snug_graph_binary(g, SNUG_MULTIPLY, h, snug_graph_unary(g, SNUG_SIGMOID, h));
    case NETWORK_RESIDUAL:
        h = snug_graph_binary(g, SNUG_ADD, h, selu(m, dense(m, h, 1, 24)));
        return snug_graph_binary(g, SNUG_ADD, dense(m, selu(m, h), 1, NETWORK_INPUTS), x);
    case NETWORK_HIGHWAY:
        return highway(m, highway(m, h));
    default:
        return x;
    }
}

static snug_value network_output(maker *m, network kind, snug_value x) {
    switch (kind) {
    case NETWORK_MEMBERS:
        return members(m, x);
    case NETWORK_CONCATENATE:
        return concatenate(m, x);
    case NETWORK_PASSED:
        return passed(m, x);
    default:
        return dense(m, hidden(m, kind, x), 1, NETWORK_OUTPUTS);
    }
}

snug_graph *network_try(network kind, unsigned seed) {
    maker m = {.graph = snug_graph_new(NETWORK_INPUTS), .seed = seed};
    if (m.graph == NULL) {
        return NULL;
    }
    snug_graph_begin_section(m.graph, "layers.0");
    m.graph->output = network_output(&m, kind, snug_graph_input(m.graph));
    snug_graph_prune(m.graph);
    if (snug_graph_status(m.graph) != SNUG_OK) {
        snug_graph_free(m.graph);
        return NULL;
    }
    return m.graph;
}

snug_graph *network_new(network kind, unsigned seed) {
    snug_graph *graph = network_try(kind, seed);
    ck_assert_msg(graph != NULL, "%s", snug_error());
    return graph;
}

float *network_samples(size_t samples, unsigned seed) {
    float *x = snug_alloc(samples * NETWORK_INPUTS, sizeof *x);
    ck_assert_ptr_nonnull(x);
    unsigned state = seed + 12345;
    for (size_t i = 0; i < samples * NETWORK_INPUTS; i++) {
        x[i] = normal(&state);
    }
    return x;
}
