#include <ctype.h>
#include <math.h>
#include <string.h>

#include "import/onnx_match.h"
#include "import/onnx_tensor.h"

/* Constants of exporters are rounded to floats, and some to 5 digits. */
static bool near(double a, double b) {
    return fabs(a - b) <= 1e-5 * fabs(b);
}

/* Returns what follows an expression, before the blanks. */
static const char *skip_expression(const char *at) {
    size_t depth = 0;
    do {
        depth += *at == '(';
        depth -= *at == ')';
        at++;
    } while (*at != 0 && (depth > 0 || (*at != ' ' && *at != ')')));
    return at;
}

/* Reads a decimal number of a pattern, whatever the locale. */
static double read_decimal(const char *at) {
    double number = 0, scale = 1;
    for (bool behind_point = false; isdigit((unsigned char)*at) || *at == '.'; at++) {
        if (*at == '.') {
            behind_point = true;
            continue;
        }
        number = number * 10 + (*at - '0');
        scale *= behind_point ? 10 : 1;
    }
    return number / scale;
}

static const char *skip_blanks(const char *at) {
    while (*at == ' ') {
        at++;
    }
    return at;
}

bool snug_onnx_is_row_mean(const Onnx__NodeProto *node) {
    const Onnx__AttributeProto *axes = snug_onnx_attribute(node, "axes");
    return axes != NULL && axes->n_ints == 1 && (axes->ints[0] == -1 || axes->ints[0] == 1) &&
           snug_onnx_whole(node, "keepdims", 1) == 1;
}

bool snug_onnx_is_slope_sixth(const Onnx__NodeProto *node) {
    return near(snug_onnx_real(node, "alpha", 0.2), 1.0 / 6) &&
           near(snug_onnx_real(node, "beta", 0.5), 0.5);
}

/* Returns whether a node can be the operator of a name in a pattern. */
static bool is_operator(const Onnx__NodeProto *node, const char *name, size_t length) {
    if (node->op_type == NULL || strlen(node->op_type) != length ||
        strncmp(node->op_type, name, length) != 0) {
        return false;
    }
    if (strcmp(node->op_type, "ReduceMean") == 0) {
        return snug_onnx_is_row_mean(node);
    }
    return strcmp(node->op_type, "HardSigmoid") != 0 || snug_onnx_is_slope_sixth(node);
}

static bool match_at(const snug_onnx_graph *graph, const char *at, const char *value,
                     snug_onnx_match *match);

/*
 * Matches the inputs of a node, of which a pattern has one or two; with `swapped` the second input
 * is the first of the pattern. Calls itself by match_at(), as deep as the pattern is.
 */
static bool match_inputs(const snug_onnx_graph *graph, const char *first,
                         const Onnx__NodeProto *node, bool swapped, snug_onnx_match *match) {
    const char *second = skip_blanks(skip_expression(first));
    const size_t count = *second == ')' ? 1 : 2;
    if (node->n_input != count) {
        return false;
    }
    const char *a = node->input[swapped ? 1 : 0];
    return match_at(graph, first, a, match) &&
           (count == 1 || match_at(graph, second, node->input[swapped ? 0 : 1], match));
}

/*
 * Matches an expression in brackets. Where the first order of the inputs does not match, what it
 * noted is undone before the second is tried.
 */
static bool match_node(const snug_onnx_graph *graph, const char *at, const char *value,
                       snug_onnx_match *match) {
    const Onnx__NodeProto *node = snug_onnx_producer(graph, value);
    const char *name = at + 1, *inputs = name;
    while (isalnum((unsigned char)*inputs)) {
        inputs++;
    }
    if (node == NULL || !is_operator(node, name, (size_t)(inputs - name))) {
        return false;
    }
    const snug_onnx_match before = *match;
    inputs = skip_blanks(inputs);
    if (match_inputs(graph, inputs, node, false, match)) {
        return true;
    }
    *match = before;
    bool swaps = node->n_input == 2 &&
                 (strcmp(node->op_type, "Add") == 0 || strcmp(node->op_type, "Mul") == 0);
    return swaps && match_inputs(graph, inputs, node, true, match);
}

/* Matches x: the first time any value that is no constant, then the same one. */
static bool match_x(const snug_onnx_graph *graph, const char *value, snug_onnx_match *match) {
    if (match->x == NULL && snug_onnx_constant(graph, value) == NULL) {
        match->x = value;
    }
    return match->x != NULL && strcmp(match->x, value) == 0;
}

/* Matches $0 or $1: the first time any number, then one that is equal. */
static bool match_number(const snug_onnx_graph *graph, size_t i, const char *value,
                         snug_onnx_match *match) {
    double number = 0;
    if (!snug_onnx_scalar(graph, value, &number) ||
        (match->noted[i] && !near(number, match->numbers[i]))) {
        return false;
    }
    match->numbers[i] = number;
    match->noted[i] = true;
    return true;
}

/* Matches any expression by its first character. */
static bool match_at(const snug_onnx_graph *graph, const char *at, const char *value,
                     snug_onnx_match *match) {
    double number = 0;
    switch (*at) {
    case '(':
        return match_node(graph, at, value, match);
    case 'x':
        return match_x(graph, value, match);
    case '$':
        return match_number(graph, at[1] == '1', value, match);
    case '@':
        match->tensors[at[1] == '1'] = value;
        return snug_onnx_constant(graph, value) != NULL ||
               snug_onnx_transposed(graph, value) != NULL;
    default:
        return snug_onnx_scalar(graph, value, &number) && near(number, read_decimal(at));
    }
}

bool snug_onnx_matches(const snug_onnx_graph *graph, const char *pattern, const char *value,
                       snug_onnx_match *match) {
    *match = (snug_onnx_match){.x = NULL};
    return match_at(graph, pattern, value, match) && match->x != NULL;
}
