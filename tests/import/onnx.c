/* ONNX models, built here node by node: what is refused, and every allocation that fails. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "support/suite.h"
#include "support/tables.h"

#ifdef SNUG_HAVE_ONNX
#include <onnx.pb-c.h>

enum { MOST = 4 };

/* y = relu(x W + b) for x of 3 columns, with everything that a test may change. */
typedef struct fixture {
    Onnx__ModelProto model;
    Onnx__GraphProto graph;
    Onnx__OperatorSetIdProto opset, *opsets[1];
    Onnx__NodeProto node[MOST], *nodes[MOST];
    Onnx__AttributeProto attribute, *attributes[1];
    Onnx__TensorProto tensor[2], *tensors[2];
    Onnx__ValueInfoProto in, out, *ins[2], *outs[2];
    Onnx__TypeProto type;
    Onnx__TypeProto__Tensor tensor_type;
    Onnx__TensorShapeProto shape;
    Onnx__TensorShapeProto__Dimension dim[2], *dims[2];
    char *names[MOST][3], *outputs[MOST][1];
    int64_t sizes[2][2];
    float weight[6], bias[2];
} fixture;

static void set_node(fixture *f, size_t i, const char *type, const char *a, const char *b,
                     const char *y) {
    f->node[i] = (Onnx__NodeProto)ONNX__NODE_PROTO__INIT;
    f->nodes[i] = &f->node[i];
    f->names[i][0] = (char *)a;
    f->names[i][1] = (char *)b;
    f->outputs[i][0] = (char *)y;
    f->node[i].op_type = (char *)type;
    f->node[i].name = (char *)y;
    f->node[i].input = f->names[i];
    f->node[i].n_input = b != NULL ? 2 : 1;
    f->node[i].output = f->outputs[i];
    f->node[i].n_output = 1;
}

static void set_tensor(fixture *f, size_t i, const char *name, size_t rank, float *values,
                       size_t count) {
    f->tensor[i] = (Onnx__TensorProto)ONNX__TENSOR_PROTO__INIT;
    f->tensors[i] = &f->tensor[i];
    f->tensor[i].name = (char *)name;
    f->tensor[i].has_data_type = 1;
    f->tensor[i].data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    f->tensor[i].dims = f->sizes[i];
    f->tensor[i].n_dims = rank;
    f->tensor[i].float_data = values;
    f->tensor[i].n_float_data = count;
}

static void set_input(fixture *f) {
    f->in = (Onnx__ValueInfoProto)ONNX__VALUE_INFO_PROTO__INIT;
    f->type = (Onnx__TypeProto)ONNX__TYPE_PROTO__INIT;
    f->tensor_type = (Onnx__TypeProto__Tensor)ONNX__TYPE_PROTO__TENSOR__INIT;
    f->shape = (Onnx__TensorShapeProto)ONNX__TENSOR_SHAPE_PROTO__INIT;
    for (size_t i = 0; i < 2; i++) {
        f->dim[i] = (Onnx__TensorShapeProto__Dimension)ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT;
        f->dims[i] = &f->dim[i];
    }
    f->dim[1].value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
    f->dim[1].dim_value = 3;
    f->shape.dim = f->dims;
    f->shape.n_dim = 2;
    f->tensor_type.has_elem_type = 1;
    f->tensor_type.elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    f->tensor_type.shape = &f->shape;
    f->type.value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    f->type.tensor_type = &f->tensor_type;
    f->in.name = (char *)"x";
    f->in.type = &f->type;
    f->ins[0] = &f->in;
}

static void start(fixture *f) {
    static const float weight[6] = {1, -2, 3, -4, 5, -6}, bias[2] = {0.5F, -0.5F};
    memset(f, 0, sizeof *f);
    memcpy(f->weight, weight, sizeof weight);
    memcpy(f->bias, bias, sizeof bias);
    f->model = (Onnx__ModelProto)ONNX__MODEL_PROTO__INIT;
    f->graph = (Onnx__GraphProto)ONNX__GRAPH_PROTO__INIT;
    f->opset = (Onnx__OperatorSetIdProto)ONNX__OPERATOR_SET_ID_PROTO__INIT;
    f->attribute = (Onnx__AttributeProto)ONNX__ATTRIBUTE_PROTO__INIT;
    f->out = (Onnx__ValueInfoProto)ONNX__VALUE_INFO_PROTO__INIT;
    f->attributes[0] = &f->attribute;
    f->opset.has_version = 1;
    f->opset.version = 13;
    f->opsets[0] = &f->opset;
    f->model.opset_import = f->opsets;
    f->model.n_opset_import = 1;
    f->model.graph = &f->graph;
    f->sizes[0][0] = 3;
    f->sizes[0][1] = f->sizes[1][0] = 2;
    set_tensor(f, 0, "W", 2, f->weight, 6);
    set_tensor(f, 1, "b", 1, f->bias, 2);
    set_node(f, 0, "MatMul", "x", "W", "product");
    set_node(f, 1, "Add", "product", "b", "sum");
    set_node(f, 2, "Relu", "sum", NULL, "y");
    set_input(f);
    f->out.name = (char *)"y";
    f->outs[0] = &f->out;
    f->graph.node = f->nodes;
    f->graph.n_node = 3;
    f->graph.initializer = f->tensors;
    f->graph.n_initializer = 2;
    f->graph.input = f->ins;
    f->graph.n_input = 1;
    f->graph.output = f->outs;
    f->graph.n_output = 1;
}

/* Gives node i an attribute of a whole number. */
static void set_attribute(fixture *f, size_t i, const char *name, int64_t value) {
    f->attribute.name = (char *)name;
    f->attribute.has_i = 1;
    f->attribute.i = value;
    f->node[i].attribute = f->attributes;
    f->node[i].n_attribute = 1;
}

static snug_model *import(const fixture *f) {
    size_t size = onnx__model_proto__get_packed_size(&f->model);
    unsigned char *bytes = malloc(size + 1);
    ck_assert_uint_eq(onnx__model_proto__pack(&f->model, bytes), size);
    write_bytes("net.onnx", bytes, size);
    free(bytes);
    return snug_model_import_onnx("net.onnx");
}

static void refuse(const fixture *f, const char *message) {
    char wanted[512];
    snprintf(wanted, sizeof wanted, "net.onnx: %s", message);
    ck_assert_msg(import(f) == NULL, "imported in spite of: %s", message);
    ck_assert_str_eq(snug_error(), wanted);
}

START_TEST(computes_what_the_graph_does) {
    const float x[2][3] = {{1, 2, 3}, {-1, 1, -1}};
    float y[2][2];
    fixture f;
    start(&f);
    snug_model *model = import(&f);
    ck_assert_msg(model != NULL, "%s", snug_error());
    snug_session *session = snug_session_new(model, 2);
    ck_assert_int_eq(snug_predict(session, &x[0][0], 2, &y[0][0]), SNUG_OK);
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 2; j++) {
            float sum = f.bias[j];
            for (size_t k = 0; k < 3; k++) {
                sum += x[i][k] * f.weight[2 * k + j];
            }
            ck_assert_float_eq_tol(y[i][j], sum > 0 ? sum : 0, 1e-5F);
        }
    }
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

START_TEST(refuses_wrong_models) {
    fixture f;
    start(&f), f.model.graph = NULL;
    refuse(&f, "is no ONNX model: it has no graph");
    for (int64_t version = 8; version <= 18; version += 10) {
        start(&f), f.opset.version = version;
        ck_assert_ptr_null(import(&f));
        ck_assert_ptr_nonnull(strstr(snug_error(), ", and versions 9 to 17 are read"));
    }
    start(&f), f.model.n_opset_import = 0;
    ck_assert_ptr_null(import(&f));
    start(&f), f.graph.n_output = 2, f.outs[1] = &f.out;
    refuse(&f, "has 1 inputs and 2 outputs; models with one of each are read");
    start(&f), f.graph.n_input = 0;
    refuse(&f, "has 0 inputs and 1 outputs; models with one of each are read");
    start(&f), f.tensor_type.elem_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT64;
    refuse(&f, "its input \"x\" is no tensor of floats");
    start(&f), f.in.type = NULL;
    refuse(&f, "its input \"x\" is no tensor of floats");
    start(&f), f.shape.n_dim = 1;
    refuse(&f, "its input \"x\" must have two dimensions, [batch, columns]");
    start(&f), f.dim[1].dim_value = 4;
    refuse(&f, "node \"sum\" (Add): takes 3 columns where 4 come to it");
    start(&f), f.out.name = (char *)"x";
    refuse(&f, "computes nothing: its output is its input");
    start(&f), f.out.name = (char *)"W";
    refuse(&f, "nothing computes \"W\"");
    start(&f), f.outputs[0][0] = (char *)"y";
    refuse(&f, "\"y\" is computed or given twice");
    start(&f), set_node(&f, 1, "Tanh", "y", NULL, "sum");
    refuse(&f, "has more than 16384 layers in a row, or a cycle");
}
END_TEST

START_TEST(refuses_wrong_nodes) {
    fixture f;
    start(&f), f.node[2].op_type = (char *)"Gelu";
    refuse(&f, "node \"y\" (Gelu): no layer of Snug does this");
    start(&f), f.node[2].domain = (char *)"com.microsoft";
    refuse(&f, "node \"y\" (Relu): no layer of Snug does this");
    start(&f), f.node[2].n_input = 0;
    refuse(&f, "node \"y\" (Relu): has no input");
    start(&f), f.node[2].op_type = NULL;
    refuse(&f, "nothing computes \"y\"");
    start(&f), f.names[1][1] = (char *)"x";
    refuse(&f, "node \"sum\" (Add): no layer of Snug does this");
    start(&f), f.names[0][1] = (char *)"x", f.names[1][1] = (char *)"x",
               f.node[1].op_type = (char *)"Gemm";
    refuse(&f, "node \"sum\" (Gemm): its weight is \"x\", which is no constant");
    start(&f), f.node[1].op_type = (char *)"Gemm", set_attribute(&f, 1, "transA", 1);
    refuse(&f, "node \"sum\" (Gemm): transA must be 0: a layer takes rows");
    start(&f), f.node[1].op_type = (char *)"Gemm", f.node[1].n_input = 1;
    refuse(&f, "node \"sum\" (Gemm): its weight is missing");
    start(&f), f.node[1].op_type = (char *)"Gemm";
    refuse(&f, "node \"sum\" (Gemm): its weight is no matrix");
    start(&f), f.node[2].op_type = (char *)"Softmax", set_attribute(&f, 2, "axis", 0);
    refuse(&f, "node \"y\" (Softmax): works along an axis that is not the columns");
    start(&f), f.node[2].op_type = (char *)"Flatten", set_attribute(&f, 2, "axis", 0);
    refuse(&f, "node \"y\" (Flatten): axis must be 1");
    start(&f), f.node[2].op_type = (char *)"Cast", set_attribute(&f, 2, "to", 7);
    refuse(&f, "node \"y\" (Cast): changes floats to another type of numbers");
    start(&f), f.node[2].op_type = (char *)"Reshape";
    refuse(&f, "node \"y\" (Reshape): its shape is no constant of a row for each sample");
    start(&f), f.node[1].op_type = (char *)"PRelu", f.names[1][0] = (char *)"x";
    refuse(&f, "node \"sum\" (PRelu): its weight has 2 numbers where 3 columns need one each");
    start(&f), f.node[1].op_type = (char *)"BatchNormalization";
    refuse(&f, "node \"sum\" (BatchNormalization): its bias is missing");
    start(&f), f.node[2].op_type = (char *)"BatchNormalization";
    set_attribute(&f, 2, "training_mode", 1);
    refuse(&f, "node \"y\" (BatchNormalization): is in training mode; export the model for "
               "inference");
}
END_TEST

START_TEST(refuses_wrong_weights) {
    fixture f;
    start(&f), f.weight[5] = NAN;
    refuse(&f, "node \"sum\" (Add): W: entry 5 is no finite float");
    start(&f), f.tensor[0].n_float_data = 5;
    refuse(&f, "node \"sum\" (Add): W: has not as many numbers as its shape");
    start(&f), f.sizes[0][0] = -3;
    refuse(&f, "node \"sum\" (Add): W: has a size that no tensor has");
    start(&f), f.sizes[0][0] = f.sizes[0][1] = INT64_MAX;
    refuse(&f, "node \"sum\" (Add): W: has a size that no tensor has");
    start(&f), f.sizes[0][0] = 0, f.tensor[0].n_float_data = 0;
    refuse(&f, "node \"sum\" (Add): its weight is no matrix");
    start(&f), f.sizes[1][0] = 1, f.tensor[1].n_float_data = 0;
    refuse(&f, "node \"sum\" (Add): b: has not as many numbers as its shape");
    start(&f), f.tensor[0].data_type = ONNX__TENSOR_PROTO__DATA_TYPE__INT32;
    refuse(&f, "node \"sum\" (Add): W: holds numbers of type 6; weights are FLOAT, FLOAT16, "
               "BFLOAT16 or DOUBLE");
    start(&f), f.tensor[1].data_type = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16;
    refuse(&f, "node \"sum\" (Add): b: has not as many numbers as its shape");
    start(&f), f.sizes[1][0] = 2, f.sizes[1][1] = 1, f.tensor[1].n_dims = 2;
    refuse(&f, "node \"sum\" (Add): its bias has 2 numbers where 2 columns need one each");
}
END_TEST

static bool import_file(void) {
    snug_model *model = snug_model_import_onnx("net.onnx");
    snug_model_free(model);
    return model != NULL;
}

START_TEST(every_allocation_may_fail) {
    fixture f;
    start(&f);
    snug_model_free(import(&f));
    expect_every_failure(import_file);
}
END_TEST

/* Any byte changed, and any truncation: refused, or some model; never harm. */
START_TEST(every_byte_changed) {
    fixture f;
    start(&f);
    size_t size = onnx__model_proto__get_packed_size(&f.model);
    unsigned char *bytes = malloc(size);
    onnx__model_proto__pack(&f.model, bytes);
    for (size_t i = 0; i < size; i++) {
        const unsigned char kept = bytes[i];
        bytes[i] = (unsigned char)(kept ^ (i % 7 == 0 ? 0x81U : 0x01U));
        write_bytes("net.onnx", bytes, size);
        snug_model_free(snug_model_import_onnx("net.onnx"));
        bytes[i] = kept;
        write_bytes("net.onnx", bytes, i);
        snug_model_free(snug_model_import_onnx("net.onnx"));
    }
    free(bytes);
}
END_TEST

/* Writes a file of `count` empty nodes, two bytes each, in a graph. */
START_TEST(bounds_what_unpacking_takes) {
    enum { COUNT = 1 << 19 };
    unsigned char *bytes = calloc(2, COUNT + 4);
    size_t length = (size_t)2 * COUNT;
    bytes[0] = 0x3a; /* the graph, with its length in four groups of 7 bits */
    for (size_t i = 0; i < 4; i++) {
        bytes[1 + i] = (unsigned char)((length >> (7 * i) & 0x7fU) | (i < 3 ? 0x80U : 0));
    }
    for (size_t i = 0; i < COUNT; i++) {
        bytes[5 + 2 * i] = 0x0a;
    }
    write_bytes("net.onnx", bytes, 5 + length);
    ck_assert_ptr_null(snug_model_import_onnx("net.onnx"));
    ck_assert_str_eq(snug_error(), "net.onnx: has more than 262144 messages");
    free(bytes);
}
END_TEST

static Suite *onnx_suite(void) {
    Suite *suite = suite_create("imported ONNX models");
    TCase *tc = directory_case(suite, "onnx");
    tcase_add_test(tc, computes_what_the_graph_does);
    tcase_add_test(tc, refuses_wrong_models);
    tcase_add_test(tc, refuses_wrong_nodes);
    tcase_add_test(tc, refuses_wrong_weights);
    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_test(tc, every_byte_changed);
    tcase_add_test(tc, bounds_what_unpacking_takes);
    return suite;
}
#else
START_TEST(says_what_is_missing) {
    ck_assert_ptr_null(snug_model_import_onnx("net.onnx"));
    ck_assert_ptr_nonnull(strstr(snug_error(), "this build of Snug reads no ONNX models"));
    ck_assert_ptr_nonnull(strstr(snug_error(), "libprotobuf-c-dev"));
}
END_TEST

static Suite *onnx_suite(void) {
    Suite *suite = suite_create("imported ONNX models");
    TCase *tc = directory_case(suite, "onnx");
    tcase_add_test(tc, says_what_is_missing);
    return suite;
}
#endif

REGISTER_SUITE(onnx_suite)
