#include "c_code/data.h"
#include "c_code/matrices.h"

/* Begins an array of a node's rows x columns numbers, with its section in a comment. */
static void begin_array(snug_c_program *p, const char *type, const char *name, size_t v,
                        size_t rows, size_t columns) {
    const snug_graph *graph = p->model->graph;
    fputs("/* ", p->file);
    if (snug_c_node(p, v)->section < graph->section_count) {
        snug_c_write_comment(p->file, graph->sections[snug_c_node(p, v)->section]);
        fputs(": ", p->file);
    }
    fprintf(p->file, "%zu x %zu */\nstatic const %s %s_%s_%zu[%zu] = ", rows, columns, type,
            p->names.prefix, name, v, rows * columns);
}

void snug_c_write_float_array(snug_c_program *p, const char *name, size_t v, size_t rows,
                              size_t columns, const float *values) {
    begin_array(p, "float", name, v, rows, columns);
    snug_c_write_floats(p->file, rows * columns, values);
    fputs(";\n\n", p->file);
}

/* Writes the weights of a linear map; those of few outputs as outputs x inputs. */
static void write_weights(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    const size_t inputs = snug_c_input(p, v, 0)->columns, outputs = node->columns;
    if (!snug_c_is_narrow(p, v)) {
        snug_c_write_float_array(p, "weights", v, node->matrices * inputs, outputs, node->values);
        return;
    }
    begin_array(p, "float", "weights", v, node->matrices * outputs, inputs);
    fputc('{', p->file);
    for (size_t k = 0; k < node->matrices * outputs * inputs; k++) {
        const size_t matrix = k / (outputs * inputs), j = k / inputs % outputs, i = k % inputs;
        snug_c_write_float(p->file, k, node->values[(matrix * inputs + i) * outputs + j]);
    }
    fputs("};\n\n", p->file);
}

static void write_column_numbers(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    begin_array(p, "size_t", "columns", v, 1, node->columns);
    fputc('{', p->file);
    for (size_t i = 0; i < node->columns; i++) {
        fprintf(p->file, "%s%zu", i == 0 ? "" : i % 16 == 0 ? ",\n    " : ", ", node->numbers[i]);
    }
    fputs("};\n\n", p->file);
}

/* Whether a program reads the array of a constant: loops entry by entry have numbers themselves. */
static bool is_read(const snug_c_program *p, size_t constant) {
    const snug_graph *graph = p->model->graph;
    if (!snug_c_is_number(snug_c_node(p, constant)) || graph->output.node == constant) {
        return true;
    }
    for (size_t v = constant + 1; v < graph->count; v++) {
        const snug_graph_node *node = snug_c_node(p, v);
        for (size_t i = 0; i < node->input_count; i++) {
            if (node->inputs[i] == constant && !snug_c_is_entrywise(node)) {
                return true;
            }
        }
    }
    return false;
}

/* Writes the arrays of node v. */
static void write_node(snug_c_program *p, size_t v) {
    const snug_graph_node *node = snug_c_node(p, v);
    switch (node->operation) {
    case SNUG_OPERATION_CONSTANT:
        if (is_read(p, v)) {
            snug_c_write_float_array(p, "constant", v, node->rows, node->columns, node->values);
        }
        break;
    case SNUG_OPERATION_LINEAR:
        write_weights(p, v);
        if (node->biases != NULL) {
            snug_c_write_float_array(p, "biases", v, node->matrices, node->columns, node->biases);
        }
        break;
    case SNUG_OPERATION_LOOK_UP:
        if (!snug_c_is_one_hot(node)) {
            snug_c_write_float_array(p, "table", v, node->table_rows, node->columns, node->values);
        }
        break;
    case SNUG_OPERATION_COLUMNS:
        if (p->plan.places[v].computed) {
            write_column_numbers(p, v);
        }
        break;
    default:
        break; /* without numbers */
    }
}

void snug_c_write_data(snug_c_program *p) {
    for (size_t v = 0; v < p->model->graph->count; v++) {
        write_node(p, v);
    }
}
