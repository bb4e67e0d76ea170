#include <stdio.h>

#include "core/memory.h"
#include "core/status.h"
#include "export/description.h"
#include "export/onnx_model.h"
#include "export/onnx_operations.h"
#include "files/file_write.h"
#include "json/json_print.h"

/* ---- inputs and outputs ---------------------------------------------------------------------- */

/* Returns a dimension of that size, or, of the size 0, the batch. */
static Onnx__TensorShapeProto__Dimension *new_dimension(snug_onnx_builder *builder, size_t size) {
    Onnx__TensorShapeProto__Dimension *d = snug_onnx_alloc(builder, 1, sizeof *d);
    if (d == NULL) {
        return NULL;
    }
    *d = (Onnx__TensorShapeProto__Dimension)ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT;
    if (size > 0) {
        d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        d->dim_value = (int64_t)size;
    } else {
        d->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
        d->dim_param = snug_onnx_string(builder, "batch");
    }
    return d;
}

/* Returns the type of a tensor [batch, columns], or, of 0 columns, [batch]. */
static Onnx__TypeProto *new_type(snug_onnx_builder *builder, Onnx__TensorProto__DataType type,
                                 size_t columns) {
    Onnx__TypeProto *whole = snug_onnx_alloc(builder, 1, sizeof *whole);
    Onnx__TypeProto__Tensor *tensor = snug_onnx_alloc(builder, 1, sizeof *tensor);
    Onnx__TensorShapeProto *shape = snug_onnx_alloc(builder, 1, sizeof *shape);
    Onnx__TensorShapeProto__Dimension **dimensions =
        snug_onnx_alloc(builder, 2, sizeof(Onnx__TensorShapeProto__Dimension *));
    if (builder->failed) {
        return NULL;
    }
    *shape = (Onnx__TensorShapeProto)ONNX__TENSOR_SHAPE_PROTO__INIT;
    shape->dim = dimensions;
    shape->n_dim = columns > 0 ? 2 : 1;
    dimensions[0] = new_dimension(builder, 0);
    dimensions[1] = columns > 0 ? new_dimension(builder, columns) : NULL;
    *tensor = (Onnx__TypeProto__Tensor)ONNX__TYPE_PROTO__TENSOR__INIT;
    tensor->has_elem_type = true;
    tensor->elem_type = (int32_t)type;
    tensor->shape = shape;
    *whole = (Onnx__TypeProto)ONNX__TYPE_PROTO__INIT;
    whole->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    whole->tensor_type = tensor;
    return whole;
}

/* Appends an input or output, of float32 [batch, columns] or, of 0 columns, of int64 [batch]. */
static void add_port(snug_onnx_builder *builder, Onnx__ValueInfoProto **list, size_t *count,
                     const char *name, size_t columns, const char *help) {
    Onnx__ValueInfoProto *port = snug_onnx_alloc(builder, 1, sizeof *port);
    if (port == NULL) {
        return;
    }
    *port = (Onnx__ValueInfoProto)ONNX__VALUE_INFO_PROTO__INIT;
    port->name = snug_onnx_string(builder, name);
    port->doc_string = snug_onnx_string(builder, help);
    port->type = new_type(builder,
                          columns > 0 ? ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
                                      : ONNX__TENSOR_PROTO__DATA_TYPE__INT64,
                          columns);
    list[(*count)++] = port;
}

/* Adds an output: the result of the node that was added last, under another name. */
static void add_output(snug_onnx_builder *builder, const char *name, size_t columns,
                       const char *help) {
    if (!builder->failed) {
        Onnx__NodeProto *node = builder->graph.node[builder->graph.n_node - 1];
        node->output[0] = snug_onnx_string(builder, name);
    }
    add_port(builder, builder->graph.output, &builder->graph.n_output, name, columns, help);
}

/* Returns probabilities of two classes, [batch, 2], of that of the second, [batch, 1]. */
static char *both_classes(snug_onnx_builder *builder, char *second) {
    char *one = snug_onnx_number(builder, "one", 1);
    char *parts[] = {snug_onnx_binary(builder, "Sub", one, second), second};
    char *both = snug_onnx_node(builder, "Concat", parts, 2);
    snug_onnx_set_int(builder, "axis", 1);
    return both;
}

/*
 * Adds the nodes that compute the index of the class: the first of the largest entries, or of two
 * classes the second where the last column is above a threshold.
 */
static void add_label(snug_onnx_builder *builder, char *x, size_t columns, double threshold) {
    if (columns > 1 && threshold == 0) {
        snug_onnx_unary(builder, "ArgMax", x);
        snug_onnx_set_int(builder, "axis", 1);
        snug_onnx_set_int(builder, "keepdims", 0);
        return;
    }
    const int64_t last = (int64_t)columns - 1, any = -1;
    char *second =
        snug_onnx_binary(builder, "Gather", x, snug_onnx_ints(builder, "columns", 1, &last));
    snug_onnx_set_int(builder, "axis", 1);
    char *vector =
        snug_onnx_binary(builder, "Reshape", second, snug_onnx_ints(builder, "shape", 1, &any));
    char *above = snug_onnx_binary(builder, "Greater", vector,
                                   snug_onnx_number(builder, "threshold", threshold));
    snug_onnx_unary(builder, "Cast", above);
    snug_onnx_set_int(builder, "to", ONNX__TENSOR_PROTO__DATA_TYPE__INT64);
}

/* Adds the outputs, made of the tensor that the graph gives. */
static void add_outputs(snug_onnx_builder *builder, const snug_model_graph *graph, char *result) {
    size_t columns = graph->graph->output.columns;
    builder->section = "output";
    if (graph->task == SNUG_EXPORT_VALUES) {
        snug_onnx_unary(builder, "Identity", result);
        add_output(builder, "values", columns, "predicted values; snug.values has their names");
        return;
    }
    bool probabilities = graph->task == SNUG_EXPORT_PROBABILITIES;
    if (probabilities && columns == 1) {
        result = both_classes(builder, result);
        columns = 2;
    }
    add_label(builder, result, columns, graph->threshold);
    add_output(builder, "label", 0, "index of the predicted class; snug.classes has their names");
    snug_onnx_unary(builder, "Identity", result);
    add_output(builder, probabilities ? "probabilities" : "scores", columns,
               probabilities ? "probability of each class" : "the larger, the likelier the class");
}

/* ---- the model ------------------------------------------------------------------------------- */

/* Adds each member of the description to the metadata, as a text of JSON: "snug.columns" ... */
static void add_metadata(snug_onnx_builder *builder, const cJSON *description,
                         Onnx__ModelProto *model) {
    const cJSON *member = NULL;
    Onnx__StringStringEntryProto **list = snug_onnx_alloc(
        builder, (size_t)cJSON_GetArraySize(description), sizeof *model->metadata_props);
    model->metadata_props = list;
    builder->section = "snug";
    cJSON_ArrayForEach(member, description) {
        Onnx__StringStringEntryProto *entry = snug_onnx_alloc(builder, 1, sizeof *entry);
        char *printed = builder->failed ? NULL : snug_json_print(member, false);
        builder->failed = printed == NULL;
        if (!builder->failed) {
            *entry = (Onnx__StringStringEntryProto)ONNX__STRING_STRING_ENTRY_PROTO__INIT;
            entry->key = snug_onnx_name(builder, member->string);
            entry->value = snug_onnx_string(builder, printed);
            list[model->n_metadata_props++] = entry;
        }
        snug_release(printed);
    }
}

/*
 * Returns the version of the format (ir_version) that came with a version of the operators: a
 * runtime that knows these knows that too.
 */
static int64_t format_of(size_t opset) {
    return opset < 15 ? 7 : 8;
}

/* Adds the version of the operators and of the format, and who wrote the file. */
static void add_versions(snug_onnx_builder *builder, size_t opset, Onnx__ModelProto *model) {
    Onnx__OperatorSetIdProto *set = snug_onnx_alloc(builder, 1, sizeof *set);
    Onnx__OperatorSetIdProto **sets = snug_onnx_alloc(builder, 1, sizeof *model->opset_import);
    if (builder->failed) {
        return;
    }
    *set = (Onnx__OperatorSetIdProto)ONNX__OPERATOR_SET_ID_PROTO__INIT;
    set->domain = snug_onnx_string(builder, "");
    set->has_version = true;
    set->version = (int64_t)opset;
    sets[0] = set;
    model->opset_import = sets;
    model->n_opset_import = 1;
    model->has_ir_version = true;
    model->ir_version = format_of(opset);
    model->producer_name = snug_onnx_string(builder, "Snug");
    model->producer_version = snug_onnx_string(builder, snug_version());
}

/* Makes the structs of a model of the builder's graph. */
static void build(snug_onnx_builder *builder, const snug_model_graph *graph, size_t opset,
                  Onnx__ModelProto *model) {
    enum { MOST_OUTPUTS = 2 };
    Onnx__GraphProto *g = &builder->graph;
    g->input = snug_onnx_alloc(builder, 1, sizeof *g->input);
    g->output = snug_onnx_alloc(builder, MOST_OUTPUTS, sizeof *g->output);
    g->name = snug_onnx_string(builder, "snug");
    char *input = snug_onnx_string(builder, "features");
    if (builder->failed) {
        return;
    }
    add_port(builder, g->input, &g->n_input, input, graph->graph->nodes[0].columns,
             "raw values of the columns; snug.columns has their names, categories and offsets");
    add_outputs(builder, graph, snug_onnx_add_graph(builder, graph->graph, input));
    add_versions(builder, opset, model);
    model->graph = g;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Packs the model in memory, so that its size is known before the file is opened. */
static snug_status write_file(const Onnx__ModelProto *model, const char *path) {
    const size_t size = onnx__model_proto__get_packed_size(model);
    if (size > INT32_MAX) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: the model would be an ONNX file of %zu bytes, and 2 GiB are the "
                         "most that one may have",
                         path, size);
    }
    uint8_t *bytes = snug_alloc(size, 1);
    if (bytes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    onnx__model_proto__pack(model, bytes);
    snug_status status = snug_file_write(path, bytes, size);
    snug_release(bytes);
    return status;
}

snug_status snug_onnx_write(const snug_model_graph *graph, size_t opset, const char *path) {
    snug_onnx_builder builder;
    Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
    cJSON *description = snug_export_describe(graph);
    if (description == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_onnx_start(&builder);
    build(&builder, graph, opset, &model);
    add_metadata(&builder, description, &model);
    snug_status status = builder.failed ? SNUG_ERROR_MEMORY : write_file(&model, path);
    snug_onnx_clear(&builder);
    cJSON_Delete(description);
    return status;
}
