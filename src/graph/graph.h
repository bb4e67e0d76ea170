/*
 * A graph of operations, as exporters see it: nodes in an order in which each follows its inputs.
 * include/snug/graph.h has what each operation computes.
 */
#ifndef SNUG_GRAPH_GRAPH_H
#define SNUG_GRAPH_GRAPH_H

#include <stdbool.h>

#include <snug/graph.h> /* IWYU pragma: export */

typedef enum snug_operation {
    SNUG_OPERATION_INPUT, /* 1 x columns: the raw features; always node 0 and only there */
    SNUG_OPERATION_CONSTANT,
    SNUG_OPERATION_UNARY,      /* .function is a snug_unary */
    SNUG_OPERATION_ELU,        /* .first is alpha, .second scale */
    SNUG_OPERATION_LEAKY_RELU, /* .first is the slope */
    SNUG_OPERATION_CLIP,       /* from .first to .second */
    SNUG_OPERATION_BINARY,     /* .function is a snug_binary */
    SNUG_OPERATION_SELECT,     /* inputs: condition, a, b */
    SNUG_OPERATION_COLUMNS,
    SNUG_OPERATION_CONCATENATE,
    SNUG_OPERATION_RESHAPE,
    SNUG_OPERATION_LINEAR,
    SNUG_OPERATION_SOFTMAX,
    SNUG_OPERATION_LOG_SOFTMAX,
    SNUG_OPERATION_REDUCE_COLUMNS, /* .function is a snug_reduction */
    SNUG_OPERATION_REDUCE_ROWS,    /* .function is a snug_reduction */
    SNUG_OPERATION_LOOK_UP
} snug_operation;

/* One operation. The members that are not named for it are 0. */
typedef struct snug_graph_node {
    snug_operation operation;
    int function;
    double first, second;
    size_t rows, columns; /* of the result */
    size_t *inputs;       /* numbers of the nodes that it reads, owned */
    size_t input_count;
    size_t *numbers; /* COLUMNS: of the columns, .columns of them, owned */
    /*
     * Owned. CONSTANT: rows x columns. LINEAR: matrices x inputs x outputs, the outputs of a matrix
     * are .columns. LOOK_UP: table_rows x columns.
     */
    float *values;
    float *biases;     /* LINEAR: matrices x columns, or NULL; owned */
    size_t matrices;   /* LINEAR: 1, or as many as there are .rows */
    size_t table_rows; /* LOOK_UP */
    size_t section;    /* index of the section that it belongs to */
} snug_graph_node;

struct snug_graph {
    snug_graph_node *nodes; /* owned */
    size_t count, capacity;
    /* Names of the parts that nodes belong to: "preprocessing", "layers.0" ...; owned */
    char **sections;
    size_t section_count;
    snug_value output;  /* what prediction gives: probabilities, or values in the targets' units */
    snug_status status; /* of the first error */
    char *error;        /* its message, owned; NULL: none, or no memory */
};

/* Makes a graph whose node 0 is the input, 1 x columns. NULL without memory. */
snug_graph *snug_graph_new(size_t columns);

/* Frees a graph; ignores NULL. */
void snug_graph_free(snug_graph *graph);

/* Begins a section: nodes that follow belong to it. The name is copied. */
void snug_graph_begin_section(snug_graph *graph, const char *name);

/* Returns the input, node 0. */
snug_value snug_graph_input(const snug_graph *graph);

/* Returns the node of a value. */
const snug_graph_node *snug_graph_node_of(const snug_graph *graph, snug_value value);

/* Removes nodes that the output does not depend on; numbers of nodes change. */
void snug_graph_prune(snug_graph *graph);

/* ---- adding nodes: what the functions of <snug/graph.h> are made of -------------------------- */

/*
 * Returns whether the values, of which there are `count`, can be read by a new node. Otherwise the
 * graph has failed: before, or now, because a value is none of this graph.
 */
bool snug_graph_accepts(snug_graph *graph, size_t count, const snug_value *values);

/*
 * Appends a node that reads `count` values; the arrays of `node` are the graph's from now on, also
 * on failure, but for .inputs, which this function makes. Returns its value.
 */
snug_value snug_graph_append(snug_graph *graph, const snug_graph_node *node, size_t count,
                             const snug_value *values);

/* Makes the graph fail with a message that is printed as by printf(); keeps its first error. */
snug_value snug_graph_fail_with(snug_graph *graph, const char *format, ...) SNUG_PRINTF(2, 3);

/* Makes the graph fail with the thread's error message, of this status. */
snug_value snug_graph_fail_as(snug_graph *graph, snug_status status);

/* Puts a location and ": " in front of the graph's error message, except that of no memory. */
void snug_graph_locate(snug_graph *graph, const char *location);

/* Returns a copy of a x b x c numbers; NULL, and the graph has failed, without memory. */
float *snug_graph_copy_floats(snug_graph *graph, size_t a, size_t b, size_t c, const float *values);

#endif
