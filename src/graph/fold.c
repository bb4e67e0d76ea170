#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/fold.h"

/* y = x * factor + term, for an entry x of one node and each entry of a constant. */
typedef struct affine {
    size_t x;                        /* the node */
    const snug_graph_node *constant; /* of one row, and of one column or those of x */
    int function;
    bool reversed; /* the constant is the first operand */
} affine;

/* Returns whether a node is such a function, of which *found is set. */
static bool find_affine(const snug_graph *graph, const snug_graph_node *node, affine *found) {
    if (node->operation != SNUG_OPERATION_BINARY || node->input_count != 2 ||
        node->function > SNUG_DIVIDE) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        const snug_graph_node *constant = &graph->nodes[node->inputs[i]];
        const snug_graph_node *x = &graph->nodes[node->inputs[1 - i]];
        bool fits = constant->operation == SNUG_OPERATION_CONSTANT && constant->rows == 1 &&
                    (constant->columns == 1 || constant->columns == x->columns) &&
                    x->operation != SNUG_OPERATION_CONSTANT && x->columns == node->columns &&
                    x->rows == node->rows;
        if (fits && !(i == 0 && node->function == SNUG_DIVIDE)) {
            *found = (affine){node->inputs[1 - i], constant, node->function, i == 0};
            return true;
        }
    }
    return false;
}

/* Sets factor and term of column j. */
static void affine_numbers(const affine *f, size_t j, float *factor, float *term) {
    float c = f->constant->values[f->constant->columns == 1 ? 0 : j];
    *factor = 1;
    *term = 0;
    switch (f->function) {
    case SNUG_ADD:
        *term = c;
        break;
    case SNUG_SUBTRACT:
        *term = f->reversed ? c : -c;
        *factor = f->reversed ? -1.0F : 1.0F;
        break;
    case SNUG_MULTIPLY:
        *factor = c;
        break;
    default:
        *factor = 1 / c;
        break;
    }
}

/* Returns whether the numbers of all columns are finite, and no term is larger than `largest`. */
static bool is_usable(const affine *f, size_t columns, double largest) {
    for (size_t j = 0; j < columns; j++) {
        float factor, term;
        affine_numbers(f, j, &factor, &term);
        if (!isfinite(factor) || !isfinite(term) || fabs((double)term) > largest) {
            return false;
        }
    }
    return true;
}

/* Gives a linear map biases of 0 where it has none. */
static snug_status need_biases(snug_graph_node *linear) {
    if (linear->biases == NULL) {
        linear->biases = snug_alloc(linear->matrices * linear->columns, sizeof *linear->biases);
    }
    return linear->biases != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static void fold_behind(snug_graph_node *linear, size_t inputs, const affine *f) {
    for (size_t m = 0; m < linear->matrices; m++) {
        for (size_t j = 0; j < linear->columns; j++) {
            float factor, term, *bias = &linear->biases[m * linear->columns + j];
            affine_numbers(f, j, &factor, &term);
            *bias = *bias * factor + term;
            for (size_t i = 0; i < inputs; i++) {
                linear->values[(m * inputs + i) * linear->columns + j] *= factor;
            }
        }
    }
}

static void fold_before(snug_graph_node *linear, size_t inputs, const affine *f) {
    for (size_t m = 0; m < linear->matrices; m++) {
        for (size_t j = 0; j < linear->columns; j++) {
            double sum = (double)linear->biases[m * linear->columns + j];
            for (size_t i = 0; i < inputs; i++) {
                float factor, term, *w = &linear->values[(m * inputs + i) * linear->columns + j];
                affine_numbers(f, i, &factor, &term);
                sum += (double)term * (double)*w;
                *w *= factor;
            }
            linear->biases[m * linear->columns + j] = (float)sum;
        }
    }
}

/* Lets everything that reads node `from` read node `to`, and `from` itself nothing. */
static void replace(snug_graph *graph, size_t from, size_t to) {
    for (size_t n = 0; n < graph->count; n++) {
        for (size_t i = 0; i < graph->nodes[n].input_count; i++) {
            size_t *input = &graph->nodes[n].inputs[i];
            *input = *input == from ? to : *input;
        }
    }
    graph->nodes[from].input_count = 0;
    graph->output.node = graph->output.node == from ? to : graph->output.node;
}

/* How many nodes read a node; *linear: whether all of them are linear maps. */
static size_t count_readers(const snug_graph *graph, size_t node, bool *linear) {
    size_t count = graph->output.node == node ? 1 : 0;
    *linear = count == 0;
    for (size_t n = 0; n < graph->count; n++) {
        for (size_t i = 0; i < graph->nodes[n].input_count; i++) {
            if (graph->nodes[n].inputs[i] == node) {
                count++;
                *linear = *linear && graph->nodes[n].operation == SNUG_OPERATION_LINEAR;
            }
        }
    }
    return count;
}

/*
 * Returns whether x comes from a linear map, by the first inputs that are no constants. What comes
 * from none is computed in float, at no loss, and must be: raw features have no common scale.
 */
static bool comes_from_linear(const snug_graph *graph, size_t x) {
    const snug_graph_node *node = &graph->nodes[x];
    while (node->operation != SNUG_OPERATION_LINEAR && node->input_count > 0) {
        size_t i = 0;
        while (i + 1 < node->input_count &&
               graph->nodes[node->inputs[i]].operation == SNUG_OPERATION_CONSTANT) {
            i++;
        }
        node = &graph->nodes[node->inputs[i]];
    }
    return node->operation == SNUG_OPERATION_LINEAR;
}

/* Takes node n into the linear maps that read it, if it can be. */
static snug_status fold_into_readers(snug_graph *graph, size_t n, const affine *f,
                                     double largest_term) {
    bool linear;
    if (count_readers(graph, n, &linear) == 0 || !linear || !comes_from_linear(graph, f->x) ||
        !is_usable(f, graph->nodes[n].columns, largest_term)) {
        return SNUG_OK;
    }
    for (size_t k = n + 1; k < graph->count; k++) {
        if (graph->nodes[k].operation == SNUG_OPERATION_LINEAR && graph->nodes[k].inputs[0] == n &&
            need_biases(&graph->nodes[k]) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    for (size_t k = n + 1; k < graph->count; k++) {
        if (graph->nodes[k].operation == SNUG_OPERATION_LINEAR && graph->nodes[k].inputs[0] == n) {
            fold_before(&graph->nodes[k], graph->nodes[n].columns, f);
        }
    }
    replace(graph, n, f->x);
    return SNUG_OK;
}

/* ---- passes over the graph ------------------------------------------------------------------- */

/* Takes constants into the maps before them. */
static snug_status fold_constants_behind(snug_graph *graph) {
    bool linear;
    for (size_t n = 0; n < graph->count; n++) {
        affine f;
        if (!find_affine(graph, &graph->nodes[n], &f)) {
            continue;
        }
        snug_graph_node *x = &graph->nodes[f.x];
        if (x->operation == SNUG_OPERATION_LINEAR && count_readers(graph, f.x, &linear) == 1 &&
            is_usable(&f, x->columns, INFINITY)) {
            if (need_biases(x) != SNUG_OK) {
                return SNUG_ERROR_MEMORY;
            }
            fold_behind(x, graph->nodes[x->inputs[0]].columns, &f);
            replace(graph, n, f.x);
        }
    }
    return SNUG_OK;
}

/* Takes constants into the maps behind them, from the last to the first: chains go whole. */
static snug_status fold_constants_before(snug_graph *graph, double largest_term) {
    for (size_t n = graph->count; n-- > 0;) {
        affine f;
        if (find_affine(graph, &graph->nodes[n], &f) &&
            fold_into_readers(graph, n, &f, largest_term) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

/* Computes a row of the first map, or its biases, times the second, plus the second's biases. */
static void multiply_row(const snug_graph_node *first, const snug_graph_node *second,
                         const float *row, const float *add, float *product) {
    for (size_t j = 0; j < second->columns; j++) {
        double sum = add != NULL ? (double)add[j] : 0;
        for (size_t k = 0; row != NULL && k < first->columns; k++) {
            sum += (double)row[k] * (double)second->values[k * second->columns + j];
        }
        product[j] = (float)sum;
    }
}

/* Makes map `second` the product of both, for x of so many columns. */
static snug_status multiply_maps(const snug_graph_node *first, snug_graph_node *second,
                                 size_t inputs) {
    const size_t outputs = second->columns;
    float *product = snug_alloc(inputs, outputs * sizeof *product);
    float *biases = snug_alloc(outputs, sizeof *biases);
    if (product == NULL || biases == NULL) {
        snug_release(product);
        snug_release(biases);
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < inputs; i++) {
        multiply_row(first, second, first->values + i * first->columns, NULL,
                     product + i * outputs);
    }
    multiply_row(first, second, first->biases, second->biases, biases);
    snug_release(second->values);
    snug_release(second->biases);
    second->values = product;
    second->biases = biases;
    second->inputs[0] = first->inputs[0];
    return SNUG_OK;
}

/* Makes one map of two, where the first has no other reader and the product no more weights. */
static snug_status fold_maps(snug_graph *graph) {
    bool linear;
    for (size_t n = 0; n < graph->count; n++) {
        snug_graph_node *second = &graph->nodes[n];
        if (second->operation != SNUG_OPERATION_LINEAR || second->matrices != 1) {
            continue;
        }
        const snug_graph_node *first = &graph->nodes[second->inputs[0]];
        if (first->operation != SNUG_OPERATION_LINEAR || first->matrices != 1 ||
            count_readers(graph, second->inputs[0], &linear) != 1) {
            continue;
        }
        const size_t inputs = graph->nodes[first->inputs[0]].columns;
        if ((double)inputs * (double)second->columns <=
                (double)(inputs + second->columns) * (double)first->columns &&
            multiply_maps(first, second, inputs) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

snug_status snug_graph_fold(snug_graph *graph, double largest_term) {
    if (fold_constants_behind(graph) != SNUG_OK ||
        fold_constants_before(graph, largest_term) != SNUG_OK || fold_maps(graph) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    snug_graph_prune(graph);
    return snug_graph_status(graph);
}
