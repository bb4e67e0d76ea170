/* A program in C that is being written for the graph of a model. */
#ifndef SNUG_C_CODE_PROGRAM_H
#define SNUG_C_CODE_PROGRAM_H

#include <stdbool.h>

#include "c_code/names.h"
#include "c_code/plan.h"
#include "export/model_graph.h"

typedef struct snug_c_program {
    FILE *file;    /* that is written at the moment */
    size_t blocks; /* that are open there: each indents the lines in it */
    const snug_model_graph *model;
    bool no_libm; /* without <math.h> */
    snug_c_names names;
    snug_c_plan plan;
} snug_c_program;

/* Bytes of "PREFIX_constant_7 + 12", with the longest prefix and numbers. */
enum { SNUG_C_POINTER_SIZE = 128 };

/* Returns node v of the program's graph. */
const snug_graph_node *snug_c_node(const snug_c_program *program, size_t v);

/* Returns input i of node v. */
const snug_graph_node *snug_c_input(const snug_c_program *program, size_t v, size_t i);

/* Returns how many classes the outputs distinguish; 0: they are values. */
size_t snug_c_class_count(const snug_model_graph *model);

/*
 * Writes a line as printf() formats it, indented by the open blocks. One that begins with "}"
 * closes a block, one that ends with "{" opens one.
 */
void snug_c_line(snug_c_program *program, const char *format, ...) SNUG_PRINTF(2, 3);

/* Indents a line that the caller writes and ends. */
void snug_c_begin_line(snug_c_program *program);

/* Formats where node v's result begins: "in + 3", "scratch", "net_constant_7". Returns `text`. */
const char *snug_c_pointer(const snug_c_program *program, char text[SNUG_C_POINTER_SIZE], size_t v);

/* Writes an expression; each "#" begins a function of <math.h>, or the program's own. */
void snug_c_write_math(const snug_c_program *program, const char *expression);

#endif
