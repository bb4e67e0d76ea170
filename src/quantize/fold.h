/*
 * Constants beside linear maps become part of their weights: a normalization by fixed statistics
 * costs nothing then, and loses nothing to rounding.
 *
 *     (x W + b) * s + t  =  x (W s) + (b s + t)        s, t: a number for each output
 *     (x * s + t) W + b  =  x (s W) + (t W + b)        s, t: a number for each input
 */
#ifndef SNUG_QUANTIZE_FOLD_H
#define SNUG_QUANTIZE_FOLD_H

#include "graph/graph.h"

/*
 * Takes additions, subtractions, multiplications and divisions by constants into the linear maps
 * before them and behind them, and removes them from the graph. Only maps of one matrix are
 * changed. Fails without memory; the graph then computes what it did before.
 */
snug_status snug_fold_constants(snug_graph *graph);

#endif
