/*
 * Graphs of operations: what prediction computes, for exporters. A kind adds its operations to a
 * graph (.graph of its descriptor, see <snug/kind.h>); exporters turn the graph into ONNX, C or
 * arithmetic of whole numbers. A kind of your own needs this header alone to go wherever the
 * built-in kinds go. The activation y = x / (1 + |x|):
 *
 *     static snug_value graph(const void *config, snug_graph *g, snug_value x) {
 *         snug_value size = snug_graph_unary(g, SNUG_ABS, x);
 *         return snug_graph_binary(g, SNUG_DIVIDE, x, snug_graph_add_number(g, size, 1));
 *     }
 *
 * A value is what one sample has at one point of the network: a float32 matrix of rows x columns,
 * almost always of one row. An ensemble in one model (batch_ensemble) has a row for each member;
 * maps of their own for each column (periodic_embedding) have a row for each column.
 *
 * A graph keeps its first error: functions that get a value of a failed call return a value without
 * rows and do nothing. So a chain of calls needs no checks; snug_graph_status() says how it went.
 * Functions fail where shapes do not fit, and without memory. Constants are copied.
 */
#ifndef SNUG_GRAPH_H
#define SNUG_GRAPH_H

#include <stddef.h>

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A graph in the making; exporters make and free it. */
typedef struct snug_graph snug_graph;

/* A value in a graph, with its shape; without rows after an error. */
typedef struct snug_value {
    size_t node; /* the operation that computes it, from 0 */
    size_t rows, columns;
} snug_value;

/* Functions of one number, applied to each entry. NaN gives NaN, but for SNUG_IS_NAN. */
typedef enum snug_unary {
    SNUG_NEGATE,
    SNUG_ABS,
    SNUG_SQRT,
    SNUG_ROUND_DOWN, /* the largest whole number that is not above x */
    SNUG_EXP,
    SNUG_LOG,
    SNUG_SIN,
    SNUG_COS,
    SNUG_TANH,
    SNUG_ERF,
    SNUG_SIGMOID,  /* 1 / (1 + e^-x) */
    SNUG_SOFTPLUS, /* log(1 + e^x), finite for every finite x */
    SNUG_IS_NAN    /* 1 where x is NaN, otherwise 0 */
} snug_unary;

/* Functions of two numbers. The comparisons give 1 where they hold, otherwise 0; NaN: 0. */
typedef enum snug_binary {
    SNUG_ADD,
    SNUG_SUBTRACT,
    SNUG_MULTIPLY,
    SNUG_DIVIDE,
    SNUG_MAXIMUM,
    SNUG_MINIMUM,
    SNUG_GREATER, /* a > b */
    SNUG_EQUAL    /* a == b */
} snug_binary;

/* How a row, or a column, becomes one number. */
typedef enum snug_reduction { SNUG_SUM, SNUG_MEAN, SNUG_LARGEST } snug_reduction;

/* ---- entry by entry -------------------------------------------------------------------------- */

/* Returns f(x), entry by entry. */
SNUG_API snug_value snug_graph_unary(snug_graph *graph, snug_unary function, snug_value x);

/* Returns scale x where x > 0, otherwise scale alpha (e^x - 1): ELU and SELU. */
SNUG_API snug_value snug_graph_elu(snug_graph *graph, snug_value x, double alpha, double scale);

/* Returns x where x > 0, otherwise slope x: ReLU with the slope 0. */
SNUG_API snug_value snug_graph_leaky_relu(snug_graph *graph, snug_value x, double slope);

/* Returns x, at least min and at most max; an infinite bound is none. NaN stays. */
SNUG_API snug_value snug_graph_clip(snug_graph *graph, snug_value x, double min, double max);

/*
 * Returns f(a, b), entry by entry. Rows and columns are equal, or 1 in a or b, which is then
 * repeated: a 1 x 4 matrix is added to each row of a 3 x 4 matrix.
 */
SNUG_API snug_value snug_graph_binary(snug_graph *graph, snug_binary function, snug_value a,
                                      snug_value b);

/* Return x + number and x * number. */
SNUG_API snug_value snug_graph_add_number(snug_graph *graph, snug_value x, double number);
SNUG_API snug_value snug_graph_multiply_number(snug_graph *graph, snug_value x, double number);

/* Returns a where the condition is not 0, otherwise b; repeats rows and columns as above. */
SNUG_API snug_value snug_graph_select(snug_graph *graph, snug_value condition, snug_value a,
                                      snug_value b);

/* ---- constants and shapes -------------------------------------------------------------------- */

/* Returns a constant of values[rows][columns]. */
SNUG_API snug_value snug_graph_constant(snug_graph *graph, size_t rows, size_t columns,
                                        const float *values);

/* Returns columns numbers[0 .. count - 1] of x, in this order; a column may be there repeatedly. */
SNUG_API snug_value snug_graph_columns(snug_graph *graph, snug_value x, size_t count,
                                       const size_t *numbers);

/* Returns the columns of `count` values of as many rows each, side by side. */
SNUG_API snug_value snug_graph_concatenate(snug_graph *graph, size_t count,
                                           const snug_value *values);

/* Returns the entries of x, row by row, as another matrix of as many entries. */
SNUG_API snug_value snug_graph_reshape(snug_graph *graph, snug_value x, size_t rows,
                                       size_t columns);

/* ---- over rows and columns ------------------------------------------------------------------- */

/*
 * Weights of a linear map: of one matrix, or of one for each row of the value that it is applied
 * to. A value of one row is then the input of each matrix.
 */
typedef struct snug_linear_weights {
    size_t matrices;      /* 1, or the rows of the result */
    size_t inputs;        /* columns of x */
    size_t outputs;       /* columns of the result */
    const float *weights; /* matrices x inputs x outputs */
    const float *biases;  /* matrices x outputs, or NULL: 0 */
} snug_linear_weights;

/* Returns x W + b, with W and b of the row where there are several. */
SNUG_API snug_value snug_graph_linear(snug_graph *graph, snug_value x,
                                      const snug_linear_weights *weights);

/* Returns e^x / (sum of e^x over the columns of the row), or its logarithm. */
SNUG_API snug_value snug_graph_softmax(snug_graph *graph, snug_value x);
SNUG_API snug_value snug_graph_log_softmax(snug_graph *graph, snug_value x);

/* Returns rows x 1: the sum, mean or largest of each row. */
SNUG_API snug_value snug_graph_reduce_columns(snug_graph *graph, snug_reduction how, snug_value x);

/* Returns 1 x columns: the sum, mean or largest of each column. */
SNUG_API snug_value snug_graph_reduce_rows(snug_graph *graph, snug_reduction how, snug_value x);

/*
 * Returns row x, rounded down, of table[count][columns] for a value x of one entry, such as the
 * number of a category from 0; the last row for NaN and where x is below 0 or not below `count`.
 */
SNUG_API snug_value snug_graph_look_up(snug_graph *graph, snug_value x, size_t count,
                                       size_t columns, const float *table);

/* ---- errors ---------------------------------------------------------------------------------- */

/*
 * Makes the graph fail with the message of a format, as a kind does for a configuration that it
 * cannot export. Returns a value without rows.
 */
SNUG_API snug_value snug_graph_fail(snug_graph *graph, const char *message);

/* Returns SNUG_OK, or the status of the first error, whose message is then snug_error(). */
SNUG_API snug_status snug_graph_status(const snug_graph *graph);

#ifdef __cplusplus
}
#endif
#endif
