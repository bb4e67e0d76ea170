#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/graph.h"
#include "layers/bin_edges.h"
#include "layers/columns.h"

/* ---- order ----------------------------------------------------------------------------------- */

static int compare_ranked(const void *a, const void *b) {
    const snug_ranked_value *x = a, *y = b;
    if (x->value != y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row;
}

void snug_sort_ranked(size_t rows, snug_ranked_value *sorted) {
    qsort(sorted, rows, sizeof *sorted, compare_ranked);
}

static int compare_floats(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Leaves each edge once, in ascending order, and repeats the last up to bins + 1 edges. */
static void complete_edges(size_t count, size_t bins, float *edges) {
    size_t different = 1;
    qsort(edges, count, sizeof *edges, compare_floats);
    for (size_t i = 1; i < count; i++) {
        if (edges[i] > edges[different - 1]) {
            edges[different++] = edges[i];
        }
    }
    for (size_t i = different; i <= bins; i++) {
        edges[i] = edges[different - 1];
    }
}

/* ---- quantiles ------------------------------------------------------------------------------- */

void snug_quantile_edges(size_t rows, const snug_ranked_value *sorted, size_t bins, float *edges) {
    for (size_t k = 0; k <= bins; k++) {
        double at = (double)k * (double)(rows - 1) / (double)bins;
        size_t below = (size_t)at, above = below + 1 < rows ? below + 1 : below;
        double low = (double)sorted[below].value, high = (double)sorted[above].value;
        edges[k] = (float)(low + (at - (double)below) * (high - low));
    }
    complete_edges(bins + 1, bins, edges);
}

/* ---- trees ----------------------------------------------------------------------------------- */

/*
 * What the impurity of a set of rows is made of. `totals` holds for each class the weight of its
 * rows, or for each target the weighted sum of its values.
 */
typedef struct row_set {
    double weight;
    double *totals;
    double sum; /* of classes: of t log t */
} row_set;

/* A leaf, rows first .. first + count - 1 of the sorted column, and its best split. */
typedef struct leaf {
    size_t first, count;
    size_t split; /* rows on the left side; 0: the leaf has no split */
    double gain;  /* by how much the split lowers the impurity, times the weight of the rows */
} leaf;

typedef struct grower {
    const snug_layer_fit *fit;
    const snug_ranked_value *sorted;
    const snug_edge_tree *tree;
    size_t width;   /* numbers in row_set.totals */
    double *scales; /* of values: 1 / variance of each target over all rows */
    double *means;  /* of values: they are subtracted, so that sums of squares keep their digits */
    row_set left, right;
    leaf *leaves;
    size_t leaf_count;
} grower;

static double weight_of(const grower *g, size_t row) {
    return g->fit->targets->weights != NULL ? (double)g->fit->targets->weights[row] : 1.0;
}

/* Returns t log t, which is 0 for 0. Rounding may have made a total negative. */
static double times_log(double t) {
    return t > 0.0 ? t * log(t) : 0.0;
}

/* Adds a row to a set, or with a sign of -1 takes it away. */
static void add_row(const grower *g, row_set *set, size_t row, double sign) {
    double weight = sign * weight_of(g, row);
    set->weight += weight;
    if (g->fit->class_count > 0) {
        double *total = &set->totals[g->fit->targets->classes[row]];
        set->sum -= times_log(*total);
        *total += weight;
        set->sum += times_log(*total);
        return;
    }
    for (size_t j = 0; j < g->width; j++) {
        double value = (double)g->fit->targets->values[row * g->width + j] - g->means[j];
        set->totals[j] += weight * value;
    }
}

static void clear_set(const grower *g, row_set *set) {
    memset(set->totals, 0, g->width * sizeof *set->totals);
    set->weight = set->sum = 0.0;
}

/*
 * Returns the purity of a set: minus its weight times its impurity, but for what both sides of
 * every split have in common. Of classes it is sum t log t - w log w, of values the sum of
 * (sum of values)^2 / w.
 */
static double purity(const grower *g, const row_set *set) {
    if (g->fit->class_count > 0) {
        return set->sum - times_log(set->weight);
    }
    double sum = 0.0;
    for (size_t j = 0; j < g->width && set->weight > 0.0; j++) {
        sum += g->scales[j] * set->totals[j] * set->totals[j] / set->weight;
    }
    return sum;
}

/*
 * Finds the best split of a leaf: its rows move from the right set to the left one, one after the
 * other. Where two splits are equally good the first is taken. A gain that the rounding of the sums
 * explains is none.
 */
static void find_split(grower *g, leaf *l) {
    clear_set(g, &g->left);
    clear_set(g, &g->right);
    for (size_t i = 0; i < l->count; i++) {
        add_row(g, &g->right, g->sorted[l->first + i].row, 1.0);
    }
    double whole = purity(g, &g->right), least = 1e-9 * (fabs(whole) + g->right.weight);
    l->split = 0;
    l->gain = least;
    for (size_t i = 1; i < l->count; i++) {
        const snug_ranked_value *next = &g->sorted[l->first + i];
        add_row(g, &g->left, next[-1].row, 1.0);
        add_row(g, &g->right, next[-1].row, -1.0);
        if (!(next->value > next[-1].value) || i < g->tree->min_leaf ||
            l->count - i < g->tree->min_leaf) {
            continue;
        }
        double gain = purity(g, &g->left) + purity(g, &g->right) - whole;
        if (gain > l->gain) {
            l->gain = gain;
            l->split = i;
        }
    }
}

/* Returns the leaf whose split gains the most, or NULL where none has a split. */
static leaf *best_leaf(const grower *g) {
    leaf *best = NULL;
    for (size_t i = 0; i < g->leaf_count; i++) {
        if (g->leaves[i].split > 0 && (best == NULL || g->leaves[i].gain > best->gain)) {
            best = &g->leaves[i];
        }
    }
    return best;
}

/* Returns the threshold between two neighbours: halfway, or where that is the upper, the lower. */
static float threshold_between(float low, float high) {
    float middle = (float)(0.5 * (double)low + 0.5 * (double)high);
    return middle < high ? middle : low;
}

/* Grows the tree from all rows, and sets the edges. */
static void grow(grower *g, float *edges) {
    size_t rows = g->fit->rows, count = 0;
    edges[count++] = g->sorted[0].value;
    g->leaves[0] = (leaf){.count = rows};
    g->leaf_count = 1;
    find_split(g, &g->leaves[0]);
    for (leaf *l; g->leaf_count < g->tree->bins && (l = best_leaf(g)) != NULL;) {
        const snug_ranked_value *right = &g->sorted[l->first + l->split];
        leaf *other = &g->leaves[g->leaf_count++];
        edges[count++] = threshold_between(right[-1].value, right->value);
        *other = (leaf){.first = l->first + l->split, .count = l->count - l->split};
        l->count = l->split;
        find_split(g, l);
        find_split(g, other);
    }
    edges[count++] = g->sorted[rows - 1].value;
    complete_edges(count, g->tree->bins, edges);
}

/* Sets the mean of each target and 1 / its variance; 0 where it is constant. */
static void scale_targets(grower *g) {
    for (size_t j = 0; j < g->width; j++) {
        double weight = 0.0, sum = 0.0, square = 0.0;
        for (size_t i = 0; i < g->fit->rows; i++) {
            weight += weight_of(g, i);
            sum += weight_of(g, i) * (double)g->fit->targets->values[i * g->width + j];
        }
        g->means[j] = weight > 0.0 ? sum / weight : 0.0;
        for (size_t i = 0; i < g->fit->rows; i++) {
            double apart = (double)g->fit->targets->values[i * g->width + j] - g->means[j];
            square += weight_of(g, i) * apart * apart;
        }
        g->scales[j] = square > 0.0 ? weight / square : 0.0;
    }
}

snug_status snug_tree_edges(const snug_layer_fit *fit, const snug_ranked_value *sorted,
                            const snug_edge_tree *tree, float *edges) {
    grower g = {.fit = fit, .sorted = sorted, .tree = tree};
    g.width = fit->class_count > 0 ? fit->class_count : fit->target_count;
    double *numbers = snug_alloc(g.width, 4 * sizeof *numbers);
    g.leaves = snug_alloc(tree->bins, sizeof *g.leaves);
    if (numbers != NULL && g.leaves != NULL) {
        g.scales = numbers;
        g.means = numbers + g.width;
        g.left.totals = numbers + 2 * g.width;
        g.right.totals = numbers + 3 * g.width;
        if (fit->class_count == 0) {
            scale_targets(&g);
        }
        grow(&g, edges);
    }
    snug_status status = numbers != NULL && g.leaves != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    snug_release(numbers);
    snug_release(g.leaves);
    return status;
}

/* ---- graphs ---------------------------------------------------------------------------------- */

/* Numbers of the bins of all chosen columns, one row each. */
typedef struct bin_numbers {
    float *low, *width, *least, *most;
    size_t *columns; /* of x */
} bin_numbers;

/* Sets the numbers of one column's bins, so that a share is a few operations without choices. */
static void set_bins(size_t bins, const float *edges, size_t column, size_t first,
                     const bin_numbers *b) {
    for (size_t t = 0; t < bins; t++) {
        const float width = edges[t + 1] - edges[t];
        const bool empty = !(width > 0), last = !(edges[t + 1] < edges[bins]);
        b->columns[first + t] = column;
        b->low[first + t] = edges[t];
        b->width[first + t] = empty ? 1 : width;
        b->least[first + t] = t > 0 || empty ? 0 : -FLT_MAX;
        b->most[first + t] = empty ? 0 : last ? FLT_MAX : 1;
    }
}

/* Adds the shares of n bins. */
static snug_value share_graph(snug_graph *graph, snug_value x, size_t n, const bin_numbers *b) {
    snug_value v = snug_graph_columns(graph, x, n, b->columns);
    v = snug_graph_binary(graph, SNUG_SUBTRACT, v, snug_graph_constant(graph, 1, n, b->low));
    v = snug_graph_binary(graph, SNUG_DIVIDE, v, snug_graph_constant(graph, 1, n, b->width));
    v = snug_graph_binary(graph, SNUG_MAXIMUM, v, snug_graph_constant(graph, 1, n, b->least));
    return snug_graph_binary(graph, SNUG_MINIMUM, v, snug_graph_constant(graph, 1, n, b->most));
}

/* There are more edges than bins, so that products of their numbers do not overflow. */
snug_value snug_bins_graph(snug_graph *graph, const snug_columns *columns, snug_value x,
                           size_t bins, const float *edges) {
    const size_t chosen = snug_columns_count(columns, x.columns), n = chosen * bins;
    float *floats = snug_alloc(n, 4 * sizeof *floats);
    size_t *numbers = snug_alloc(n, sizeof *numbers);
    snug_value v = {0};
    if (floats != NULL && numbers != NULL) {
        const bin_numbers b = {floats, floats + n, floats + 2 * n, floats + 3 * n, numbers};
        for (size_t j = 0; j < chosen; j++) {
            set_bins(bins, edges + j * (bins + 1), snug_columns_number(columns, j), j * bins, &b);
        }
        v = share_graph(graph, x, n, &b);
    } else {
        snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    snug_release(floats);
    snug_release(numbers);
    return v;
}
