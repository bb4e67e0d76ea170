#include <stdbool.h>

#include "c_code/matrices.h"

/* Declares x, the first input of node v, and y, its result. */
static void write_x_and_y(snug_c_program *p, size_t v) {
    char x[SNUG_C_POINTER_SIZE], y[SNUG_C_POINTER_SIZE];
    snug_c_line(p, "const float *const x = %s;",
                snug_c_pointer(p, x, snug_c_node(p, v)->inputs[0]));
    snug_c_line(p, "float *const y = %s;", snug_c_pointer(p, y, v));
}

/* ---- linear maps ----------------------------------------------------------------------------- */

/*
 * Up to this many outputs are computed as sums of products, each in LANES parts that a compiler
 * adds side by side; more are computed side by side themselves.
 */
enum { NARROW = 4, LANES = 8, INPUTS_AT_ONCE = 4 };

bool snug_c_is_narrow(const snug_c_program *p, size_t v) {
    return snug_c_node(p, v)->columns <= NARROW && snug_c_input(p, v, 0)->columns >= 2 * LANES;
}

/* Declares a pointer to what belongs to row r of `stride` numbers a row; 0: to the only row. */
static void write_row_pointer(snug_c_program *p, const char *type, const char *name,
                              const char *from, size_t stride) {
    snug_c_begin_line(p);
    fprintf(p->file, "%s *const %s = %s", type, name, from);
    if (stride > 0) {
        fprintf(p->file, " + r * %zu", stride);
    }
    fputs(";\n", p->file);
}

/* Declares x and y, weights and biases, and begins y with the biases, or 0. */
static void write_linear_start(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v), *from = snug_c_input(p, v, 0);
    const size_t outputs = node->columns;
    char text[SNUG_C_POINTER_SIZE];
    write_row_pointer(p, "const float", "x", snug_c_pointer(p, text, node->inputs[0]),
                      from->rows > 1 ? from->columns : 0);
    write_row_pointer(p, "float", "y", snug_c_pointer(p, text, v), node->rows > 1 ? outputs : 0);
    snprintf(text, sizeof text, "%s_weights_%zu", p->names.prefix, v);
    write_row_pointer(p, "const float", "weights", text,
                      node->matrices > 1 ? from->columns * outputs : 0);
    if (node->biases != NULL) {
        snprintf(text, sizeof text, "%s_biases_%zu", p->names.prefix, v);
        write_row_pointer(p, "const float", "biases", text, node->matrices > 1 ? outputs : 0);
    }
    snug_c_line(p, "for (size_t j = 0; j < %zu; j++) {", outputs);
    snug_c_line(p, "y[j] = %s;", node->biases != NULL ? "biases[j]" : "0.0f");
    snug_c_line(p, "}");
}

/*
 * Adds the products of one or INPUTS_AT_ONCE inputs from i on, output by output. Sums of pairs
 * round less than a sum of one after the other.
 */
static void write_products(snug_c_program *p, size_t outputs, size_t count) {
    snug_c_line(p, "const float *const w = weights + i * %zu;", outputs);
    snug_c_begin_line(p);
    fputs("const float ", p->file);
    for (size_t k = 0; k < count; k++) {
        fprintf(p->file, k == 0 ? "x0 = x[i]" : ", x%zu = x[i + %zu]", k, k);
    }
    fputs(";\n", p->file);
    snug_c_line(p, "for (size_t j = 0; j < %zu; j++) {", outputs);
    snug_c_begin_line(p);
    if (count == 1) {
        fputs("y[j] += x0 * w[j]", p->file);
    } else {
        fprintf(p->file,
                "y[j] += (x0 * w[j] + x1 * w[%zu + j]) + (x2 * w[%zu + j] + x3 * w[%zu + j])",
                outputs, 2 * outputs, 3 * outputs);
    }
    fputs(";\n", p->file);
    snug_c_line(p, "}");
}

/* Writes the sums over inputs, of which several at once read and write y less often. */
static void write_wide(snug_c_program *p, size_t inputs, size_t outputs) {
    const size_t whole = inputs - inputs % INPUTS_AT_ONCE;
    if (whole > 0) {
        snug_c_line(p, "for (size_t i = 0; i < %zu; i += %d) {", whole, INPUTS_AT_ONCE);
        write_products(p, outputs, INPUTS_AT_ONCE);
        snug_c_line(p, "}");
    }
    if (whole < inputs) {
        snug_c_line(p, "for (size_t i = %zu; i < %zu; i++) {", whole, inputs);
        write_products(p, outputs, 1);
        snug_c_line(p, "}");
    }
}

/* Writes the sums over inputs of each output, whose weights are side by side. */
static void write_narrow(snug_c_program *p, size_t inputs, size_t outputs) {
    const size_t whole = inputs - inputs % LANES;
    snug_c_line(p, "for (size_t j = 0; j < %zu; j++) {", outputs);
    snug_c_line(p, "const float *const w = weights + j * %zu;", inputs);
    snug_c_line(p, "float sums[%d] = {0.0f};", LANES);
    snug_c_line(p, "for (size_t i = 0; i < %zu; i += %d) {", whole, LANES);
    snug_c_line(p, "for (size_t k = 0; k < %d; k++) {", LANES);
    snug_c_line(p, "sums[k] += x[i + k] * w[i + k];");
    snug_c_line(p, "}");
    snug_c_line(p, "}");
    if (whole < inputs) {
        snug_c_line(p, "for (size_t i = %zu; i < %zu; i++) {", whole, inputs);
        snug_c_line(p, "sums[i - %zu] += x[i] * w[i];", whole);
        snug_c_line(p, "}");
    }
    snug_c_line(p, "for (size_t k = 0; k < %d; k++) {", LANES);
    snug_c_line(p, "y[j] += sums[k];");
    snug_c_line(p, "}");
    snug_c_line(p, "}");
}

static void write_linear(snug_c_program *p, size_t v) {
    const size_t rows = snug_c_node(p, v)->rows;
    if (rows > 1) {
        snug_c_line(p, "for (size_t r = 0; r < %zu; r++) {", rows);
    }
    write_linear_start(p, v);
    (snug_c_is_narrow(p, v) ? write_narrow : write_wide)(p, snug_c_input(p, v, 0)->columns,
                                                         snug_c_node(p, v)->columns);
    if (rows > 1) {
        snug_c_line(p, "}");
    }
}

/* ---- sums and softmax ------------------------------------------------------------------------ */

/* Writes a loop over i of one statement, in which "#" begins a function of <math.h>. */
static void write_loop(snug_c_program *p, size_t from, size_t count, const char *statement) {
    snug_c_line(p, "for (size_t i = %zu; i < %zu; i++) {", from, count);
    snug_c_begin_line(p);
    snug_c_write_math(p, statement);
    fputc('\n', p->file);
    snug_c_line(p, "}");
}

/* Writes softmax of each row, or its logarithm: less the largest entry, so that no e^x is inf. */
static void write_softmax(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    const size_t columns = node->columns;
    const bool logarithm = node->operation == SNUG_OPERATION_LOG_SOFTMAX;
    write_x_and_y(p, v);
    snug_c_line(p, "for (size_t r = 0; r < %zu; r++) {", node->rows);
    snug_c_line(p, "const float *const a = x + r * %zu;", columns);
    snug_c_line(p, "float *const e = y + r * %zu;", columns);
    snug_c_line(p, "float largest = a[0], sum = 0.0f;");
    /* NaN is the largest, so that it remains. */
    write_loop(p, 1, columns, "largest = a[i] > largest || a[i] != a[i] ? a[i] : largest;");
    write_loop(p, 0, columns, "e[i] = #expf(a[i] - largest);");
    write_loop(p, 0, columns, "sum += e[i];");
    if (logarithm) {
        snug_c_begin_line(p);
        snug_c_write_math(p, "sum = #logf(sum);\n");
        write_loop(p, 0, columns, "e[i] = a[i] - largest - sum;");
    } else {
        write_loop(p, 0, columns, "e[i] /= sum;");
    }
    snug_c_line(p, "}");
}

/* Writes the sum, mean or largest of each row or column. */
static void write_reduction(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v), *from = snug_c_input(p, v, 0);
    const bool over_columns = node->operation == SNUG_OPERATION_REDUCE_COLUMNS;
    const size_t count = over_columns ? from->columns : from->rows;
    const size_t step =
        over_columns ? from->columns : 1; /* from one sum's first entry to the next */
    const size_t stride = over_columns ? 1 : from->columns; /* between the entries of a sum */
    write_x_and_y(p, v);
    snug_c_line(p, "for (size_t k = 0; k < %zu; k++) {", node->rows * node->columns);
    snug_c_line(p, "float total = x[k * %zu];", step);
    snug_c_line(p, "for (size_t i = 1; i < %zu; i++) {", count);
    snug_c_line(p, "const float a = x[k * %zu + i * %zu];", step, stride);
    snug_c_line(p, "%s",
                node->function == SNUG_LARGEST ? "total = a > total || a != a ? a : total;"
                                               : "total += a;");
    snug_c_line(p, "}");
    if (node->function == SNUG_MEAN) {
        char number[SNUG_C_NUMBER_SIZE];
        snug_c_line(p, "total /= %s;", snug_c_number(number, (float)count));
    }
    snug_c_line(p, "y[k] = total;");
    snug_c_line(p, "}");
}

/* ---- selected columns, parts, tables --------------------------------------------------------- */

static void write_columns(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    write_x_and_y(p, v);
    snug_c_line(p, "for (size_t r = 0; r < %zu; r++) {", node->rows);
    snug_c_line(p, "for (size_t i = 0; i < %zu; i++) {", node->columns);
    snug_c_line(p, "y[r * %zu + i] = x[r * %zu + %s_columns_%zu[i]];", node->columns,
                snug_c_input(p, v, 0)->columns, p->names.prefix, v);
    snug_c_line(p, "}");
    snug_c_line(p, "}");
}

/* Whether input i of a concatenation, from this column on, is computed where it belongs. */
static bool is_in_place(const snug_c_program *p, size_t v, size_t i, size_t column) {
    const snug_c_place *place = &p->plan.places[v];
    const snug_c_place *part = &p->plan.places[snug_c_node(p, v)->inputs[i]];
    return snug_c_node(p, v)->rows == 1 && part->storage == place->storage &&
           part->offset == place->offset + column;
}

bool snug_c_is_concatenated(const snug_c_program *p, size_t v) {
    size_t column = 0;
    for (size_t i = 0; i < snug_c_node(p, v)->input_count; i++) {
        if (!is_in_place(p, v, i, column)) {
            return false;
        }
        column += snug_c_input(p, v, i)->columns;
    }
    return true;
}

static void write_concatenate(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    char pointer[SNUG_C_POINTER_SIZE];
    size_t column = 0;
    snug_c_line(p, "float *const y = %s;", snug_c_pointer(p, pointer, v));
    for (size_t i = 0; i < node->input_count; i++) {
        const size_t columns = snug_c_input(p, v, i)->columns;
        if (!is_in_place(p, v, i, column)) {
            snug_c_line(p, "const float *const x%zu = %s;", i,
                        snug_c_pointer(p, pointer, node->inputs[i]));
            snug_c_line(p, "for (size_t r = 0; r < %zu; r++) {", node->rows);
            snug_c_line(p, "for (size_t i = 0; i < %zu; i++) {", columns);
            snug_c_line(p, "y[r * %zu + %zu + i] = x%zu[r * %zu + i];", node->columns, column, i,
                        columns);
            snug_c_line(p, "}");
            snug_c_line(p, "}");
        }
        column += columns;
    }
}

bool snug_c_is_one_hot(const snug_graph_node *node) {
    for (size_t i = 0; i < node->table_rows * node->columns; i++) {
        if (node->values[i] != (i / node->columns == i % node->columns ? 1.0F : 0.0F)) {
            return false;
        }
    }
    return true;
}

/* Writes the row of a table for the number of a category. NaN is in no comparison. */
static void write_look_up(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    const size_t last = node->table_rows - 1;
    write_x_and_y(p, v);
    snug_c_line(p, "size_t row = %zu; /* of any other number */", last);
    if (last > 0) {
        snug_c_line(p, "if (x[0] >= 0.0f && x[0] < %zu.0f) {", last);
        snug_c_line(p, "row = (size_t)x[0];");
        snug_c_line(p, "}");
    }
    snug_c_line(p, "for (size_t i = 0; i < %zu; i++) {", node->columns);
    if (snug_c_is_one_hot(node)) {
        snug_c_line(p, "y[i] = i == row ? 1.0f : 0.0f;");
    } else {
        snug_c_line(p, "y[i] = %s_table_%zu[row * %zu + i];", p->names.prefix, v, node->columns);
    }
    snug_c_line(p, "}");
}

/* ---- all operations -------------------------------------------------------------------------- */

void snug_c_write_copy_to_output(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    char pointer[SNUG_C_POINTER_SIZE];
    snug_c_line(p, "const float *const x = %s;", snug_c_pointer(p, pointer, v));
    snug_c_line(p, "for (size_t i = 0; i < %zu; i++) {", node->rows * node->columns);
    snug_c_line(p, "out[i] = x[i];");
    snug_c_line(p, "}");
}

void snug_c_write_matrices(snug_c_program *p, size_t v) {
    switch (snug_c_node(p, v)->operation) {
    case SNUG_OPERATION_LINEAR:
        write_linear(p, v);
        break;
    case SNUG_OPERATION_SOFTMAX:
    case SNUG_OPERATION_LOG_SOFTMAX:
        write_softmax(p, v);
        break;
    case SNUG_OPERATION_REDUCE_COLUMNS:
    case SNUG_OPERATION_REDUCE_ROWS:
        write_reduction(p, v);
        break;
    case SNUG_OPERATION_COLUMNS:
        write_columns(p, v);
        break;
    case SNUG_OPERATION_CONCATENATE:
        write_concatenate(p, v);
        break;
    case SNUG_OPERATION_LOOK_UP:
        write_look_up(p, v);
        break;
    default:
        break; /* constants and parts of other values are computed by nothing */
    }
}
