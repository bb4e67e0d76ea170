/*
 * Which layer a node is: an operator of the table, one with a function of its own
 * (import/onnx_operators.h), or the last of several nodes that match a pattern. Patterns are tried
 * first, since their last node is often an operator that is a layer by itself, too.
 */
#include <string.h>

#include "core/status.h"
#include "import/onnx_layers.h"
#include "import/onnx_match.h"
#include "import/onnx_operators.h"

snug_status snug_onnx_fail_in(const Onnx__NodeProto *node) {
    return snug_error_status() == SNUG_ERROR_MEMORY
               ? SNUG_ERROR_MEMORY
               : snug_fail_in("node \"%.100s\" (%.40s)", snug_onnx_node_name(node),
                              node->op_type != NULL ? node->op_type : "");
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
        return snug_onnx_fail("works along an axis that is not the columns");
    }
    if (snug_onnx_whole(node, "training_mode", 0) != 0) {
        return snug_onnx_fail(snug_onnx_in_training);
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
            status = snug_onnx_add_weight(graph, step, row->weights[i], input);
        }
    }
    return status == SNUG_OK ? snug_onnx_make(step, row->kind, fields) : status;
}

static snug_status take_pattern(const snug_onnx_graph *graph, const pattern_row *row,
                                const snug_onnx_match *match, snug_onnx_step *step) {
    snug_field_value fields[4] = {{0}};
    size_t count = 0;
    snug_status status = SNUG_OK;
    step->x = match->x;
    if (row->matrix) {
        return snug_onnx_make_dense(graph, step, match->tensors[0], false, match->tensors[1]);
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
        status = snug_onnx_add_weight(graph, step, row->weights[i], match->tensors[i]);
    }
    return status == SNUG_OK ? snug_onnx_make(step, row->kind, fields) : status;
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
    return snug_onnx_operator(graph, node, step, status);
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
        status = snug_onnx_fail("no layer of Snug does this");
    } else if (status == SNUG_OK && step->x == NULL) {
        status = snug_onnx_fail("has no input");
    }
    step->is_layer = step->layer != NULL;
    return status == SNUG_OK ? SNUG_OK : snug_onnx_fail_in(step->node);
}
