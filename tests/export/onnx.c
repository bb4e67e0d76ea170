/* ONNX models: names, versions and metadata of the file, and what cannot be exported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "export/model_graph.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/tables.h"

#ifdef SNUG_HAVE_ONNX
#include <onnx.pb-c.h>

#include "export/onnx_model.h"

/* ---- reading what was written ---------------------------------------------------------------- */

static Onnx__ModelProto *read_model(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is not there", path);
    enum { MOST = 1 << 16 };
    uint8_t *bytes = malloc(MOST);
    size_t size = fread(bytes, 1, MOST, file);
    ck_assert_uint_lt(size, MOST);
    fclose(file);
    Onnx__ModelProto *model = onnx__model_proto__unpack(NULL, size, bytes);
    ck_assert_ptr_nonnull(model);
    free(bytes);
    return model;
}

static void free_model(Onnx__ModelProto *model) {
    onnx__model_proto__free_unpacked(model, NULL);
}

/* Returns a JSON value of the metadata, for cJSON_Delete(). */
static cJSON *metadata(const Onnx__ModelProto *model, const char *key) {
    for (size_t i = 0; i < model->n_metadata_props; i++) {
        if (strcmp(model->metadata_props[i]->key, key) == 0) {
            cJSON *json = cJSON_Parse(model->metadata_props[i]->value);
            ck_assert_ptr_nonnull(json);
            return json;
        }
    }
    ck_abort_msg("no %s", key);
    return NULL;
}

static const Onnx__NodeProto *node_named(const Onnx__ModelProto *model, const char *name) {
    for (size_t i = 0; i < model->graph->n_node; i++) {
        if (strcmp(model->graph->node[i]->name, name) == 0) {
            return model->graph->node[i];
        }
    }
    ck_abort_msg("no node %s", name);
    return NULL;
}

static const Onnx__TensorProto *tensor_named(const Onnx__ModelProto *model, const char *name) {
    for (size_t i = 0; i < model->graph->n_initializer; i++) {
        if (strcmp(model->graph->initializer[i]->name, name) == 0) {
            return model->graph->initializer[i];
        }
    }
    ck_abort_msg("no initializer %s", name);
    return NULL;
}

/* A type is float32 or int64, [batch, columns] or, of 0 columns, [batch]. */
static void expect_port(const Onnx__ValueInfoProto *port, const char *name, int type,
                        int64_t columns) {
    const Onnx__TypeProto__Tensor *tensor = port->type->tensor_type;
    ck_assert_str_eq(port->name, name);
    ck_assert_int_eq(tensor->elem_type, type);
    ck_assert_uint_eq(tensor->shape->n_dim, columns > 0 ? 2 : 1);
    ck_assert_str_eq(tensor->shape->dim[0]->dim_param, "batch");
    if (columns > 0) {
        ck_assert_int_eq(tensor->shape->dim[1]->dim_value, columns);
    }
}

/* Returns a model of blobs(), trained for one epoch. */
static snug_model *trained(void) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    ck_assert_msg(snug_fit(model, data, &(snug_fit_options){.epochs = 1}, NULL) == SNUG_OK, "%s",
                  snug_error());
    snug_dataset_free(data);
    return model;
}

/* ---- the file -------------------------------------------------------------------------------- */

START_TEST(names_nodes_and_weights_by_section) {
    snug_model *model = trained();
    ck_assert_int_eq(snug_model_export_onnx(model, "m.onnx", NULL), SNUG_OK);
    Onnx__ModelProto *onnx = read_model("m.onnx");
    const Onnx__NodeProto *first = node_named(onnx, "layers.0.Gemm");
    ck_assert_str_eq(first->op_type, "Gemm");
    ck_assert_str_eq(first->input[1], "layers.0.weight");
    ck_assert_str_eq(first->input[2], "layers.0.bias");
    ck_assert_str_eq(first->output[0], first->name);
    const Onnx__NodeProto *selu = node_named(onnx, "layers.1.Selu");
    ck_assert_str_eq(selu->input[0], first->name);
    /* inputs x outputs, as in memory */
    const Onnx__TensorProto *weight = tensor_named(onnx, "layers.0.weight");
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    ck_assert_uint_eq(weight->n_dims, 2);
    ck_assert_int_eq(weight->dims[0], BLOB_COLUMNS);
    ck_assert_uint_eq(weight->n_float_data, info.rows * info.columns);
    ck_assert_mem_eq(weight->float_data, info.values, info.rows * info.columns * sizeof(float));
    free_model(onnx);
    snug_model_free(model);
}
END_TEST

START_TEST(declares_inputs_and_outputs) {
    snug_model *model = trained();
    ck_assert_int_eq(snug_model_export_onnx(model, "m.onnx", NULL), SNUG_OK);
    Onnx__ModelProto *onnx = read_model("m.onnx");
    const int numbers = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    ck_assert_uint_eq(onnx->graph->n_input, 1);
    expect_port(onnx->graph->input[0], "features", numbers, BLOB_COLUMNS);
    ck_assert_uint_eq(onnx->graph->n_output, 2);
    expect_port(onnx->graph->output[0], "label", ONNX__TENSOR_PROTO__DATA_TYPE__INT64, 0);
    expect_port(onnx->graph->output[1], "probabilities", numbers, BLOB_CLASSES);
    cJSON *classes = metadata(onnx, "snug.classes");
    ck_assert_int_eq(cJSON_GetArraySize(classes), BLOB_CLASSES);
    cJSON_Delete(classes);
    free_model(onnx);
    snug_model_free(model);
}
END_TEST

START_TEST(has_the_version_that_is_asked_for) {
    snug_model *model = trained();
    for (size_t opset = SNUG_MIN_OPSET; opset <= SNUG_MAX_OPSET; opset++) {
        const snug_onnx_options options = {.opset = opset};
        ck_assert_int_eq(snug_model_export_onnx(model, "m.onnx", &options), SNUG_OK);
        Onnx__ModelProto *onnx = read_model("m.onnx");
        ck_assert_uint_eq(onnx->n_opset_import, 1);
        ck_assert_int_eq(onnx->opset_import[0]->version, (int64_t)opset);
        ck_assert_int_eq(onnx->ir_version, opset < 15 ? 7 : 8);
        cJSON *version = metadata(onnx, "snug.version");
        ck_assert_str_eq(version->valuestring, snug_version());
        cJSON_Delete(version);
        free_model(onnx);
    }
    snug_model_free(model);
}
END_TEST

/* Only the sizes of the constant are read: there is no such memory. */
START_TEST(refuses_files_above_two_gibibytes) {
    float number = 0;
    snug_graph *graph = snug_graph_new(2);
    snug_value x = snug_graph_input(graph), constant = snug_graph_constant(graph, 1, 1, &number);
    graph->output = snug_graph_binary(graph, SNUG_ADD, x, constant);
    ck_assert_int_eq(snug_graph_status(graph), SNUG_OK);
    graph->nodes[constant.node].columns = (size_t)1 << 29U;
    const snug_model_graph m = {.graph = graph, .task = SNUG_EXPORT_VALUES};
    ck_assert_int_eq(snug_onnx_write(&m, 13, "m.onnx"), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "m.onnx: the model would be an ONNX file of ");
    ck_assert_int_ne(access("m.onnx", F_OK), 0);
    snug_graph_free(graph);
}
END_TEST

/* ---- failures -------------------------------------------------------------------------------- */

static snug_model *exported;

static bool export_once(void) {
    return snug_model_export_onnx(exported, "m.onnx", NULL) == SNUG_OK;
}

static bool describe_once(void) {
    char *text = snug_model_export_description(exported);
    snug_free(text);
    return text != NULL;
}

START_TEST(every_allocation_may_fail) {
    exported = trained();
    expect_every_failure(describe_once);
    expect_every_failure(export_once);
    snug_model_free(exported);
}
END_TEST

START_TEST(refuses_wrong_arguments) {
    snug_model *model = trained(), *unfinished = mlp(2, 2);
    const snug_onnx_options old = {.opset = 12}, new = {.opset = 18};
    ck_assert_int_eq(snug_model_export_onnx(NULL, "m.onnx", NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "the model: ");
    ck_assert_int_eq(snug_model_export_onnx(model, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "the path of the ONNX model: ");
    ck_assert_int_eq(snug_model_export_onnx(model, "m.onnx", &old), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "opset: ");
    ck_assert_int_eq(snug_model_export_onnx(model, "m.onnx", &new), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "opset: ");
    ck_assert_int_ne(snug_model_export_onnx(unfinished, "m.onnx", NULL), SNUG_OK);
    ck_assert_ptr_null(snug_model_export_description(unfinished));
    ck_assert_int_eq(snug_model_export_onnx(model, "absent/m.onnx", NULL), SNUG_ERROR_FILE);
    expect_error(SNUG_ERROR_FILE, "absent/m.onnx: ");
    ck_assert_int_ne(access("m.onnx", F_OK), 0);
    snug_model_free(model);
    snug_model_free(unfinished);
}
END_TEST
#else
START_TEST(says_what_the_build_lacks) {
    snug_model *model = mlp(2, 2);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_model_export_onnx(model, "m.onnx", NULL), SNUG_ERROR_FILE);
    ck_assert_ptr_nonnull(strstr(snug_error(), "libprotobuf-c-dev"));
    snug_model_free(model);
}
END_TEST
#endif

static Suite *onnx_suite(void) {
    Suite *suite = suite_create("ONNX");
    TCase *files = directory_case(suite, "files");
#ifdef SNUG_HAVE_ONNX
    tcase_add_test(files, names_nodes_and_weights_by_section);
    tcase_add_test(files, declares_inputs_and_outputs);
    tcase_add_test(files, has_the_version_that_is_asked_for);
    tcase_add_test(files, refuses_files_above_two_gibibytes);
    tcase_add_test(files, every_allocation_may_fail);
    tcase_add_test(files, refuses_wrong_arguments);
#else
    tcase_add_test(files, says_what_the_build_lacks);
#endif
    return suite;
}

REGISTER_SUITE(onnx_suite)
