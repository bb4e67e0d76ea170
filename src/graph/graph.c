/* The storage of a graph: its nodes, sections and first error. */
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/graph.h"

/* ---- making and freeing ---------------------------------------------------------------------- */

static void free_node(snug_graph_node *node) {
    snug_release(node->inputs);
    snug_release(node->numbers);
    snug_release(node->values);
    snug_release(node->biases);
}

snug_graph *snug_graph_new(size_t columns) {
    snug_graph *graph = snug_alloc(1, sizeof *graph);
    if (graph == NULL) {
        return NULL;
    }
    snug_graph_begin_section(graph, "input");
    const snug_graph_node input = {
        .operation = SNUG_OPERATION_INPUT, .rows = 1, .columns = columns};
    snug_graph_append(graph, &input, 0, NULL);
    if (graph->status == SNUG_OK) {
        return graph;
    }
    snug_graph_free(graph);
    return NULL;
}

void snug_graph_free(snug_graph *graph) {
    if (graph == NULL) {
        return;
    }
    for (size_t i = 0; i < graph->count; i++) {
        free_node(&graph->nodes[i]);
    }
    for (size_t i = 0; i < graph->section_count; i++) {
        snug_release(graph->sections[i]);
    }
    snug_release(graph->nodes);
    snug_release(graph->sections);
    snug_release(graph->error);
    snug_release(graph);
}

void snug_graph_begin_section(snug_graph *graph, const char *name) {
    if (graph->status != SNUG_OK) {
        return;
    }
    char *copy = snug_copy_string(name);
    char **sections = snug_resize(graph->sections, graph->section_count + 1, sizeof *sections);
    graph->sections = sections != NULL ? sections : graph->sections;
    if (copy != NULL && sections != NULL) {
        sections[graph->section_count++] = copy;
        return;
    }
    snug_release(copy);
    snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
}

snug_value snug_graph_input(const snug_graph *graph) {
    return (snug_value){.node = 0, .rows = 1, .columns = graph->nodes[0].columns};
}

const snug_graph_node *snug_graph_node_of(const snug_graph *graph, snug_value value) {
    return &graph->nodes[value.node];
}

/* ---- errors ---------------------------------------------------------------------------------- */

static const snug_value no_value = {0, 0, 0};

snug_value snug_graph_fail_as(snug_graph *graph, snug_status status) {
    if (graph->status == SNUG_OK) {
        graph->status = status;
        graph->error = status != SNUG_ERROR_MEMORY ? snug_copy_string(snug_error()) : NULL;
    }
    return no_value;
}

snug_value snug_graph_fail_with(snug_graph *graph, const char *format, ...) {
    if (graph->status == SNUG_OK) {
        va_list values;
        va_start(values, format);
        snug_graph_fail_as(graph, snug_fail_list(SNUG_ERROR_ARGUMENT, format, values));
        va_end(values);
    }
    return no_value;
}

void snug_graph_locate(snug_graph *graph, const char *location) {
    char *located = graph->error != NULL ? snug_format("%s: %s", location, graph->error) : NULL;
    if (located != NULL) {
        snug_release(graph->error);
        graph->error = located;
    }
}

snug_value snug_graph_fail(snug_graph *graph, const char *message) {
    if (graph == NULL) {
        snug_fail_null("the graph");
        return no_value;
    }
    return snug_graph_fail_with(graph, "%s", message != NULL ? message : "it cannot be exported");
}

snug_status snug_graph_status(const snug_graph *graph) {
    if (graph == NULL) {
        return snug_fail_null("the graph");
    }
    if (graph->status == SNUG_OK) {
        return SNUG_OK;
    }
    if (graph->error == NULL) {
        return snug_fail(SNUG_ERROR_MEMORY, "out of memory: the graph of a model is too large");
    }
    return snug_fail(graph->status, "%s", graph->error);
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* Returns whether a value is what a node of the graph computes. */
static bool is_of(const snug_graph *graph, snug_value value) {
    return value.node < graph->count && value.rows == graph->nodes[value.node].rows &&
           value.columns == graph->nodes[value.node].columns;
}

bool snug_graph_accepts(snug_graph *graph, size_t count, const snug_value *values) {
    if (graph == NULL) {
        snug_fail_null("the graph");
        return false;
    }
    if (graph->status != SNUG_OK) {
        return false;
    }
    if (values == NULL && count > 0) {
        snug_graph_fail_with(graph, "the values of a graph: NULL was given");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_of(graph, values[i])) {
            snug_graph_fail_with(graph,
                                 "a value of a graph: no operation of the graph computes it");
            return false;
        }
    }
    return true;
}

/* Makes the capacity for one more node. */
static bool grow(snug_graph *graph) {
    if (graph->count < graph->capacity) {
        return true;
    }
    size_t capacity = 2 * graph->capacity + 16;
    snug_graph_node *nodes = snug_resize(graph->nodes, capacity, sizeof *nodes);
    if (nodes == NULL) {
        return false;
    }
    graph->nodes = nodes;
    graph->capacity = capacity;
    return true;
}

/* Gives a node the numbers of the values that it reads. */
static bool connect(snug_graph_node *node, size_t count, const snug_value *values) {
    if (count == 0) {
        return true;
    }
    node->inputs = snug_alloc(count, sizeof *node->inputs);
    if (node->inputs == NULL) {
        return false;
    }
    node->input_count = count;
    for (size_t i = 0; i < count; i++) {
        node->inputs[i] = values[i].node;
    }
    return true;
}

snug_value snug_graph_append(snug_graph *graph, const snug_graph_node *node, size_t count,
                             const snug_value *values) {
    snug_graph_node added = *node;
    size_t entries;
    if (added.rows == 0 || added.columns == 0) {
        snug_graph_fail_with(graph, "a value of a graph: has %zu x %zu numbers, needs at least one",
                             added.rows, added.columns);
    } else if (!snug_multiply(added.rows, added.columns, &entries)) {
        snug_graph_fail_with(graph, "a value of a graph: %zu x %zu numbers are too many",
                             added.rows, added.columns);
    } else if (!connect(&added, count, values) || !grow(graph)) {
        snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    if (graph->status != SNUG_OK) {
        free_node(&added);
        return no_value;
    }
    added.section = graph->section_count - 1;
    graph->nodes[graph->count] = added;
    return (snug_value){graph->count++, added.rows, added.columns};
}

float *snug_graph_copy_floats(snug_graph *graph, size_t a, size_t b, size_t c,
                              const float *values) {
    size_t count;
    if (!snug_multiply(a, b, &count) || !snug_multiply(count, c, &count)) {
        snug_graph_fail_as(graph, snug_fail_memory(SIZE_MAX));
        return NULL;
    }
    float *copy = snug_alloc(count, sizeof *copy);
    if (copy == NULL) {
        snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
        return NULL;
    }
    memcpy(copy, values, count * sizeof *copy);
    return copy;
}

/* ---- pruning --------------------------------------------------------------------------------- */

/* Moves the nodes that are used to the front; numbers[i] is where node i is then. */
static void compact(snug_graph *graph, const bool *used, size_t *numbers) {
    size_t count = 0;
    for (size_t i = 0; i < graph->count; i++) {
        snug_graph_node node = graph->nodes[i];
        if (!used[i]) {
            free_node(&node);
            continue;
        }
        for (size_t k = 0; k < node.input_count; k++) {
            node.inputs[k] = numbers[node.inputs[k]];
        }
        numbers[i] = count;
        graph->nodes[count++] = node;
    }
    graph->count = count;
    graph->output.node = numbers[graph->output.node];
}

/* Nodes follow their inputs, so one pass from the last node on finds all that are used. */
void snug_graph_prune(snug_graph *graph) {
    if (graph->status != SNUG_OK || graph->output.rows == 0) {
        return;
    }
    bool *used = snug_alloc(graph->count, sizeof *used);
    size_t *numbers = snug_alloc(graph->count, sizeof *numbers);
    if (used != NULL && numbers != NULL) {
        used[0] = true;
        used[graph->output.node] = true;
        for (size_t i = graph->count; i-- > 0;) {
            const snug_graph_node *node = &graph->nodes[i];
            for (size_t k = 0; used[i] && k < node->input_count; k++) {
                used[node->inputs[k]] = true;
            }
        }
        compact(graph, used, numbers);
    } else {
        snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    snug_release(used);
    snug_release(numbers);
}
