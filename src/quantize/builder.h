/* A program in the making, and the steps that each kind of node becomes. */
#ifndef SNUG_QUANTIZE_BUILDER_H
#define SNUG_QUANTIZE_BUILDER_H

#include "quantize/partition.h"
#include "quantize/program.h"
#include "quantize/subgraph.h"

typedef struct snug_int8_builder {
    const snug_graph *graph;
    snug_node_part *parts;   /* owned */
    snug_int8_scale *scales; /* of each node that is needed as int8; owned */
    size_t *values;          /* the value of each node, or SNUG_INT8_NONE; owned */
    double *memory;          /* for snug_pointwise(); owned */
    snug_int8_program *program;
    snug_float_slot *front, *back; /* slots of nodes; owned */
    size_t front_count, back_count;
} snug_int8_builder;

/* Adds a value in the shape and scale of a node; SNUG_INT8_NONE without memory. */
size_t snug_int8_add_value(snug_int8_builder *builder, size_t node);

/* Returns a new step with the shape of a node, the value y, and no x, z and slot; or NULL. */
snug_int8_step *snug_int8_add_step(snug_int8_builder *builder, snug_int8_operation operation,
                                   size_t node, size_t y);

/* Add the steps that compute a node from the values of its inputs, which are there. */
snug_status snug_int8_add_linear(snug_int8_builder *builder, size_t node);
snug_status snug_int8_add_table(snug_int8_builder *builder, size_t node);
snug_status snug_int8_add_binary(snug_int8_builder *builder, size_t node);

/* Adds a table that leads from the value of one node to the scale of y, as they are. */
snug_status snug_int8_add_rescaling(snug_int8_builder *builder, size_t node, size_t from, size_t y,
                                    size_t first_column);

/* Gives values the places in memory that are free from their first step to their last. */
snug_status snug_int8_place_values(snug_int8_program *program);

#endif
