#include <string.h>

#include "core/status.h"
#include "import/onnx_layers.h"
#include "import/onnx_match.h"
#include "kinds/field_value.h"

snug_status snug_onnx_fail_in(const Onnx__NodeProto *node) {
    return snug_error_status() == SNUG_ERROR_MEMORY
               ? SNUG_ERROR_MEMORY
               : snug_fail_in("node \"%.100s\" (%.40s)", snug_onnx_node_name(node),
                              node->op_type != NULL ? node->op_type : "");
}

static const char in_training[] = "is in training mode; export the model for inference";

static snug_status fail(const char *message) {
    return snug_fail(SNUG_ERROR_FILE, "%s", message);
}

/* Makes the layer of a kind, or of an activation. */
static snug_status make(snug_onnx_step *step, const char *kind, const snug_field_value *fields) {
    step->layer = snug_object_make(SNUG_GROUP_LAYER, kind, fields);
    return step->layer != NULL ? SNUG_OK : snug_error_status();
}

/* Adds a tensor of the layer, which a constant gives; `value` NULL: there is none. */
static snug_status add_weight(const snug_onnx_graph *graph, snug_onnx_step *step, const char *name,
                              const char *value) {
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

/* Makes a dense layer of a matrix, inputs x units or, swapped, units x inputs. */
static snug_status make_dense(const snug_onnx_graph *graph, snug_onnx_step *step,
                              const char *matrix, bool swapped, const char *bias) {
    const char *transposed = matrix != NULL ? snug_onnx_transposed(graph, matrix) : NULL;
    swapped = transposed != NULL ? !swapped : swapped;
    snug_status status =
        add_weight(graph, step, "weight", transposed != NULL ? transposed : matrix);
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
        return fail("its weight is no matrix");
    }
    weight->matrix = !swapped;
    weight->swapped = swapped;
    step->inputs = (size_t)weight->tensor->dims[swapped ? 1 : 0];
    step->outputs = (size_t)weight->tensor->dims[swapped ? 0 : 1];
    if (bias != NULL) {
        status = add_weight(graph, step, "bias", bias);
    }
    return status == SNUG_OK ? make(step, "dense",
                                    SNUG_FIELDS(snug_number("units", (double)step->outputs),
                                                snug_flag("bias", bias != NULL)))
                             : status;
}

/* Gemm: y = alpha A B + beta C, where A or B may be transposed. */
static snug_status gemm(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step) {
    const char *b = snug_onnx_input(node, 1), *c = snug_onnx_input(node, 2);
    if (snug_onnx_whole(node, "transA", 0) != 0) {
        return fail("transA must be 0: a layer takes rows");
    }
    snug_status status = make_dense(graph, step, b, snug_onnx_whole(node, "transB", 0) != 0, c);
    if (status == SNUG_OK) {
        step->weights[0].factor = (float)snug_onnx_real(node, "alpha", 1);
        step->weights[1].factor = (float)snug_onnx_real(node, "beta", 1);
    }
    return status;
}

static snug_status matrix_product(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                                  snug_onnx_step *step) {
    const char *b = snug_onnx_input(node, 1);
    return make_dense(graph, step, b, false, NULL);
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
        return make(step, "relu", NULL);
    }
    if (min == 0 && max == 6) {
        return make(step, "relu6", NULL);
    }
    return make(step, "hard_tanh", SNUG_FIELDS(snug_number("min", min), snug_number("max", max)));
}

static snug_status hard_sigmoid(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                                snug_onnx_step *step) {
    (void)graph;
    bool sixth = snug_onnx_is_slope_sixth(node);
    if (!sixth && (snug_onnx_real(node, "alpha", 0.2) - 0.2 > 1e-6 ||
                   snug_onnx_real(node, "alpha", 0.2) - 0.2 < -1e-6 ||
                   snug_onnx_real(node, "beta", 0.5) != 0.5)) {
        return fail("alpha must be 1/6 or 0.2, and beta 0.5");
    }
    return make(step, "hard_sigmoid", SNUG_FIELDS(snug_string("variant", sixth ? "relu6" : "0.2")));
}

static snug_status prelu(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                         snug_onnx_step *step) {
    size_t count = 0;
    snug_status status = add_weight(graph, step, "weight", snug_onnx_input(node, 1));
    if (status == SNUG_OK) {
        status = snug_onnx_tensor_count(step->weights[0].tensor, &count);
    }
    return status == SNUG_OK ? make(step, "prelu", SNUG_FIELDS(snug_flag("shared", count == 1)))
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
    return is_off(graph, snug_onnx_input(node, 2)) ? SNUG_OK : fail(in_training);
}

static snug_status flatten(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                           snug_onnx_step *step) {
    (void)graph;
    step->flattens = true;
    return snug_onnx_whole(node, "axis", 1) == 1 ? SNUG_OK : fail("axis must be 1");
}

/* Reshape to [batch, columns], where either number may be -1. */
static snug_status reshape(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                           snug_onnx_step *step) {
    int64_t shape[2];
    if (!snug_onnx_wholes(graph, snug_onnx_input(node, 1), 2, shape) || shape[1] < -1 ||
        shape[1] == 0) {
        return fail("its shape is no constant of a row for each sample");
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
        return fail("changes floats to another type of numbers");
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* An operator that is a layer or an activation by itself. */
typedef struct operator_row {
    const char *name, *kind;
    struct {
        const char *attribute, *field; /* ONNX's default is Snug's */
    } fields[2];
    const char *weights[SNUG_ONNX_MAX_WEIGHTS]; /* the inputs behind the first, by names of Snug */
    size_t optional;  /* the number, from 1, of a weight that may be missing and then is 0 */
    const char *axis; /* the name of an attribute that must be the last axis, or NULL */
} operator_row;

static const operator_row operators[] = {
    {.name = "Relu", .kind = "relu"},
    {.name = "Elu", .kind = "elu", .fields = {{"alpha", "alpha"}}},
    {.name = "Selu", .kind = "selu", .fields = {{"alpha", "alpha"}, {"gamma", "scale"}}},
    {.name = "Celu", .kind = "celu", .fields = {{"alpha", "alpha"}}},
    {.name = "LeakyRelu", .kind = "leaky_relu", .fields = {{"alpha", "slope"}}},
    {.name = "ThresholdedRelu", .kind = "thresholded_relu", .fields = {{"alpha", "theta"}}},
    {.name = "Sigmoid", .kind = "sigmoid"},
    {.name = "Tanh", .kind = "tanh"},
    {.name = "Softplus", .kind = "softplus"},
    {.name = "Softsign", .kind = "softsign"},
    {.name = "HardSwish", .kind = "hard_swish"},
    {.name = "Exp", .kind = "exp"},
    {.name = "Softmax", .kind = "softmax", .axis = "axis"},
    {.name = "LogSoftmax", .kind = "log_softmax", .axis = "axis"},
    {.name = "BatchNormalization",
     .kind = "batch_norm",
     .fields = {{"epsilon", "epsilon"}},
     .weights = {"weight", "bias", "running_mean", "running_var"}},
    {.name = "LayerNormalization",
     .kind = "layer_norm",
     .fields = {{"epsilon", "epsilon"}},
     .weights = {"weight", "bias"},
     .optional = 2,
     .axis = "axis"},
};

/* An operator with a function of its own. */
static const struct {
    const char *name;
    snug_status (*step)(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                        snug_onnx_step *step);
} functions[] = {
    {"Gemm", gemm},     {"MatMul", matrix_product},    {"Clip", clip},       {"PRelu", prelu},
    {"Identity", pass}, {"Dropout", dropout},          {"Flatten", flatten}, {"Reshape", reshape},
    {"Cast", cast},     {"HardSigmoid", hard_sigmoid},
};

/* Several nodes that are one layer: see import/onnx_match.h. */
typedef struct pattern_row {
    const char *pattern, *kind;
    const char *fields[2];  /* $0 and $1 */
    const char *weights[2]; /* @0 and @1 */
    const char *choice[2];  /* a field of names, and its value */
    bool matrix;            /* @0 is inputs x units, and the layer is dense */
    bool plain;             /* without the layer's own weights */
} pattern_row;

#define ROW_DEVIATION "(Sub x (ReduceMean x))"
#define ROW_NORMAL "(Div " ROW_DEVIATION " (Sqrt (Add (ReduceMean (Pow " ROW_DEVIATION " 2)) $0)))"

static const pattern_row patterns[] = {
    {.pattern = "(Add (MatMul x @0) @1)", .kind = "dense", .matrix = true},
    {.pattern = "(Mul x (Sigmoid x))", .kind = "silu"},
    {.pattern = "(Mul x (Sigmoid (Mul x $0)))", .kind = "silu", .fields = {"beta"}},
    {.pattern = "(Mul x (Tanh (Softplus x)))", .kind = "mish"},
    {.pattern = "(Mul x (HardSigmoid x))", .kind = "hard_swish"},
    {.pattern = "(Div (Softplus (Mul x $0)) $0)", .kind = "softplus", .fields = {"beta"}},
    {.pattern = "(Div x (Add (Abs x) 1))", .kind = "softsign"},
    {.pattern = "(Log (Sigmoid x))", .kind = "log_sigmoid"},
    {.pattern = "(Min (Relu x) 6)", .kind = "relu6"},
    {.pattern = "(Mul (Mul x (Add (Erf (Div x 1.41421356)) 1)) 0.5)", .kind = "gelu"},
    {.pattern = "(Mul (Mul x 0.5) (Add (Erf (Div x 1.41421356)) 1))", .kind = "gelu"},
    {.pattern = "(Mul x (Mul (Add (Erf (Div x 1.41421356)) 1) 0.5))", .kind = "gelu"},
    {.pattern = "(Mul (Mul x (Add (Tanh (Mul (Add x (Mul (Mul x (Mul x x)) 0.044715)) "
                "0.79788456)) 1)) 0.5)",
     .kind = "gelu",
     .choice = {"approximate", "tanh"}},
    {.pattern = "(Add (Mul " ROW_NORMAL " @0) @1)",
     .kind = "layer_norm",
     .fields = {"epsilon"},
     .weights = {"weight", "bias"}},
    {.pattern = ROW_NORMAL, .kind = "layer_norm", .fields = {"epsilon"}, .plain = true},
    {.pattern = "(Mul x @0)", .kind = "feature_scale", .weights = {"weight"}},
};

/* ---- steps ----------------------------------------------------------------------------------- */

static bool is_last_axis(const Onnx__NodeProto *node, const char *name) {
    int64_t axis = snug_onnx_whole(node, name, -1);
    return axis == -1 || axis == 1;
}

static snug_status take_operator(const snug_onnx_graph *graph, const operator_row *row,
                                 const Onnx__NodeProto *node, snug_onnx_step *step) {
    snug_field_value fields[3] = {{0}};
    size_t count = 0;
    snug_status status = SNUG_OK;
    if (row->axis != NULL && !is_last_axis(node, row->axis)) {
        return fail("works along an axis that is not the columns");
    }
    if (snug_onnx_whole(node, "training_mode", 0) != 0) {
        return fail(in_training);
    }
    for (size_t i = 0; i < 2 && row->fields[i].attribute != NULL; i++) {
        if (snug_onnx_attribute(node, row->fields[i].attribute) != NULL) {
            double value = snug_onnx_real(node, row->fields[i].attribute, 0);
            fields[count++] = snug_number(row->fields[i].field, value);
        }
    }
    for (size_t i = 0; i < SNUG_ONNX_MAX_WEIGHTS && row->weights[i] != NULL && status == SNUG_OK;
         i++) {
        const char *input = snug_onnx_input(node, i + 1);
        if (input != NULL || i + 1 != row->optional) { /* without it the new layer's zeros stay */
            status = add_weight(graph, step, row->weights[i], input);
        }
    }
    return status == SNUG_OK ? make(step, row->kind, fields) : status;
}

static snug_status take_pattern(const snug_onnx_graph *graph, const pattern_row *row,
                                const snug_onnx_match *match, snug_onnx_step *step) {
    snug_field_value fields[4] = {{0}};
    size_t count = 0;
    snug_status status = SNUG_OK;
    step->x = match->x;
    if (row->matrix) {
        return make_dense(graph, step, match->tensors[0], false, match->tensors[1]);
    }
    if (row->choice[0] != NULL) {
        fields[count++] = snug_string(row->choice[0], row->choice[1]);
    }
    if (row->plain) {
        fields[count++] = snug_flag("affine", false);
    }
    for (size_t i = 0; i < 2 && row->fields[i] != NULL; i++) {
        fields[count++] = snug_number(row->fields[i], match->numbers[i]);
    }
    for (size_t i = 0; i < 2 && row->weights[i] != NULL && status == SNUG_OK; i++) {
        status = add_weight(graph, step, row->weights[i], match->tensors[i]);
    }
    return status == SNUG_OK ? make(step, row->kind, fields) : status;
}

/* Finds the row for a node whose first input is the x of the step; false: it has none. */
static bool take_node(const snug_onnx_graph *graph, const Onnx__NodeProto *node,
                      snug_onnx_step *step, snug_status *status) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (strcmp(operators[i].name, node->op_type) == 0) {
            *status = take_operator(graph, &operators[i], node, step);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, node->op_type) == 0) {
            *status = functions[i].step(graph, node, step);
            return true;
        }
    }
    return false;
}

/* Finds the pattern whose last node computes a value; false: there is none. */
static bool take_any_pattern(const snug_onnx_graph *graph, const char *value, snug_onnx_step *step,
                             snug_status *status) {
    snug_onnx_match match;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        if (snug_onnx_matches(graph, patterns[i].pattern, value, &match)) {
            *status = take_pattern(graph, &patterns[i], &match, step);
            return true;
        }
    }
    return false;
}

/* Returns whether an operator is one of ONNX's own, and not of another domain. */
static bool is_own(const Onnx__NodeProto *node) {
    return node->domain == NULL || *node->domain == 0 || strcmp(node->domain, "ai.onnx") == 0;
}

snug_status snug_onnx_step_to(const snug_onnx_graph *graph, const char *value,
                              snug_onnx_step *step) {
    snug_status status = SNUG_OK;
    *step = (snug_onnx_step){.node = snug_onnx_producer(graph, value)};
    if (step->node == NULL || step->node->op_type == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "nothing computes \"%.100s\"", value);
    }
    step->x = snug_onnx_input(step->node, 0);
    if (!is_own(step->node) || (!take_any_pattern(graph, value, step, &status) &&
                                !take_node(graph, step->node, step, &status))) {
        status = fail("no layer of Snug does this");
    } else if (status == SNUG_OK && step->x == NULL) {
        status = fail("has no input");
    }
    step->is_layer = step->layer != NULL;
    return status == SNUG_OK ? SNUG_OK : snug_onnx_fail_in(step->node);
}
