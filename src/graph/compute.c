/* Computes the nodes of a graph in order, one sample after the other, in float32. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/compute.h"

/* What a node reads and writes: matrices of the shapes of the nodes. */
typedef struct step {
    const snug_graph *graph;
    const snug_graph_node *node;
    const float *const *results; /* of each node so far */
    float *y;
} step;

static const float *input(const step *s, size_t k) {
    return s->results[s->node->inputs[k]];
}

static const snug_graph_node *input_node(const step *s, size_t k) {
    return &s->graph->nodes[s->node->inputs[k]];
}

/* Returns an entry of input k for entry (i, j) of the result: one row, or column, is repeated. */
static float entry(const step *s, size_t k, size_t i, size_t j) {
    const snug_graph_node *node = input_node(s, k);
    size_t row = node->rows == 1 ? 0 : i, column = node->columns == 1 ? 0 : j;
    return input(s, k)[row * node->columns + column];
}

/* ---- entry by entry -------------------------------------------------------------------------- */

static float sigmoid(float x) {
    return x >= 0 ? 1 / (1 + expf(-x)) : expf(x) / (1 + expf(x));
}

/* max(x, 0) + log(1 + e^-|x|); NaN remains. */
static float softplus(float x) {
    return (x < 0 ? 0.0F : x) + log1pf(expf(-fabsf(x)));
}

static float unary(snug_unary function, float x) {
    switch (function) {
    case SNUG_NEGATE:
        return -x;
    case SNUG_ABS:
        return fabsf(x);
    case SNUG_SQRT:
        return sqrtf(x);
    case SNUG_ROUND_DOWN:
        return floorf(x);
    case SNUG_EXP:
        return expf(x);
    case SNUG_LOG:
        return logf(x);
    case SNUG_SIN:
        return sinf(x);
    case SNUG_COS:
        return cosf(x);
    case SNUG_TANH:
        return tanhf(x);
    case SNUG_ERF:
        return erff(x);
    case SNUG_SIGMOID:
        return sigmoid(x);
    case SNUG_SOFTPLUS:
        return softplus(x);
    case SNUG_IS_NAN:
        return isnan(x) ? 1.0F : 0.0F;
    }
    return NAN;
}

/* Comparisons with NaN are false, so that NaN in a or b stays in the larger and the smaller. */
static float binary(snug_binary function, float a, float b) {
    switch (function) {
    case SNUG_ADD:
        return a + b;
    case SNUG_SUBTRACT:
        return a - b;
    case SNUG_MULTIPLY:
        return a * b;
    case SNUG_DIVIDE:
        return a / b;
    case SNUG_MAXIMUM:
        return a > b || isnan(a) ? a : b;
    case SNUG_MINIMUM:
        return a < b || isnan(a) ? a : b;
    case SNUG_GREATER:
        return a > b ? 1.0F : 0.0F;
    case SNUG_EQUAL:
        return a == b ? 1.0F : 0.0F;
    }
    return NAN;
}

static float leaky_relu(float x, float slope) {
    return x > 0 ? x : slope == 0 && x <= 0 ? 0.0F : slope * x;
}

static float clip(float x, double min, double max) {
    return (double)x < min ? (float)min : (double)x > max ? (float)max : x;
}

/* Computes an operation of one input whose entries are functions of the input's. */
static void compute_entries(const step *s) {
    const snug_graph_node *node = s->node;
    const float *x = input(s, 0);
    const float scale = (float)node->second, scaled_alpha = (float)(node->first * node->second);
    for (size_t i = 0; i < node->rows * node->columns; i++) {
        switch (node->operation) {
        case SNUG_OPERATION_UNARY:
            s->y[i] = unary((snug_unary)node->function, x[i]);
            break;
        case SNUG_OPERATION_ELU:
            s->y[i] = x[i] > 0 ? scale * x[i] : scaled_alpha * expm1f(x[i]);
            break;
        case SNUG_OPERATION_LEAKY_RELU:
            s->y[i] = leaky_relu(x[i], (float)node->first);
            break;
        case SNUG_OPERATION_CLIP:
            s->y[i] = clip(x[i], node->first, node->second);
            break;
        default:
            s->y[i] = x[i];
            break; /* another shape */
        }
    }
}

static void compute_pairs(const step *s) {
    for (size_t i = 0; i < s->node->rows; i++) {
        for (size_t j = 0; j < s->node->columns; j++) {
            float first = entry(s, 0, i, j), second = entry(s, 1, i, j);
            s->y[i * s->node->columns + j] =
                s->node->operation == SNUG_OPERATION_SELECT
                    ? (first != 0 ? second : entry(s, 2, i, j))
                    : binary((snug_binary)s->node->function, first, second);
        }
    }
}

/* ---- matrices -------------------------------------------------------------------------------- */

static void compute_columns(const step *s) {
    const size_t columns = s->node->columns, from = input_node(s, 0)->columns;
    for (size_t i = 0; i < s->node->rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            s->y[i * columns + j] = input(s, 0)[i * from + s->node->numbers[j]];
        }
    }
}

static void compute_concatenate(const step *s) {
    float *y = s->y;
    for (size_t i = 0; i < s->node->rows; i++) {
        for (size_t k = 0; k < s->node->input_count; k++) {
            size_t columns = input_node(s, k)->columns;
            memcpy(y, input(s, k) + i * columns, columns * sizeof *y);
            y += columns;
        }
    }
}

static void compute_linear(const step *s) {
    const snug_graph_node *node = s->node;
    const size_t inputs = input_node(s, 0)->columns, outputs = node->columns;
    for (size_t i = 0; i < node->rows; i++) {
        const float *x = input(s, 0) + (input_node(s, 0)->rows == 1 ? 0 : i * inputs);
        const size_t matrix = node->matrices == 1 ? 0 : i;
        const float *w = node->values + matrix * inputs * outputs;
        float *y = s->y + i * outputs;
        for (size_t j = 0; j < outputs; j++) {
            y[j] = node->biases != NULL ? node->biases[matrix * outputs + j] : 0;
        }
        for (size_t k = 0; k < inputs; k++) {
            for (size_t j = 0; j < outputs; j++) {
                y[j] += x[k] * w[k * outputs + j];
            }
        }
    }
}

/* Returns the largest of n numbers, `stride` apart; NaN if one is NaN. */
static float largest(size_t n, size_t stride, const float *x) {
    float max = x[0];
    for (size_t i = 1; i < n; i++) {
        max = binary(SNUG_MAXIMUM, max, x[i * stride]);
    }
    return max;
}

static void compute_softmax(const step *s) {
    const size_t columns = s->node->columns;
    for (size_t i = 0; i < s->node->rows; i++) {
        const float *x = input(s, 0) + i * columns;
        float *y = s->y + i * columns, max = largest(columns, 1, x), sum = 0;
        for (size_t j = 0; j < columns; j++) {
            sum += expf(x[j] - max);
        }
        for (size_t j = 0; j < columns; j++) {
            y[j] = s->node->operation == SNUG_OPERATION_SOFTMAX ? expf(x[j] - max) / sum
                                                                : x[j] - max - logf(sum);
        }
    }
}

/* Reduces n numbers, `stride` apart. */
static float reduce(snug_reduction how, size_t n, size_t stride, const float *x) {
    float sum = 0;
    if (how == SNUG_LARGEST) {
        return largest(n, stride, x);
    }
    for (size_t i = 0; i < n; i++) {
        sum += x[i * stride];
    }
    return how == SNUG_MEAN ? sum / (float)n : sum;
}

static void compute_reduction(const step *s) {
    const snug_graph_node *from = input_node(s, 0);
    const snug_reduction how = (snug_reduction)s->node->function;
    if (s->node->operation == SNUG_OPERATION_REDUCE_COLUMNS) {
        for (size_t i = 0; i < from->rows; i++) {
            s->y[i] = reduce(how, from->columns, 1, input(s, 0) + i * from->columns);
        }
        return;
    }
    for (size_t j = 0; j < from->columns; j++) {
        s->y[j] = reduce(how, from->rows, from->columns, input(s, 0) + j);
    }
}

static void compute_look_up(const step *s) {
    const float x = input(s, 0)[0];
    const size_t last = s->node->table_rows - 1;
    size_t row = x >= 0 && x < (float)last ? (size_t)x : last;
    memcpy(s->y, s->node->values + row * s->node->columns, s->node->columns * sizeof *s->y);
}

/* ---- samples --------------------------------------------------------------------------------- */

static void compute_node(const step *s) {
    switch (s->node->operation) {
    case SNUG_OPERATION_INPUT:
    case SNUG_OPERATION_CONSTANT:
        break;
    case SNUG_OPERATION_UNARY:
    case SNUG_OPERATION_ELU:
    case SNUG_OPERATION_LEAKY_RELU:
    case SNUG_OPERATION_CLIP:
    case SNUG_OPERATION_RESHAPE:
        compute_entries(s);
        break;
    case SNUG_OPERATION_BINARY:
    case SNUG_OPERATION_SELECT:
        compute_pairs(s);
        break;
    case SNUG_OPERATION_COLUMNS:
        compute_columns(s);
        break;
    case SNUG_OPERATION_CONCATENATE:
        compute_concatenate(s);
        break;
    case SNUG_OPERATION_LINEAR:
        compute_linear(s);
        break;
    case SNUG_OPERATION_SOFTMAX:
    case SNUG_OPERATION_LOG_SOFTMAX:
        compute_softmax(s);
        break;
    case SNUG_OPERATION_REDUCE_COLUMNS:
    case SNUG_OPERATION_REDUCE_ROWS:
        compute_reduction(s);
        break;
    case SNUG_OPERATION_LOOK_UP:
        compute_look_up(s);
        break;
    }
}

/* The results of all nodes for one sample. */
typedef struct results {
    const float **of_node;
    float *floats; /* where they are, but for the input and constants */
} results;

static void free_results(results *r) {
    snug_release((void *)r->of_node);
    snug_release(r->floats);
}

/* Returns false with an error message without memory. */
static bool make_results(const snug_graph *graph, results *r) {
    size_t floats = 0;
    for (size_t i = 0; i < graph->count; i++) {
        if (!snug_add(floats, graph->nodes[i].rows * graph->nodes[i].columns, &floats)) {
            (void)snug_fail_memory(SIZE_MAX);
            return false;
        }
    }
    r->of_node = snug_alloc(graph->count, sizeof *r->of_node);
    r->floats = snug_alloc(floats, sizeof *r->floats);
    return r->of_node != NULL && r->floats != NULL;
}

static void compute_sample(const snug_graph *graph, const float *x, results *r,
                           snug_graph_observer *observe, void *user) {
    float *y = r->floats;
    for (size_t i = 0; i < graph->count; i++) {
        const snug_graph_node *node = &graph->nodes[i];
        const step s = {graph, node, r->of_node, y};
        compute_node(&s);
        r->of_node[i] = node->operation == SNUG_OPERATION_INPUT      ? x
                        : node->operation == SNUG_OPERATION_CONSTANT ? node->values
                                                                     : y;
        if (observe != NULL) {
            observe(user, i, r->of_node[i]);
        }
        y += node->rows * node->columns;
    }
}

snug_status snug_graph_compute(const snug_graph *graph, size_t samples, const float *x,
                               float *output, snug_graph_observer *observe, void *user) {
    results r = {NULL, NULL};
    snug_status status = snug_graph_status(graph);
    if (status != SNUG_OK) {
        return status;
    }
    if (graph->output.rows == 0 || (samples > 0 && (x == NULL || output == NULL))) {
        return snug_fail_null(graph->output.rows == 0 ? "the output of the graph" : "the rows");
    }
    const size_t size = graph->output.rows * graph->output.columns;
    if (!make_results(graph, &r)) {
        free_results(&r);
        return snug_error_status();
    }
    for (size_t i = 0; i < samples; i++) {
        compute_sample(graph, x + i * graph->nodes[0].columns, &r, observe, user);
        memcpy(output + i * size, r.of_node[graph->output.node], size * sizeof *output);
    }
    free_results(&r);
    return SNUG_OK;
}
