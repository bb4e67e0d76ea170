/* Operations entry by entry, the input and constants as ONNX nodes. */
#include <math.h>

#include "export/onnx_entries.h"

/* The input of the ONNX model itself. */
char *snug_onnx_translate_input(snug_onnx_translation *t, size_t i) {
    (void)i;
    return t->input;
}

/* An initializer with the batch 1. */
char *snug_onnx_translate_constant(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    const int64_t shape[] = {1, (int64_t)node->rows, (int64_t)node->columns};
    const int64_t row[] = {1, (int64_t)node->columns};
    return node->rows > 1 ? snug_onnx_floats(t->builder, "constant", shape, 3, node->values)
                          : snug_onnx_floats(t->builder, "constant", row, 2, node->values);
}

/* Functions of one number, which ONNX all has; IsNaN gives bool. */
char *snug_onnx_translate_unary(snug_onnx_translation *t, size_t i) {
    static const char *const names[] = {
        [SNUG_NEGATE] = "Neg",       [SNUG_ABS] = "Abs",         [SNUG_SQRT] = "Sqrt",
        [SNUG_ROUND_DOWN] = "Floor", [SNUG_EXP] = "Exp",         [SNUG_LOG] = "Log",
        [SNUG_SIN] = "Sin",          [SNUG_COS] = "Cos",         [SNUG_TANH] = "Tanh",
        [SNUG_ERF] = "Erf",          [SNUG_SIGMOID] = "Sigmoid", [SNUG_SOFTPLUS] = "Softplus",
        [SNUG_IS_NAN] = "IsNaN",
    };
    const snug_unary function = (snug_unary)snug_onnx_node_at(t, i)->function;
    char *y = snug_onnx_unary(t->builder, names[function], snug_onnx_input_of(t, i, 0));
    if (function == SNUG_IS_NAN) {
        t->conditions[i] = y;
        return NULL;
    }
    return y;
}

/* Functions of two numbers, which repeat rows and columns as the graph does; two give bool. */
char *snug_onnx_translate_binary(snug_onnx_translation *t, size_t i) {
    static const char *const names[] = {
        [SNUG_ADD] = "Add",         [SNUG_SUBTRACT] = "Sub", [SNUG_MULTIPLY] = "Mul",
        [SNUG_DIVIDE] = "Div",      [SNUG_MAXIMUM] = "Max",  [SNUG_MINIMUM] = "Min",
        [SNUG_GREATER] = "Greater", [SNUG_EQUAL] = "Equal",
    };
    const snug_binary function = (snug_binary)snug_onnx_node_at(t, i)->function;
    char *a = snug_onnx_lined_up(t, i, 0), *b = snug_onnx_lined_up(t, i, 1);
    char *y = snug_onnx_binary(t->builder, names[function], a, b);
    if (function == SNUG_GREATER || function == SNUG_EQUAL) {
        t->conditions[i] = y;
        return NULL;
    }
    return y;
}

/* Selu has the parameters of a scaled ELU, gamma for the scale. */
char *snug_onnx_translate_elu(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    if (node->second == 1) {
        char *y = snug_onnx_unary(t->builder, "Elu", snug_onnx_input_of(t, i, 0));
        snug_onnx_set_float(t->builder, "alpha", node->first);
        return y;
    }
    char *y = snug_onnx_unary(t->builder, "Selu", snug_onnx_input_of(t, i, 0));
    snug_onnx_set_float(t->builder, "alpha", node->first);
    snug_onnx_set_float(t->builder, "gamma", node->second);
    return y;
}

/* Relu for the slope 0, which more runtimes have a kernel for. */
char *snug_onnx_translate_leaky_relu(snug_onnx_translation *t, size_t i) {
    const double slope = snug_onnx_node_at(t, i)->first;
    if (slope == 0) {
        return snug_onnx_unary(t->builder, "Relu", snug_onnx_input_of(t, i, 0));
    }
    char *y = snug_onnx_unary(t->builder, "LeakyRelu", snug_onnx_input_of(t, i, 0));
    snug_onnx_set_float(t->builder, "alpha", slope);
    return y;
}

/* The bounds are inputs of Clip, which leaves one out where there is none. */
char *snug_onnx_translate_clip(snug_onnx_translation *t, size_t i) {
    const snug_graph_node *node = snug_onnx_node_at(t, i);
    char *inputs[] = {snug_onnx_input_of(t, i, 0), NULL, NULL};
    size_t count = 1;
    if (isfinite(node->first)) {
        inputs[1] = snug_onnx_number(t->builder, "min", node->first);
        count = 2;
    }
    if (isfinite(node->second)) {
        inputs[2] = snug_onnx_number(t->builder, "max", node->second);
        count = 3;
    }
    return snug_onnx_node(t->builder, "Clip", inputs, count);
}

/* The condition is taken as bool, if it was made so, and never as numbers in between. */
char *snug_onnx_translate_select(snug_onnx_translation *t, size_t i) {
    const size_t condition = snug_onnx_input_number(t, i, 0);
    char *inputs[] = {
        snug_onnx_line_up(t, snug_onnx_condition_of(t, condition), condition,
                          snug_onnx_node_at(t, i)->rows),
        snug_onnx_lined_up(t, i, 1),
        snug_onnx_lined_up(t, i, 2),
    };
    return snug_onnx_node(t->builder, "Where", inputs, 3);
}
