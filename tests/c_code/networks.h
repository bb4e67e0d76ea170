/* Graphs of networks, of random weights, and samples for them. */
#ifndef SNUG_TESTS_C_CODE_NETWORKS_H
#define SNUG_TESTS_C_CODE_NETWORKS_H

#include "graph/graph.h"

enum { NETWORK_INPUTS = 12, NETWORK_OUTPUTS = 5 };

/* Every form that a value between two linear maps can have. */
typedef enum network {
    NETWORK_LINEAR,      /* one map */
    NETWORK_SELU,        /* two hidden layers */
    NETWORK_RELU,        /* with a normalization before and behind it */
    NETWORK_SILU,        /* x * sigmoid(x), one table */
    NETWORK_RESIDUAL,    /* x + f(x), of the input too */
    NETWORK_HIGHWAY,     /* t h + (1 - t) x */
    NETWORK_MEMBERS,     /* three rows of their own factors, and of their own maps; their mean */
    NETWORK_CONCATENATE, /* columns of two values side by side, and reshaped */
    NETWORK_PASSED,      /* the output needs the input, int8 and sums */
    NETWORK_COUNT
} network;

/* Returns the graph of a network, the same for the same seed; NULL without memory. */
snug_graph *network_try(network kind, unsigned seed);

/* Returns the graph of a network. Fails the test without memory. */
snug_graph *network_new(network kind, unsigned seed);

/* Returns samples x NETWORK_INPUTS normal numbers; snug_release() them. */
float *network_samples(size_t samples, unsigned seed);

#endif
