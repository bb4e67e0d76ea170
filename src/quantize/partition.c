#include "core/memory.h"
#include "core/status.h"
#include "quantize/partition.h"

bool snug_node_is_uniform(const snug_graph_node *node) {
    if (node->operation != SNUG_OPERATION_CONSTANT) {
        return false;
    }
    for (size_t i = 1; i < node->rows * node->columns; i++) {
        if (node->values[i] != node->values[0]) {
            return false;
        }
    }
    return true;
}

/* ---- domains --------------------------------------------------------------------------------- */

/* Sets .constant and .readers, and .domain to INTEGERS where a node depends on a linear map. */
static bool follow_inputs(const snug_graph *graph, snug_node_part *parts) {
    bool found = false;
    for (size_t n = 0; n < graph->count; n++) {
        const snug_graph_node *node = &graph->nodes[n];
        bool linear = node->operation == SNUG_OPERATION_LINEAR;
        parts[n].domain = linear ? SNUG_DOMAIN_INTEGERS : SNUG_DOMAIN_FRONT;
        parts[n].constant = node->operation != SNUG_OPERATION_INPUT;
        parts[n].root = n;
        found = found || linear;
        for (size_t i = 0; i < node->input_count; i++) {
            snug_node_part *input = &parts[node->inputs[i]];
            input->readers++;
            parts[n].constant = parts[n].constant && input->constant;
            if (input->domain == SNUG_DOMAIN_INTEGERS) {
                parts[n].domain = SNUG_DOMAIN_INTEGERS;
            }
        }
    }
    return found;
}

/* Sets .domain to BACK where a node behind a linear map leads to none. */
static void follow_readers(const snug_graph *graph, snug_node_part *parts, bool *leads) {
    for (size_t n = graph->count; n-- > 0;) {
        const snug_graph_node *node = &graph->nodes[n];
        bool linear = node->operation == SNUG_OPERATION_LINEAR;
        for (size_t i = 0; (linear || leads[n]) && i < node->input_count; i++) {
            leads[node->inputs[i]] = true;
        }
        if (parts[n].domain == SNUG_DOMAIN_INTEGERS && !linear && !leads[n]) {
            parts[n].domain = SNUG_DOMAIN_BACK;
        }
    }
}

/* ---- roots and values ------------------------------------------------------------------------ */

static bool is_function(const snug_graph_node *node) {
    switch (node->operation) {
    case SNUG_OPERATION_UNARY:
    case SNUG_OPERATION_ELU:
    case SNUG_OPERATION_LEAKY_RELU:
    case SNUG_OPERATION_CLIP:
    case SNUG_OPERATION_BINARY:
    case SNUG_OPERATION_SELECT:
        return true;
    default:
        return false;
    }
}

/* Returns the root of a node whose inputs have theirs. */
static size_t find_root(const snug_graph *graph, const snug_node_part *parts, size_t n) {
    const snug_graph_node *node = &graph->nodes[n];
    size_t root = n;
    if (!is_function(node)) {
        return n;
    }
    for (size_t i = 0; i < node->input_count; i++) {
        size_t input = node->inputs[i];
        if (snug_node_is_uniform(&graph->nodes[input])) {
            continue;
        }
        if (parts[input].domain != SNUG_DOMAIN_INTEGERS ||
            (root != n && parts[input].root != root)) {
            return n;
        }
        root = parts[input].root;
    }
    const snug_graph_node *of = &graph->nodes[root];
    return of->rows == node->rows && of->columns == node->columns ? root : n;
}

/* Marks what a node reads as int8 or float. */
static void mark_inputs(const snug_graph *graph, snug_node_part *parts, size_t n) {
    const snug_graph_node *node = &graph->nodes[n];
    for (size_t i = 0; i < node->input_count; i++) {
        snug_node_part *input = &parts[node->inputs[i]];
        bool constant = graph->nodes[node->inputs[i]].operation == SNUG_OPERATION_CONSTANT;
        if (parts[n].domain == SNUG_DOMAIN_INTEGERS && parts[n].root != n) {
            parts[parts[n].root].int8 = true;
        } else if (parts[n].domain == SNUG_DOMAIN_INTEGERS) {
            bool folded = constant && node->operation == SNUG_OPERATION_BINARY;
            input->int8 = input->int8 || !folded;
        } else if (parts[n].domain == SNUG_DOMAIN_BACK && input->domain != SNUG_DOMAIN_BACK) {
            input->is_float = input->is_float || !constant;
        }
    }
}

/* Values that the back needs are those of linear maps, as sums, or numbers in int8. */
static void need_int8(const snug_graph *graph, snug_node_part *parts) {
    for (size_t n = 0; n < graph->count; n++) {
        if (parts[n].domain != SNUG_DOMAIN_INTEGERS) {
            continue;
        }
        if (parts[n].is_float && graph->nodes[n].operation != SNUG_OPERATION_LINEAR) {
            parts[n].int8 = true;
        }
        if (parts[n].int8) {
            parts[parts[n].root].int8 = true;
        }
    }
}

/* ---- what has an integer form ---------------------------------------------------------------- */

static const char *const operation_names[] = {
    [SNUG_OPERATION_SOFTMAX] = "softmax",
    [SNUG_OPERATION_LOG_SOFTMAX] = "log_softmax",
    [SNUG_OPERATION_REDUCE_COLUMNS] = "a sum, mean or maximum of a row",
    [SNUG_OPERATION_REDUCE_ROWS] = "a sum, mean or maximum of a column",
    [SNUG_OPERATION_BINARY] = "a division or comparison of two values",
    [SNUG_OPERATION_SELECT] = "a choice between values",
    [SNUG_OPERATION_LOOK_UP] = "a look-up of a computed value",
};

static bool has_integer_form(const snug_graph *graph, const snug_graph_node *node) {
    switch (node->operation) {
    case SNUG_OPERATION_BINARY:
        return node->function == SNUG_ADD || node->function == SNUG_SUBTRACT ||
               node->function == SNUG_MULTIPLY ||
               (node->function == SNUG_DIVIDE &&
                graph->nodes[node->inputs[1]].operation == SNUG_OPERATION_CONSTANT);
    case SNUG_OPERATION_COLUMNS:
    case SNUG_OPERATION_CONCATENATE:
    case SNUG_OPERATION_RESHAPE:
    case SNUG_OPERATION_LINEAR:
        return true;
    default:
        return false;
    }
}

static snug_status check_operations(const snug_graph *graph, const snug_node_part *parts) {
    for (size_t n = 0; n < graph->count; n++) {
        const snug_graph_node *node = &graph->nodes[n];
        if (parts[n].domain == SNUG_DOMAIN_INTEGERS && parts[n].root == n &&
            !has_integer_form(graph, node)) {
            const char *name = operation_names[node->operation];
            return snug_fail(SNUG_ERROR_ARGUMENT,
                             "%s: has no form in int8: %s between two linear maps; export without "
                             "int8",
                             graph->sections[node->section],
                             name != NULL ? name : "an operation of several values");
        }
    }
    return SNUG_OK;
}

/* Sets everything but .constant, .readers and .domain of nodes before linear maps. */
static snug_status mark(const snug_graph *graph, snug_node_part *parts) {
    bool *leads = snug_alloc(graph->count, sizeof *leads);
    if (leads == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    follow_readers(graph, parts, leads);
    snug_release(leads);
    for (size_t n = 0; n < graph->count; n++) {
        if (parts[n].domain == SNUG_DOMAIN_INTEGERS) {
            parts[n].root = find_root(graph, parts, n);
        }
        mark_inputs(graph, parts, n);
    }
    parts[graph->output.node].readers++;
    if (parts[graph->output.node].domain != SNUG_DOMAIN_BACK) {
        parts[graph->output.node].is_float = true;
    }
    need_int8(graph, parts);
    return check_operations(graph, parts);
}

snug_node_part *snug_partition_new(const snug_graph *graph) {
    snug_node_part *parts = snug_alloc(graph->count, sizeof *parts);
    if (parts == NULL) {
        return NULL;
    }
    snug_status status =
        follow_inputs(graph, parts)
            ? mark(graph, parts)
            : snug_fail(SNUG_ERROR_ARGUMENT, "the model: has no linear map to compute in int8; "
                                             "export without int8");
    if (status != SNUG_OK) {
        snug_release(parts);
        return NULL;
    }
    return parts;
}
