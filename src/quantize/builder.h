/* A program in the making. */
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

#endif
