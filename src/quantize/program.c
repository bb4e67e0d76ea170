#include "core/memory.h"
#include "quantize/program.h"

void snug_int8_program_free(snug_int8_program *program) {
    if (program == NULL) {
        return;
    }
    for (size_t i = 0; i < program->step_count; i++) {
        snug_int8_step *step = &program->steps[i];
        snug_release(step->weights);
        snug_release(step->biases);
        snug_release(step->factors);
        snug_release(step->shifts);
        snug_release(step->scales);
        snug_release(step->table);
        snug_release(step->numbers);
    }
    snug_graph_free(program->front);
    snug_graph_free(program->back);
    snug_release(program->values);
    snug_release(program->steps);
    snug_release(program);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* The steps from which and to which a buffer is needed. */
typedef struct lifetime {
    size_t first, last;
    bool placed;
} lifetime;

static void use(const snug_int8_program *program, lifetime *lifetimes, size_t value, size_t step) {
    if (value != SNUG_INT8_NONE) {
        lifetime *l = &lifetimes[program->values[value].buffer];
        l->first = step < l->first ? step : l->first;
        l->last = step > l->last ? step : l->last;
    }
}

static size_t size_of(const snug_int8_value *value) {
    return value->rows * value->columns;
}

/* Returns whether a buffer can be at an offset; otherwise *offset is where to try next. */
static bool fits(const snug_int8_program *program, const lifetime *lifetimes, size_t value,
                 size_t *offset) {
    const lifetime *own = &lifetimes[value];
    for (size_t v = 0; v < program->value_count; v++) {
        const snug_int8_value *other = &program->values[v];
        const lifetime *l = &lifetimes[v];
        bool at_once = l->placed && l->first <= own->last && own->first <= l->last;
        if (at_once && *offset < other->offset + size_of(other) &&
            other->offset < *offset + size_of(&program->values[value])) {
            *offset = other->offset + size_of(other);
            return false;
        }
    }
    return true;
}

/*
 * The largest values first would be a little better; in the order of their steps each gets the
 * lowest offset that is free, which for a chain of layers is two alternating buffers.
 */
snug_status snug_int8_place_values(snug_int8_program *program) {
    lifetime *lifetimes = snug_alloc(program->value_count, sizeof *lifetimes);
    if (lifetimes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t v = 0; v < program->value_count; v++) {
        lifetimes[v].first = SIZE_MAX;
    }
    for (size_t i = 0; i < program->step_count; i++) {
        use(program, lifetimes, program->steps[i].x, i);
        use(program, lifetimes, program->steps[i].z, i);
        use(program, lifetimes, program->steps[i].y, i);
    }
    for (size_t v = 0; v < program->value_count; v++) {
        snug_int8_value *value = &program->values[v];
        if (value->buffer != v) {
            value->offset = program->values[value->buffer].offset;
            continue;
        }
        while (!fits(program, lifetimes, v, &value->offset)) {
        }
        lifetimes[v].placed = true;
        size_t end = value->offset + size_of(value);
        program->memory = end > program->memory ? end : program->memory;
    }
    snug_release(lifetimes);
    return SNUG_OK;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

size_t snug_graph_bytes(const snug_graph *graph) {
    size_t numbers = 0;
    for (size_t n = 0; n < graph->count; n++) {
        const snug_graph_node *node = &graph->nodes[n];
        size_t entries = node->rows * node->columns;
        switch (node->operation) {
        case SNUG_OPERATION_CONSTANT:
            numbers += entries;
            break;
        case SNUG_OPERATION_LOOK_UP:
            numbers += node->table_rows * node->columns;
            break;
        case SNUG_OPERATION_LINEAR:
            numbers += node->matrices * node->columns *
                       (graph->nodes[node->inputs[0]].columns + (node->biases != NULL ? 1 : 0));
            break;
        default:
            break;
        }
    }
    return numbers * sizeof(float);
}

static size_t step_bytes(const snug_int8_step *step) {
    size_t units = step->matrices * step->columns, entries = step->rows * step->columns;
    switch (step->operation) {
    case SNUG_INT8_LINEAR:
        return units * (step->inputs + sizeof *step->biases +
                        (step->factors != NULL ? sizeof *step->factors + 1 : 0) +
                        (step->scales != NULL ? sizeof *step->scales : 0));
    case SNUG_INT8_TABLE:
        return 256;
    case SNUG_INT8_AFFINE:
        return entries * (sizeof *step->factors + sizeof *step->biases);
    case SNUG_INT8_COLUMNS:
        return step->columns * sizeof *step->numbers;
    default:
        return 0;
    }
}

size_t snug_int8_program_bytes(const snug_int8_program *program) {
    size_t bytes = snug_graph_bytes(program->front) + snug_graph_bytes(program->back);
    for (size_t i = 0; i < program->step_count; i++) {
        bytes += step_bytes(&program->steps[i]);
    }
    return bytes;
}
