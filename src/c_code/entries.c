#include <math.h>
#include <stdbool.h>

#include "c_code/entries.h"

/* Bytes of an index of two numbers, and of the expression of one entry: a name with an index. */
enum { INDEX_SIZE = 48, ENTRY_SIZE = 96 };

/* ---- entries --------------------------------------------------------------------------------- */

/* Whether an input of a loop of this shape repeats a row or a column of several numbers. */
static bool repeats(const snug_graph_node *input, const snug_graph_node *root) {
    return !snug_c_same_shape(input, root) && input->rows * input->columns > 1 &&
           !snug_c_is_number(input);
}

/* Whether the loop of `root` has to count rows and columns apart. */
static bool is_nested(const snug_c_program *p, size_t root) {
    for (size_t v = p->plan.places[root].first; v <= root; v++) {
        const snug_graph_node *node = snug_c_node(p, v);
        for (size_t i = 0; p->plan.places[v].root == root && i < node->input_count; i++) {
            if (repeats(snug_c_input(p, v, i), snug_c_node(p, root))) {
                return true;
            }
        }
    }
    return false;
}

/* Formats the index of the entry of a node in the loop of `root`. */
static void format_index(char text[INDEX_SIZE], const snug_graph_node *node,
                         const snug_graph_node *root, bool nested) {
    if (node->rows * node->columns == 1) {
        snprintf(text, INDEX_SIZE, "0");
    } else if (!nested) {
        snprintf(text, INDEX_SIZE, "i");
    } else if (snug_c_same_shape(node, root)) {
        snprintf(text, INDEX_SIZE, "r * %zu + c", root->columns);
    } else {
        snprintf(text, INDEX_SIZE, "%s", node->rows == 1 ? "c" : "r");
    }
}

/* Formats the entry of node v that the loop of `root` reads, as an operand of an expression. */
static void format_entry(const snug_c_program *p, char text[ENTRY_SIZE], size_t v, size_t root,
                         bool nested) {
    const snug_graph_node *node = snug_c_node(p, v);
    if (snug_c_is_number(node)) {
        char number[SNUG_C_NUMBER_SIZE];
        snug_c_number(number, node->values[0]);
        snprintf(text, ENTRY_SIZE, signbit(node->values[0]) ? "(%s)" : "%s", number);
    } else if (p->plan.places[v].root == root) {
        snprintf(text, ENTRY_SIZE, "t%zu", v);
    } else {
        char index[INDEX_SIZE];
        format_index(index, node, snug_c_node(p, root), nested);
        snprintf(text, ENTRY_SIZE, "x%zu[%s]", v, index);
    }
}

/* ---- operations ------------------------------------------------------------------------------ */

/*
 * Expressions of one operand, which is written for each "@". "#" begins functions that come with
 * the program where it has no <math.h>.
 */
static const char *const unary_expressions[] = {
    [SNUG_NEGATE] = "-@",
    [SNUG_ABS] = "@ < 0.0f ? -@ : @",
    [SNUG_SQRT] = "#sqrtf(@)",
    [SNUG_EXP] = "#expf(@)",
    [SNUG_LOG] = "#logf(@)",
    [SNUG_SIN] = "#sinf(@)",
    [SNUG_COS] = "#cosf(@)",
    [SNUG_ROUND_DOWN] = "#floorf(@)",
    [SNUG_TANH] = "#tanhf(@)",
    [SNUG_ERF] = "#erff(@)",
    [SNUG_SIGMOID] = "1.0f / (1.0f + #expf(-@))",
    [SNUG_SOFTPLUS] = "(@ > 0.0f ? @ : 0.0f) + #log1pf(#expf(@ > 0.0f ? -@ : @))",
    [SNUG_IS_NAN] = "@ != @ ? 1.0f : 0.0f"};

/* Expressions of two operands, "@" and "$". NaN of either remains in the larger and the smaller. */
static const char *const binary_expressions[] = {[SNUG_ADD] = "@ + $",
                                                 [SNUG_SUBTRACT] = "@ - $",
                                                 [SNUG_MULTIPLY] = "@ * $",
                                                 [SNUG_DIVIDE] = "@ / $",
                                                 [SNUG_MAXIMUM] = "@ > $ || @ != @ ? @ : $",
                                                 [SNUG_MINIMUM] = "@ < $ || @ != @ ? @ : $",
                                                 [SNUG_GREATER] = "@ > $ ? 1.0f : 0.0f",
                                                 [SNUG_EQUAL] = "@ == $ ? 1.0f : 0.0f"};

/* Writes an expression with its operands. */
static void write_expression(const snug_c_program *p, const char *expression, const char *a,
                             const char *b) {
    for (; *expression != '\0'; expression++) {
        switch (*expression) {
        case '@':
            fputs(a, p->file);
            break;
        case '$':
            fputs(b, p->file);
            break;
        case '#':
            fprintf(p->file, "%s%s", p->no_libm ? p->names.prefix : "", p->no_libm ? "_" : "");
            break;
        default:
            fputc(*expression, p->file);
        }
    }
}

/* Writes x clipped; an infinite bound is none. NaN remains, for comparisons with it are false. */
static void write_clip(const snug_c_program *p, const snug_graph_node *node, const char *x) {
    char number[SNUG_C_NUMBER_SIZE];
    if (isfinite(node->first)) {
        snug_c_number(number, (float)node->first);
        fprintf(p->file, "%s < %s ? %s : ", x, number, number);
    }
    if (isfinite(node->second)) {
        snug_c_number(number, (float)node->second);
        fprintf(p->file, "%s > %s ? %s : ", x, number, number);
    }
    fputs(x, p->file);
}

static void write_elu(const snug_c_program *p, const snug_graph_node *node, const char *x) {
    char scale[SNUG_C_NUMBER_SIZE], slope[SNUG_C_NUMBER_SIZE];
    snug_c_number(scale, (float)node->second);
    snug_c_number(slope, (float)(node->first * node->second));
    fprintf(p->file, "%s > 0.0f ? %s * %s : %s * ", x, scale, x, slope);
    write_expression(p, "(#expf(@) - 1.0f)", x, "");
}

static void write_leaky_relu(const snug_c_program *p, const snug_graph_node *node, const char *x) {
    char slope[SNUG_C_NUMBER_SIZE];
    if ((float)node->first == 0.0F) {
        fprintf(p->file, "%s <= 0.0f ? 0.0f : %s", x, x); /* of NaN neither 0 nor positive */
        return;
    }
    fprintf(p->file, "%s > 0.0f ? %s : %s * %s", x, x, snug_c_number(slope, (float)node->first), x);
}

/* Writes the expression of one entry of node v. */
static void write_operation(const snug_c_program *p, size_t v, size_t root, bool nested) {
    const snug_graph_node *node = snug_c_node(p, v);
    char operands[3][ENTRY_SIZE] = {"", "", ""};
    for (size_t i = 0; i < node->input_count && i < 3; i++) {
        format_entry(p, operands[i], node->inputs[i], root, nested);
    }
    switch (node->operation) {
    case SNUG_OPERATION_ELU:
        write_elu(p, node, operands[0]);
        break;
    case SNUG_OPERATION_LEAKY_RELU:
        write_leaky_relu(p, node, operands[0]);
        break;
    case SNUG_OPERATION_CLIP:
        write_clip(p, node, operands[0]);
        break;
    case SNUG_OPERATION_BINARY:
        write_expression(p, binary_expressions[node->function], operands[0], operands[1]);
        break;
    case SNUG_OPERATION_SELECT:
        fprintf(p->file, "%s != 0.0f ? %s : %s", operands[0], operands[1], operands[2]);
        break;
    default:
        write_expression(p, unary_expressions[node->function], operands[0], "");
    }
}

/* ---- loops ----------------------------------------------------------------------------------- */

/* Whether a node before input i of node v, in the loop of `root`, reads the same value. */
static bool is_declared(const snug_c_program *p, size_t v, size_t i, size_t root) {
    const size_t input = snug_c_node(p, v)->inputs[i];
    for (size_t u = p->plan.places[root].first; u <= v; u++) {
        const snug_graph_node *node = snug_c_node(p, u);
        const size_t count = u == v ? i : node->input_count;
        for (size_t k = 0; p->plan.places[u].root == root && k < count; k++) {
            if (node->inputs[k] == input) {
                return true;
            }
        }
    }
    return false;
}

/* Declares a pointer for each value that the loop of `root` reads, and y for its result. */
static void write_pointers(snug_c_program *p, size_t root) {
    char pointer[SNUG_C_POINTER_SIZE];
    for (size_t v = p->plan.places[root].first; v <= root; v++) {
        const snug_graph_node *node = snug_c_node(p, v);
        for (size_t i = 0; p->plan.places[v].root == root && i < node->input_count; i++) {
            const size_t input = node->inputs[i];
            if (p->plan.places[input].root != root && !snug_c_is_number(snug_c_node(p, input)) &&
                !is_declared(p, v, i, root)) {
                snug_c_line(p, "const float *const x%zu = %s;", input,
                            snug_c_pointer(p, pointer, input));
            }
        }
    }
    snug_c_line(p, "float *const y = %s;", snug_c_pointer(p, pointer, root));
}

/* Writes what the loop of `root` does for one entry. */
static void write_body(snug_c_program *p, size_t root, bool nested) {
    char index[INDEX_SIZE];
    for (size_t v = p->plan.places[root].first; v <= root; v++) {
        if (p->plan.places[v].root != root) {
            continue;
        }
        snug_c_begin_line(p);
        if (v == root) {
            format_index(index, snug_c_node(p, root), snug_c_node(p, root), nested);
            fprintf(p->file, "y[%s] = ", index);
        } else {
            fprintf(p->file, "const float t%zu = ", v);
        }
        write_operation(p, v, root, nested);
        fputs(";\n", p->file);
    }
}

void snug_c_write_entries(snug_c_program *p, size_t root) {
    const snug_graph_node *node = snug_c_node(p, root);
    const size_t count = node->rows * node->columns;
    write_pointers(p, root);
    if (is_nested(p, root)) {
        snug_c_line(p, "for (size_t r = 0; r < %zu; r++) {", node->rows);
        snug_c_line(p, "for (size_t c = 0; c < %zu; c++) {", node->columns);
        write_body(p, root, true);
        snug_c_line(p, "}");
        snug_c_line(p, "}");
    } else if (count == 1) {
        write_body(p, root, false);
    } else {
        snug_c_line(p, "for (size_t i = 0; i < %zu; i++) {", count);
        write_body(p, root, false);
        snug_c_line(p, "}");
    }
}
