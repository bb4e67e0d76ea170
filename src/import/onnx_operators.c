/* Operators of ONNX that need a function each to become a layer, or to be passed over. */
#include <string.h>

#include "core/status.h"
#include "import/onnx_match.h"
#include "import/onnx_operators.h"
#include "import/onnx_tensor.h"

const char snug_onnx_in_training[] = "is in training mode; export the model for inference";

snug_status snug_onnx_fail(const char *message) {
    return snug_fail(SNUG_ERROR_FILE, "%s", message);
}

snug_status snug_onnx_make(snug_onnx_step *step, const char *kind, const snug_field_value *fields) {
    step->layer = snug_object_make(SNUG_GROUP_LAYER, kind, fields);
    return step->layer != NULL ? SNUG_OK : snug_error_status();
}

snug_status snug_onnx_add_weight(const snug_onnx_graph *graph, snug_onnx_step *step,
                                 const char *name, const char *value) {
    const Onnx__TensorProto *tensor = value != NULL ? snug_onnx_constant(graph, value) : NULL;
    if (value == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "its %s is missing", name);
    }
    if (tensor == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "its %s is \"%.100s\", which is no constant", name,
                         value);
    }
    step->weights[step->weight_count++] =
        (snug_onnx_weight){.name = name, .tensor = tensor, .factor = 1.0F};
    return SNUG_OK;
}

/* ---- fully connected layers ------------------------------------------------------------------ */

snug_status snug_onnx_make_dense(const snug_onnx_graph *graph, snug_onnx_step *step,
                                 const char *matrix, bool swapped, const char *bias) {
    const char *transposed = matrix != NULL ? snug_onnx_transposed(graph, matrix) : NULL;
    swapped = transposed != NULL ? !swapped : swapped;
    snug_status status =
        snug_onnx_add_weight(graph, step, "weight", transposed != NULL ? transposed : matrix);
    if (status != SNUG_OK) {
        return status;
    }
    snug_onnx_weight *weight = &step->weights[0];
    size_t count = 0;
    status = snug_onnx_tensor_count(weight->tensor, &count);
    if (status != SNUG_OK) {
        return status;
    }
    if (weight->tensor->n_dims != 2 || count == 0) {
        return snug_onnx_fail("its weight is no matrix");
    }
    weight->matrix = !swapped;
    weight->swapped = swapped;
    step->inputs = (size_t)weight->tensor->dims[swapped ? 1 : 0];
    step->outputs = (size_t)weight->tensor->dims[swapped ? 0 : 1];
    if (bias != NULL) {
        status = snug_onnx_add_weight(graph, step, "bias", bias);
    }
    return status == SNUG_OK
               ? snug_onnx_make(step, "dense",
                                SNUG_FIELDS(snug_number("units", (double)step->outputs),
                                            snug_flag("bias", bias != NULL)))
               : status;
}

/* Gemm: y = alpha A B + beta C, where A or B may be transposed. */
static snug_status gemm(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step) {
    const char *b = snug_onnx_input(node, 1), *c = snug_onnx_input(node, 2);
    if (snug_onnx_whole(node, "transA", 0) != 0) {
        return snug_onnx_fail("transA must be 0: a layer takes rows");
    }
    snug_status status =
        snug_onnx_make_dense(graph, step, b, snug_onnx_whole(node, "transB", 0) != 0, c);
    if (status == SNUG_OK) {
        step->weights[0].factor = (float)snug_onnx_real(node, "alpha", 1);
        step->weights[1].factor = (float)snug_onnx_real(node, "beta", 1);
    }
    return status;
}

static snug_status matrix_product(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                                  snug_onnx_step *step) {
    const char *b = snug_onnx_input(node, 1);
    return snug_onnx_make_dense(graph, step, b, false, NULL);
}

/* ---- operators of their own ------------------------------------------------------------------ */

/* Returns a limit of Clip: an attribute before opset 11, an input since; `otherwise`: none. */
static snug_status read_limit(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                              const char *name, size_t input, double otherwise, double *limit) {
    const char *value = snug_onnx_input(node, input);
    *limit = snug_onnx_real(node, name, otherwise);
    if (value != NULL && !snug_onnx_scalar(graph, value, limit)) {
        return snug_fail(SNUG_ERROR_FILE, "its %s is no constant of one number", name);
    }
    return SNUG_OK;
}

static snug_status clip(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step) {
    const double none = 1e30;
    double min, max;
    snug_status status = read_limit(graph, node, "min", 1, -none, &min);
    if (status == SNUG_OK) {
        status = read_limit(graph, node, "max", 2, none, &max);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (min == 0 && max >= none) {
        return snug_onnx_make(step, "relu", NULL);
    }
    if (min == 0 && max == 6) {
        return snug_onnx_make(step, "relu6", NULL);
    }
    return snug_onnx_make(step, "hard_tanh",
                          SNUG_FIELDS(snug_number("min", min), snug_number("max", max)));
}

static snug_status hard_sigmoid(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                                snug_onnx_step *step) {
    (void)graph;
    bool sixth = snug_onnx_is_slope_sixth(node);
    if (!sixth && (snug_onnx_real(node, "alpha", 0.2) - 0.2 > 1e-6 ||
                   snug_onnx_real(node, "alpha", 0.2) - 0.2 < -1e-6 ||
                   snug_onnx_real(node, "beta", 0.5) != 0.5)) {
        return snug_onnx_fail("alpha must be 1/6 or 0.2, and beta 0.5");
    }
    return snug_onnx_make(step, "hard_sigmoid",
                          SNUG_FIELDS(snug_string("variant", sixth ? "relu6" : "0.2")));
}

static snug_status prelu(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                         snug_onnx_step *step) {
    size_t count = 0;
    snug_status status = snug_onnx_add_weight(graph, step, "weight", snug_onnx_input(node, 1));
    if (status == SNUG_OK) {
        status = snug_onnx_tensor_count(step->weights[0].tensor, &count);
    }
    return status == SNUG_OK
               ? snug_onnx_make(step, "prelu", SNUG_FIELDS(snug_flag("shared", count == 1)))
               : status;
}

/* ---- operators without a layer --------------------------------------------------------------- */

static snug_status pass(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step) {
    (void)graph, (void)node, (void)step;
    return SNUG_OK;
}

/* Returns whether a value is a constant that says no; left out, it says so, too. */
static bool is_off(const snug_onnx_graph *graph, const char *value) {
    const Onnx__TensorProto *tensor = value != NULL ? snug_onnx_constant(graph, value) : NULL;
    if (value == NULL || tensor == NULL) {
        return value == NULL;
    }
    return tensor->has_raw_data ? tensor->raw_data.len == 1 && tensor->raw_data.data[0] == 0
                                : tensor->n_int32_data == 1 && tensor->int32_data[0] == 0;
}

static snug_status dropout(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                           snug_onnx_step *step) {
    (void)step;
    return is_off(graph, snug_onnx_input(node, 2)) ? SNUG_OK
                                                   : snug_onnx_fail(snug_onnx_in_training);
}

static snug_status flatten(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                           snug_onnx_step *step) {
    (void)graph;
    step->flattens = true;
    return snug_onnx_whole(node, "axis", 1) == 1 ? SNUG_OK : snug_onnx_fail("axis must be 1");
}

/* Reshape to [batch, columns], where either number may be -1. */
static snug_status reshape(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                           snug_onnx_step *step) {
    int64_t shape[2];
    if (!snug_onnx_wholes(graph, snug_onnx_input(node, 1), 2, shape) || shape[1] < -1 ||
        shape[1] == 0) {
        return snug_onnx_fail("its shape is no constant of a row for each sample");
    }
    step->flattens = true;
    step->outputs = shape[1] > 0 ? (size_t)shape[1] : 0;
    return SNUG_OK;
}

static snug_status cast(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step) {
    (void)graph, (void)step;
    switch (snug_onnx_whole(node, "to", 0)) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
    case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
        return SNUG_OK;
    default:
        return snug_onnx_fail("changes floats to another type of numbers");
    }
}

/* ---- the list -------------------------------------------------------------------------------- */

/* The operators, each with its function. */
static const struct {
    const char *name;
    snug_status (*step)(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step);
} functions[] = {
    {"Gemm", gemm},     {"MatMul", matrix_product},    {"Clip", clip},       {"PRelu", prelu},
    {"Identity", pass}, {"Dropout", dropout},          {"Flatten", flatten}, {"Reshape", reshape},
    {"Cast", cast},     {"HardSigmoid", hard_sigmoid},
};

bool snug_onnx_operator(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step, snug_status *status) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, node->op_type) == 0) {
            *status = functions[i].step(graph, node, step);
            return true;
        }
    }
    return false;
}
