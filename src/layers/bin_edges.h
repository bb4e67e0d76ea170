/*
 * Edges e_0 < e_1 < ... of the bins that a column of training rows is divided into, by its
 * quantiles or by the thresholds of a tree that predicts the targets by this column alone.
 *
 * Both set bins + 1 edges, from the column's minimum to its maximum. Where there are fewer
 * different ones, as in a column of few values, the last is repeated: the bins behind it are empty.
 */
#ifndef SNUG_LAYERS_BIN_EDGES_H
#define SNUG_LAYERS_BIN_EDGES_H

#include <snug/kind.h>

/* A row of a column: its value, and its number among the rows. */
typedef struct snug_ranked_value {
    float value;
    size_t row;
} snug_ranked_value;

/* Sorts by value; rows of one value by their numbers. */
void snug_sort_ranked(size_t rows, snug_ranked_value *sorted);

/*
 * Sets the edges to the quantiles k / bins of a sorted column, k = 0 ... bins, each interpolated
 * between its neighbours, as numpy.quantile() does.
 */
void snug_quantile_edges(size_t rows, const snug_ranked_value *sorted, size_t bins, float *edges);

/* How a tree grows. */
typedef struct snug_edge_tree {
    size_t bins;     /* most leaves */
    size_t min_leaf; /* least rows of a leaf */
} snug_edge_tree;

/*
 * Sets the edges to the thresholds of a tree of the sorted column: of all leaves, always the one
 * whose best split lowers the impurity of all rows the most is split, as scikit-learn's
 * DecisionTreeRegressor and DecisionTreeClassifier with max_leaf_nodes do. The impurity is the
 * variance of values, of several targets the sum, each divided by its variance over all rows; of
 * classes it is the entropy. Fails without memory.
 */
snug_status snug_tree_edges(const snug_layer_fit *fit, const snug_ranked_value *sorted,
                            const snug_edge_tree *tree, float *edges);

/*
 * Adds to a graph how far the chosen columns of x have come through each of their bins, side by
 * side, as piecewise_linear_embedding has it; edges[chosen][bins + 1].
 */
snug_value snug_bins_graph(snug_graph *graph, const snug_columns *columns, snug_value x,
                           size_t bins, const float *edges);

#endif
