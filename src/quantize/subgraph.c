#include "core/memory.h"
#include "core/status.h"
#include "quantize/subgraph.h"

/* Returns the column numbers first .. first + count - 1, to be released; NULL without memory. */
static size_t *column_range(size_t first, size_t count) {
    size_t *numbers = snug_alloc(count, sizeof *numbers);
    for (size_t i = 0; numbers != NULL && i < count; i++) {
        numbers[i] = first + i;
    }
    return numbers;
}

/* Adds an operation with few inputs again, with inputs of the new graph. */
static snug_value copy_function(snug_graph *to, const snug_graph_node *node, const snug_value *in) {
    switch (node->operation) {
    case SNUG_OPERATION_UNARY:
        return snug_graph_unary(to, (snug_unary)node->function, in[0]);
    case SNUG_OPERATION_ELU:
        return snug_graph_elu(to, in[0], node->first, node->second);
    case SNUG_OPERATION_LEAKY_RELU:
        return snug_graph_leaky_relu(to, in[0], node->first);
    case SNUG_OPERATION_CLIP:
        return snug_graph_clip(to, in[0], node->first, node->second);
    case SNUG_OPERATION_BINARY:
        return snug_graph_binary(to, (snug_binary)node->function, in[0], in[1]);
    case SNUG_OPERATION_SELECT:
        return snug_graph_select(to, in[0], in[1], in[2]);
    case SNUG_OPERATION_SOFTMAX:
        return snug_graph_softmax(to, in[0]);
    case SNUG_OPERATION_LOG_SOFTMAX:
        return snug_graph_log_softmax(to, in[0]);
    case SNUG_OPERATION_REDUCE_COLUMNS:
        return snug_graph_reduce_columns(to, (snug_reduction)node->function, in[0]);
    case SNUG_OPERATION_REDUCE_ROWS:
        return snug_graph_reduce_rows(to, (snug_reduction)node->function, in[0]);
    default:
        return snug_graph_fail(to, "an operation that has no copy");
    }
}

static snug_value copy_node(snug_graph *to, const snug_graph_node *node, const snug_value *in) {
    switch (node->operation) {
    case SNUG_OPERATION_CONSTANT:
        return snug_graph_constant(to, node->rows, node->columns, node->values);
    case SNUG_OPERATION_COLUMNS:
        return snug_graph_columns(to, in[0], node->columns, node->numbers);
    case SNUG_OPERATION_CONCATENATE:
        return snug_graph_concatenate(to, node->input_count, in);
    case SNUG_OPERATION_RESHAPE:
        return snug_graph_reshape(to, in[0], node->rows, node->columns);
    case SNUG_OPERATION_LOOK_UP:
        return snug_graph_look_up(to, in[0], node->table_rows, node->columns, node->values);
    case SNUG_OPERATION_LINEAR: {
        snug_linear_weights weights = {node->matrices, in[0].columns, node->columns, node->values,
                                       node->biases};
        return snug_graph_linear(to, in[0], &weights);
    }
    default:
        return copy_function(to, node, in);
    }
}

/* A copy in the making. */
typedef struct copying {
    const snug_graph *from;
    snug_graph *to;
    snug_value *values; /* of each node, in the copy; without rows: not there yet */
    snug_value *inputs; /* of one node */
    size_t section;     /* the last that was begun, + 1 */
} copying;

/* Copies the node n, whose inputs are copied, unless one of them is not. */
static void copy(copying *c, size_t n) {
    const snug_graph_node *node = &c->from->nodes[n];
    for (size_t i = 0; i < node->input_count; i++) {
        c->inputs[i] = c->values[node->inputs[i]];
        if (c->inputs[i].rows == 0) {
            return;
        }
    }
    if (c->section != node->section + 1) {
        c->section = node->section + 1;
        snug_graph_begin_section(c->to, c->from->sections[node->section]);
    }
    c->values[n] = copy_node(c->to, node, c->inputs);
}

static snug_status start(copying *c, const snug_graph *graph, size_t columns) {
    size_t most = 3;
    for (size_t n = 0; n < graph->count; n++) {
        most = graph->nodes[n].input_count > most ? graph->nodes[n].input_count : most;
    }
    *c = (copying){.from = graph, .to = snug_graph_new(columns)};
    c->values = snug_alloc(graph->count, sizeof *c->values);
    c->inputs = snug_alloc(most, sizeof *c->inputs);
    return c->to != NULL && c->values != NULL && c->inputs != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Returns the graph without what its output does not depend on, or NULL after an error. */
static snug_graph *finish(copying *c, snug_status status) {
    snug_graph *to = c->to;
    snug_release(c->values);
    snug_release(c->inputs);
    if (status == SNUG_OK) {
        status = snug_graph_status(to);
    }
    if (status == SNUG_OK) {
        snug_graph_prune(to);
        status = snug_graph_status(to);
    }
    if (status != SNUG_OK) {
        snug_graph_free(to);
        return NULL;
    }
    return to;
}

/* ---- the front ------------------------------------------------------------------------------- */

/* Sets the output to the slots' nodes side by side. */
static snug_status join(copying *c, size_t count, const snug_float_slot *slots) {
    snug_value *rows = snug_alloc(count, sizeof *rows);
    if (rows == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        snug_value x = c->values[slots[i].node];
        rows[i] = x.rows == 1 ? x : snug_graph_reshape(c->to, x, 1, x.rows * x.columns);
    }
    c->to->output = count == 1 ? rows[0] : snug_graph_concatenate(c->to, count, rows);
    snug_release(rows);
    return SNUG_OK;
}

snug_graph *snug_front_graph_new(const snug_graph *graph, size_t count,
                                 const snug_float_slot *slots) {
    copying c;
    snug_status status = start(&c, graph, graph->nodes[0].columns);
    if (status == SNUG_OK) {
        c.values[0] = snug_graph_input(c.to);
        for (size_t n = 1; n < graph->count; n++) {
            /* Nodes behind linear maps are not copied, because their inputs are not. */
            if (graph->nodes[n].operation != SNUG_OPERATION_LINEAR) {
                copy(&c, n);
            }
        }
        status = join(&c, count, slots);
    }
    return finish(&c, status);
}

/* ---- the back -------------------------------------------------------------------------------- */

/* Sets the values of the slots' nodes to columns of the input. */
static snug_status take_slots(copying *c, size_t count, const snug_float_slot *slots) {
    snug_value input = snug_graph_input(c->to);
    for (size_t i = 0; i < count; i++) {
        const snug_graph_node *node = &c->from->nodes[slots[i].node];
        size_t *numbers = column_range(slots[i].first, node->rows * node->columns);
        if (numbers == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        snug_value x = count == 1
                           ? input
                           : snug_graph_columns(c->to, input, node->rows * node->columns, numbers);
        c->values[slots[i].node] =
            node->rows == 1 ? x : snug_graph_reshape(c->to, x, node->rows, node->columns);
        snug_release(numbers);
    }
    return SNUG_OK;
}

snug_graph *snug_back_graph_new(const snug_graph *graph, size_t count, const snug_float_slot *slots,
                                size_t columns) {
    copying c;
    snug_status status = start(&c, graph, columns);
    if (status == SNUG_OK) {
        status = take_slots(&c, count, slots);
        for (size_t n = 1; status == SNUG_OK && n < graph->count; n++) {
            if (c.values[n].rows == 0) {
                copy(&c, n);
            }
        }
        c.to->output = c.values[graph->output.node];
    }
    return finish(&c, status);
}
