#include "core/memory.h"
#include "quantize/builder.h"

size_t snug_int8_add_value(snug_int8_builder *builder, size_t node) {
    snug_int8_program *program = builder->program;
    const snug_graph_node *of = &builder->graph->nodes[node];
    snug_int8_value *values =
        snug_resize(program->values, program->value_count + 1, sizeof *values);
    if (values == NULL) {
        return SNUG_INT8_NONE;
    }
    program->values = values;
    size_t value = program->value_count++;
    values[value] = (snug_int8_value){
        .rows = of->rows, .columns = of->columns, .scale = builder->scales[node], .buffer = value};
    builder->values[node] = value;
    return value;
}

snug_int8_step *snug_int8_add_step(snug_int8_builder *builder, snug_int8_operation operation,
                                   size_t node, size_t y) {
    snug_int8_program *program = builder->program;
    snug_int8_step *steps = snug_resize(program->steps, program->step_count + 1, sizeof *steps);
    if (steps == NULL) {
        return NULL;
    }
    program->steps = steps;
    snug_int8_step *step = &steps[program->step_count++];
    *step = (snug_int8_step){.operation = operation,
                             .x = SNUG_INT8_NONE,
                             .z = SNUG_INT8_NONE,
                             .y = y,
                             .slot = SNUG_INT8_NONE,
                             .rows = builder->graph->nodes[node].rows,
                             .columns = builder->graph->nodes[node].columns};
    return step;
}
