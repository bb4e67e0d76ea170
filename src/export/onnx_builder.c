#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "export/onnx_builder.h"

/* ---- memory ---------------------------------------------------------------------------------- */

void snug_onnx_start(snug_onnx_builder *builder) {
    *builder = (snug_onnx_builder){.graph = ONNX__GRAPH_PROTO__INIT, .section = ""};
}

/* The structs in the blocks point at each other, and at arrays of the builder: all go at once. */
void snug_onnx_clear(snug_onnx_builder *builder) {
    for (size_t i = 0; i < builder->block_count; i++) {
        snug_release(builder->blocks[i]);
    }
    snug_release(builder->blocks);
    snug_release(builder->uses);
    snug_release(builder->graph.node);
    snug_release(builder->graph.initializer);
    snug_string_set_clear(&builder->used);
    snug_onnx_start(builder);
}

/* Makes an array of pointers longer where it is full. Returns false without memory. */
static bool grow(snug_onnx_builder *builder, void **array, size_t count, size_t *capacity,
                 size_t size) {
    if (builder->failed || count < *capacity) {
        return !builder->failed;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : 64;
    void *resized = snug_resize(*array, larger, size);
    builder->failed = resized == NULL;
    if (resized != NULL) {
        *array = resized;
        *capacity = larger;
    }
    return resized != NULL;
}

void *snug_onnx_alloc(snug_onnx_builder *builder, size_t count, size_t size) {
    void *blocks = builder->blocks;
    bool ok = grow(builder, &blocks, builder->block_count, &builder->block_capacity,
                   sizeof *builder->blocks);
    builder->blocks = blocks;
    void *block = ok ? snug_alloc(count, size) : NULL;
    if (block == NULL) {
        builder->failed = true;
        return NULL;
    }
    builder->blocks[builder->block_count++] = block;
    return block;
}

char *snug_onnx_string(snug_onnx_builder *builder, const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = snug_onnx_alloc(builder, size, 1);
    return copy != NULL ? memcpy(copy, string, size) : NULL;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* Counts a name, which may be used repeatedly. Returns how often it is used now, 0 on failure. */
static size_t count_use(snug_onnx_builder *builder, const char *name) {
    size_t index = 0;
    void *uses = builder->uses;
    bool ok = grow(builder, &uses, builder->used.list.count, &builder->use_capacity,
                   sizeof *builder->uses);
    builder->uses = uses;
    if (!ok || snug_string_set_add(&builder->used, name, &index) != SNUG_OK) {
        builder->failed = true;
        return 0;
    }
    return ++builder->uses[index];
}

/* A name of the section, or a later one of the same role with its number behind it. */
char *snug_onnx_name(snug_onnx_builder *builder, const char *role) {
    enum { MOST_DIGITS = 24 };
    size_t size = strlen(builder->section) + strlen(role) + MOST_DIGITS;
    char *name = snug_onnx_alloc(builder, size, 1);
    if (name == NULL) {
        return NULL;
    }
    int length = snprintf(name, size, "%s%s%s", builder->section,
                          builder->section[0] != '\0' ? "." : "", role);
    size_t use = count_use(builder, name);
    if (use > 1) {
        snprintf(name + length, size - (size_t)length, "_%zu", use);
    }
    return use > 0 ? name : NULL;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

/* Appends a node without inputs. Returns NULL without memory. */
static Onnx__NodeProto *append_node(snug_onnx_builder *builder) {
    void *nodes = builder->graph.node;
    bool ok = grow(builder, &nodes, builder->graph.n_node, &builder->node_capacity,
                   sizeof *builder->graph.node);
    builder->graph.node = nodes;
    Onnx__NodeProto *node = ok ? snug_onnx_alloc(builder, 1, sizeof *node) : NULL;
    if (node != NULL) {
        *node = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
        builder->graph.node[builder->graph.n_node++] = node;
    }
    return node;
}

/* An input that is left out has the empty name, as ONNX wants it. */
char *snug_onnx_node(snug_onnx_builder *builder, const char *operator_type, char *const *inputs,
                     size_t count) {
    Onnx__NodeProto *node = append_node(builder);
    char *name = snug_onnx_name(builder, operator_type);
    char *type = snug_onnx_string(builder, operator_type);
    char **names = snug_onnx_alloc(builder, count, sizeof *names);
    char **output = snug_onnx_alloc(builder, 1, sizeof *output);
    if (builder->failed) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = inputs[i] != NULL ? inputs[i] : snug_onnx_string(builder, "");
    }
    *output = name;
    node->name = name;
    node->op_type = type;
    node->input = names;
    node->n_input = count;
    node->output = output;
    node->n_output = 1;
    return builder->failed ? NULL : name;
}

char *snug_onnx_unary(snug_onnx_builder *builder, const char *operator_type, char *x) {
    return snug_onnx_node(builder, operator_type, &x, 1);
}

char *snug_onnx_binary(snug_onnx_builder *builder, const char *operator_type, char *a, char *b) {
    return snug_onnx_node(builder, operator_type, (char *[]){a, b}, 2);
}

/* ---- attributes ------------------------------------------------------------------------------ */

/* Adds an attribute to the last node. Returns NULL without memory. */
static Onnx__AttributeProto *add_attribute(snug_onnx_builder *builder, const char *name,
                                           Onnx__AttributeProto__AttributeType type) {
    Onnx__AttributeProto *attribute = snug_onnx_alloc(builder, 1, sizeof *attribute);
    char *copy = snug_onnx_string(builder, name);
    if (builder->failed) {
        return NULL;
    }
    Onnx__NodeProto *node = builder->graph.node[builder->graph.n_node - 1];
    Onnx__AttributeProto **list =
        snug_onnx_alloc(builder, node->n_attribute + 1, sizeof(Onnx__AttributeProto *));
    if (list == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < node->n_attribute; i++) {
        list[i] = node->attribute[i];
    }
    *attribute = (Onnx__AttributeProto)ONNX__ATTRIBUTE_PROTO__INIT;
    attribute->name = copy;
    attribute->has_type = true;
    attribute->type = type;
    list[node->n_attribute++] = attribute;
    node->attribute = list;
    return attribute;
}

void snug_onnx_set_int(snug_onnx_builder *builder, const char *name, int64_t value) {
    Onnx__AttributeProto *attribute =
        add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT);
    if (attribute != NULL) {
        attribute->has_i = true;
        attribute->i = value;
    }
}

void snug_onnx_set_float(snug_onnx_builder *builder, const char *name, double value) {
    Onnx__AttributeProto *attribute =
        add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT);
    if (attribute != NULL) {
        attribute->has_f = true;
        attribute->f = (float)value;
    }
}

/* Returns a copy of numbers, or NULL without memory. */
static int64_t *copy_ints(snug_onnx_builder *builder, const int64_t *values, size_t count) {
    int64_t *copy = snug_onnx_alloc(builder, count, sizeof *copy);
    if (copy != NULL && count > 0) {
        memcpy(copy, values, count * sizeof *copy);
    }
    return copy;
}

void snug_onnx_set_ints(snug_onnx_builder *builder, const char *name, const int64_t *values,
                        size_t count) {
    Onnx__AttributeProto *attribute =
        add_attribute(builder, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS);
    int64_t *copy = copy_ints(builder, values, count);
    if (attribute != NULL && copy != NULL) {
        attribute->ints = copy;
        attribute->n_ints = count;
    }
}

/* ---- initializers ---------------------------------------------------------------------------- */

/* Appends an initializer without values. Returns NULL without memory. */
static Onnx__TensorProto *append_tensor(snug_onnx_builder *builder, const char *role,
                                        const int64_t *shape, size_t dimensions) {
    void *tensors = builder->graph.initializer;
    bool ok = grow(builder, &tensors, builder->graph.n_initializer, &builder->initializer_capacity,
                   sizeof *builder->graph.initializer);
    builder->graph.initializer = tensors;
    Onnx__TensorProto *tensor = ok ? snug_onnx_alloc(builder, 1, sizeof *tensor) : NULL;
    char *name = snug_onnx_name(builder, role);
    int64_t *copy = copy_ints(builder, shape, dimensions);
    if (tensor == NULL || name == NULL || copy == NULL) {
        return NULL;
    }
    *tensor = (Onnx__TensorProto)ONNX__TENSOR_PROTO__INIT;
    tensor->name = name;
    tensor->has_data_type = true;
    tensor->dims = copy;
    tensor->n_dims = dimensions;
    builder->graph.initializer[builder->graph.n_initializer++] = tensor;
    return tensor;
}

char *snug_onnx_floats(snug_onnx_builder *builder, const char *role, const int64_t *shape,
                       size_t dimensions, const float *values) {
    Onnx__TensorProto *tensor = append_tensor(builder, role, shape, dimensions);
    if (tensor == NULL) {
        return NULL;
    }
    size_t count = 1;
    for (size_t i = 0; i < dimensions; i++) {
        count *= (size_t)shape[i];
    }
    tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    /*
     * float_data and not raw_data: protobuf-c then writes little-endian on every machine, and the
     * weights are not copied before.
     */
    tensor->float_data = (float *)values;
    tensor->n_float_data = count;
    return tensor->name;
}

char *snug_onnx_ints(snug_onnx_builder *builder, const char *role, size_t count,
                     const int64_t *values) {
    const int64_t shape = (int64_t)count;
    Onnx__TensorProto *tensor = append_tensor(builder, role, &shape, 1);
    int64_t *copy = copy_ints(builder, values, count);
    if (tensor == NULL || copy == NULL) {
        return NULL;
    }
    tensor->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    tensor->int64_data = copy;
    tensor->n_int64_data = count;
    return tensor->name;
}

char *snug_onnx_number(snug_onnx_builder *builder, const char *role, double value) {
    float *copy = snug_onnx_alloc(builder, 1, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    *copy = (float)value;
    return snug_onnx_floats(builder, role, NULL, 0, copy);
}
