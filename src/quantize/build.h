/*
 * Making int8 programs of graphs: constants are folded (graph/fold.h), nodes are put into three
 * domains (partition.h), values get their scales (calibration.h), the ends become graphs of their
 * own (subgraph.h), and each node between them steps (steps.h).
 */
#ifndef SNUG_QUANTIZE_BUILD_H
#define SNUG_QUANTIZE_BUILD_H

#include "quantize/calibration.h"
#include "quantize/program.h"

/*
 * Makes a program of a graph, whose constants are folded into its linear maps; the graph computes
 * what it did before. Ranges are those of x[samples][columns of the input]. Returns NULL where the
 * graph has no integer form, which says where, where sums could be larger than an int32, where
 * weights are not finite, and without memory.
 */
snug_int8_program *snug_int8_program_new(snug_graph *graph, size_t samples, const float *x,
                                         snug_calibration_method method);

#endif
