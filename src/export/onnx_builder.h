/*
 * An ONNX graph in the making, in the structs of protobuf-c.
 *
 *     char *inputs[] = {x, snug_onnx_floats(builder, "weight", shape, 2, weights)};
 *     char *y = snug_onnx_node(builder, "MatMul", inputs, 2);
 *
 * Nodes and initializers have names of the current section, "layers.0.weight", and further ones of
 * the same role a number, "layers.0.weight_2". A node's output has the name of the node. All
 * strings and structs belong to the builder, values of initializers to the caller.
 *
 * Without memory the builder fails: functions then return NULL and do nothing, so that a chain of
 * calls needs one check.
 */
#ifndef SNUG_EXPORT_ONNX_BUILDER_H
#define SNUG_EXPORT_ONNX_BUILDER_H

#include <onnx.pb-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/string_set.h"

typedef struct snug_onnx_builder {
    Onnx__GraphProto graph;
    const char *section;  /* of the names that are made; borrowed */
    snug_string_set used; /* names without their numbers */
    size_t *uses;         /* of each of them, owned */
    void **blocks;        /* what snug_onnx_alloc() returned, owned */
    size_t block_count, block_capacity, node_capacity, initializer_capacity, use_capacity;
    bool failed; /* with an error message */
} snug_onnx_builder;

/* Starts an empty graph; snug_onnx_clear() frees what is in it, also after a failure. */
void snug_onnx_start(snug_onnx_builder *builder);
void snug_onnx_clear(snug_onnx_builder *builder);

/* Returns count * size zeroed bytes that belong to the builder. */
void *snug_onnx_alloc(snug_onnx_builder *builder, size_t count, size_t size);

/* Returns a copy of a string. */
char *snug_onnx_string(snug_onnx_builder *builder, const char *string);

/* Returns a new name of the current section. */
char *snug_onnx_name(snug_onnx_builder *builder, const char *role);

/*
 * Appends a node of an operator of ONNX, with `count` inputs, of which NULL is one that is left
 * out. Returns the name of its output.
 */
char *snug_onnx_node(snug_onnx_builder *builder, const char *operator_type, char *const *inputs,
                     size_t count);

/* Appends a node of one or two inputs. */
char *snug_onnx_unary(snug_onnx_builder *builder, const char *operator_type, char *x);
char *snug_onnx_binary(snug_onnx_builder *builder, const char *operator_type, char *a, char *b);

/* Add an attribute to the node that was appended last. The name must be static. */
void snug_onnx_set_int(snug_onnx_builder *builder, const char *name, int64_t value);
void snug_onnx_set_float(snug_onnx_builder *builder, const char *name, double value);
void snug_onnx_set_ints(snug_onnx_builder *builder, const char *name, const int64_t *values,
                        size_t count);

/*
 * Append an initializer, whose name they return: of float32 numbers, which the caller keeps until
 * the graph is written (a shape without dimensions is that of a scalar); of int64 numbers, which
 * are copied.
 */
char *snug_onnx_floats(snug_onnx_builder *builder, const char *role, const int64_t *shape,
                       size_t dimensions, const float *values);
char *snug_onnx_ints(snug_onnx_builder *builder, const char *role, size_t count,
                     const int64_t *values);

/* Appends an initializer of one float32 number without dimensions. Returns its name. */
char *snug_onnx_number(snug_onnx_builder *builder, const char *role, double value);

#endif
