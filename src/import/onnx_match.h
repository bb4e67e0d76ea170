/*
 * Patterns of several nodes that together are one layer, as exporters write what ONNX has no
 * operator for. A pattern is an expression:
 *
 *     (Mul x (Sigmoid x))    the operator Mul of x and of what Sigmoid gives for x
 *     x                      one value, the same wherever it is in the pattern
 *     1.5                    a constant of one number, equal but for rounding
 *     $0, $1                 a constant of one number, which is noted
 *     @0, @1                 any constant, or the transpose of one, whose name is noted
 *
 * Add and Mul match in both orders. ReduceMean is that of each row, and HardSigmoid the one of
 * slope 1/6.
 */
#ifndef SNUG_IMPORT_ONNX_MATCH_H
#define SNUG_IMPORT_ONNX_MATCH_H

#include "import/onnx_graph.h"

/* What a pattern noted; names belong to the graph. */
typedef struct snug_onnx_match {
    const char *x;
    double numbers[2];
    bool noted[2]; /* which of the numbers the pattern has */
    const char *tensors[2];
} snug_onnx_match;

/* Returns whether a value is what a pattern describes; *match is valid only then. */
bool snug_onnx_matches(const snug_onnx_graph *graph, const char *pattern, const char *value,
                       snug_onnx_match *match);

/* Returns whether a node's attributes are those of the operator in a pattern. */
bool snug_onnx_is_row_mean(const Onnx__NodeProto *node);
bool snug_onnx_is_slope_sixth(const Onnx__NodeProto *node);

#endif
