#include <math.h>

#include "quantize/pointwise.h"

static double unary(int function, double x) {
    switch ((snug_unary)function) {
    case SNUG_NEGATE:
        return -x;
    case SNUG_ABS:
        return fabs(x);
    case SNUG_SQRT:
        return sqrt(x);
    case SNUG_ROUND_DOWN:
        return floor(x);
    case SNUG_EXP:
        return exp(x);
    case SNUG_LOG:
        return log(x);
    case SNUG_SIN:
        return sin(x);
    case SNUG_COS:
        return cos(x);
    case SNUG_TANH:
        return tanh(x);
    case SNUG_ERF:
        return erf(x);
    case SNUG_SIGMOID:
        return 1 / (1 + exp(-x));
    case SNUG_SOFTPLUS:
        return fmax(x, 0) + log1p(exp(-fabs(x)));
    case SNUG_IS_NAN:
        return isnan(x) ? 1 : 0;
    }
    return NAN;
}

static double binary(int function, double a, double b) {
    switch ((snug_binary)function) {
    case SNUG_ADD:
        return a + b;
    case SNUG_SUBTRACT:
        return a - b;
    case SNUG_MULTIPLY:
        return a * b;
    case SNUG_DIVIDE:
        return a / b;
    case SNUG_MAXIMUM:
        return a > b ? a : b;
    case SNUG_MINIMUM:
        return a < b ? a : b;
    case SNUG_GREATER:
        return a > b ? 1 : 0;
    case SNUG_EQUAL:
        return a == b ? 1 : 0;
    }
    return NAN;
}

/* Returns the value of a node by those of its inputs, in[]. */
static double evaluate(const snug_graph_node *node, const double in[3]) {
    double x = in[0];
    switch (node->operation) {
    case SNUG_OPERATION_UNARY:
        return unary(node->function, x);
    case SNUG_OPERATION_ELU:
        return node->second * (x > 0 ? x : node->first * expm1(x));
    case SNUG_OPERATION_LEAKY_RELU:
        return x > 0 ? x : node->first * x;
    case SNUG_OPERATION_CLIP:
        return x < node->first ? node->first : x > node->second ? node->second : x;
    case SNUG_OPERATION_BINARY:
        return binary(node->function, x, in[1]);
    case SNUG_OPERATION_SELECT:
        return x != 0 ? in[1] : in[2];
    default:
        return NAN;
    }
}

double snug_pointwise(const snug_graph *graph, const snug_node_part *parts, size_t node, double x,
                      double *memory) {
    size_t root = parts[node].root;
    memory[root] = x;
    for (size_t n = root + 1; n <= node; n++) {
        const snug_graph_node *step = &graph->nodes[n];
        double in[3] = {0};
        if (parts[n].root != root) {
            continue;
        }
        for (size_t i = 0; i < step->input_count && i < 3; i++) {
            size_t input = step->inputs[i];
            bool constant = graph->nodes[input].operation == SNUG_OPERATION_CONSTANT;
            in[i] = constant ? (double)graph->nodes[input].values[0] : memory[input];
        }
        memory[n] = evaluate(step, in);
    }
    return memory[node];
}
