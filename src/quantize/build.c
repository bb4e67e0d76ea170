#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/fold.h"
#include "quantize/build.h"
#include "quantize/builder.h"
#include "quantize/steps.h"

/* ---- the ends -------------------------------------------------------------------------------- */

/* Adds a slot of a node; *columns is the number of columns so far. */
static void add_slot(const snug_graph *graph, snug_float_slot *slots, size_t *count,
                     size_t *columns, size_t node) {
    slots[(*count)++] = (snug_float_slot){node, *columns};
    *columns += graph->nodes[node].rows * graph->nodes[node].columns;
}

/*
 * Gives slots to the nodes that are computed in float and needed in int8, then to those that go
 * past the integers to the back, then to the results of the integers.
 */
static void set_slots(snug_int8_builder *b) {
    snug_int8_program *program = b->program;
    for (size_t n = 0; n < b->graph->count; n++) {
        if (b->parts[n].domain == SNUG_DOMAIN_FRONT && b->parts[n].int8) {
            add_slot(b->graph, b->front, &b->front_count, &program->front_slots, n);
        }
    }
    size_t quantized = program->front_slots;
    for (size_t n = 0; n < b->graph->count; n++) {
        if (b->parts[n].domain == SNUG_DOMAIN_FRONT && b->parts[n].is_float) {
            add_slot(b->graph, b->front, &b->front_count, &program->front_slots, n);
            add_slot(b->graph, b->back, &b->back_count, &program->back_slots, n);
        }
    }
    program->passed = program->front_slots - quantized;
    for (size_t n = 0; n < b->graph->count; n++) {
        if (b->parts[n].domain == SNUG_DOMAIN_INTEGERS && b->parts[n].is_float) {
            add_slot(b->graph, b->back, &b->back_count, &program->back_slots, n);
        }
    }
}

static snug_status make_ends(snug_int8_builder *b) {
    set_slots(b);
    b->program->front = snug_front_graph_new(b->graph, b->front_count, b->front);
    b->program->back =
        snug_back_graph_new(b->graph, b->back_count, b->back, b->program->back_slots);
    return b->program->front != NULL && b->program->back != NULL ? SNUG_OK : snug_error_status();
}

/* Returns the first column of a node's slot; for results there is one. */
static size_t slot_of(const snug_float_slot *slots, size_t count, size_t node) {
    for (size_t i = 0; i < count; i++) {
        if (slots[i].node == node) {
            return slots[i].first;
        }
    }
    return SNUG_INT8_NONE;
}

/* ---- steps ----------------------------------------------------------------------------------- */

/* A node in float becomes int8; of two slots the first is the one for that. */
static snug_status add_quantize(snug_int8_builder *b, size_t node) {
    size_t y = snug_int8_add_value(b, node);
    snug_int8_step *step =
        y != SNUG_INT8_NONE ? snug_int8_add_step(b, SNUG_INT8_QUANTIZE, node, y) : NULL;
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    step->slot = slot_of(b->front, b->front_count, node);
    step->scale = 1 / (float)b->scales[node].scale;
    return SNUG_OK;
}

static snug_status add_result(snug_int8_builder *b, size_t node) {
    snug_int8_step *step = snug_int8_add_step(b, SNUG_INT8_RESULT, node, SNUG_INT8_NONE);
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    step->x = b->values[node];
    step->slot = slot_of(b->back, b->back_count, node);
    step->scale = (float)b->scales[node].scale;
    return SNUG_OK;
}

static snug_status add_columns(snug_int8_builder *b, size_t n) {
    const snug_graph_node *node = &b->graph->nodes[n];
    b->scales[n] = b->program->values[b->values[node->inputs[0]]].scale;
    size_t y = snug_int8_add_value(b, n);
    snug_int8_step *step =
        y != SNUG_INT8_NONE ? snug_int8_add_step(b, SNUG_INT8_COLUMNS, n, y) : NULL;
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    step->x = b->values[node->inputs[0]];
    step->numbers = snug_alloc(node->columns, sizeof *step->numbers);
    if (step->numbers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(step->numbers, node->numbers, node->columns * sizeof *step->numbers);
    return SNUG_OK;
}

/* Another shape of the same bytes. */
static snug_status add_reshape(snug_int8_builder *b, size_t n) {
    size_t x = b->values[b->graph->nodes[n].inputs[0]];
    b->scales[n] = b->program->values[x].scale;
    size_t y = snug_int8_add_value(b, n);
    if (y == SNUG_INT8_NONE) {
        return SNUG_ERROR_MEMORY;
    }
    b->program->values[y].buffer = b->program->values[x].buffer;
    return SNUG_OK;
}

static snug_status add_concatenate(snug_int8_builder *b, size_t n) {
    const snug_graph_node *node = &b->graph->nodes[n];
    size_t y = snug_int8_add_value(b, n), first = 0;
    snug_status status = y != SNUG_INT8_NONE ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < node->input_count; i++) {
        status = snug_int8_add_rescaling(b, n, node->inputs[i], y, first);
        first += b->graph->nodes[node->inputs[i]].columns;
    }
    return status;
}

/* Adds the steps of a node in the domain of integers. */
static snug_status add_node(snug_int8_builder *b, size_t n) {
    if (b->parts[n].root != n) {
        return b->parts[n].int8 ? snug_int8_add_table(b, n) : SNUG_OK;
    }
    switch (b->graph->nodes[n].operation) {
    case SNUG_OPERATION_LINEAR:
        return snug_int8_add_linear(b, n);
    case SNUG_OPERATION_COLUMNS:
        return add_columns(b, n);
    case SNUG_OPERATION_RESHAPE:
        return add_reshape(b, n);
    case SNUG_OPERATION_CONCATENATE:
        return add_concatenate(b, n);
    default:
        return snug_int8_add_binary(b, n);
    }
}

static snug_status add_steps(snug_int8_builder *b) {
    snug_status status = SNUG_OK;
    for (size_t n = 0; status == SNUG_OK && n < b->graph->count; n++) {
        const snug_node_part *part = &b->parts[n];
        if (part->domain == SNUG_DOMAIN_FRONT && part->int8) {
            status = add_quantize(b, n);
        } else if (part->domain == SNUG_DOMAIN_INTEGERS) {
            status = add_node(b, n);
            if (status == SNUG_OK && part->is_float &&
                b->graph->nodes[n].operation != SNUG_OPERATION_LINEAR) {
                status = add_result(b, n);
            }
        }
    }
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static snug_status allocate(snug_int8_builder *b) {
    size_t count = b->graph->count;
    b->program = snug_alloc(1, sizeof *b->program);
    b->scales = snug_alloc(count, sizeof *b->scales);
    b->values = snug_alloc(count, sizeof *b->values);
    b->memory = snug_alloc(count, sizeof *b->memory);
    b->front = snug_alloc(2 * count, sizeof *b->front);
    b->back = snug_alloc(2 * count, sizeof *b->back);
    bool complete = b->program != NULL && b->scales != NULL && b->values != NULL &&
                    b->memory != NULL && b->front != NULL && b->back != NULL;
    return complete ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status build(snug_int8_builder *b, size_t samples, const float *x,
                         snug_calibration_method method) {
    snug_status status = allocate(b);
    if (status == SNUG_OK) {
        status = snug_calibrate(b->graph, b->parts, samples, x, method, b->scales);
    }
    if (status == SNUG_OK) {
        status = make_ends(b);
    }
    if (status == SNUG_OK) {
        status = add_steps(b);
    }
    return status == SNUG_OK ? snug_int8_place_values(b->program) : status;
}

snug_int8_program *snug_int8_program_new(snug_graph *graph, size_t samples, const float *x,
                                         snug_calibration_method method) {
    if (samples == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the calibration data: has no rows");
        return NULL;
    }
    if (snug_graph_fold(graph, INFINITY) != SNUG_OK) {
        return NULL;
    }
    snug_int8_builder b = {.graph = graph, .parts = snug_partition_new(graph)};
    snug_status status = b.parts != NULL ? build(&b, samples, x, method) : SNUG_ERROR_MEMORY;
    snug_release(b.parts);
    snug_release(b.scales);
    snug_release(b.values);
    snug_release(b.memory);
    snug_release(b.front);
    snug_release(b.back);
    if (status != SNUG_OK) {
        snug_int8_program_free(b.program);
        return NULL;
    }
    return b.program;
}
