/*
 * Constants beside linear maps become part of their weights: a normalization by fixed statistics
 * costs nothing then.
 *
 *     (x W + b) * s + t  =  x (W s) + (b s + t)        s, t: a number for each output
 *     (x * s + t) W + b  =  x (s W) + (t W + b)        s, t: a number for each input
 *     (x V + c) W + b    =  x (V W) + (c W + b)
 */
#ifndef SNUG_GRAPH_FOLD_H
#define SNUG_GRAPH_FOLD_H

#include "graph/graph.h"

/*
 * Takes additions, subtractions, multiplications and divisions by constants into the linear maps
 * before them and behind them, makes one map of two where that has no more weights, and removes
 * what is not needed any more from the graph.
 *
 * A t before a map that is larger in size than `largest_term` remains, and its s too: x * s + t of
 * a small number would become a difference of two large ones, and lose digits. Infinity takes all.
 *
 * Fails without memory; the graph then computes what it did before.
 */
snug_status snug_graph_fold(snug_graph *graph, double largest_term);

#endif
