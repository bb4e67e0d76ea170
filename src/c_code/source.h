/*
 * The source file of a generated program: elementary functions, arrays, and a function for each
 * section of the graph, which PREFIX_predict_with() calls one after the other. A function gets
 * those of in, out and scratch that it reads or writes.
 */
#ifndef SNUG_C_CODE_SOURCE_H
#define SNUG_C_CODE_SOURCE_H

#include "c_code/program.h"

/* Writes "net.c", which includes `header`, "net.h". */
void snug_c_write_source(snug_c_program *program, const char *header);

/* Writes the comment at the top and the includes, <math.h> where the program calls it. */
void snug_c_write_includes(snug_c_program *program, const char *header);

/*
 * Writes the arrays of the program's graph, and instead of PREFIX_predict_with() a static function
 * PREFIX(in, out, scratch): a part of another program.
 */
void snug_c_write_graph_function(snug_c_program *program);

/* Writes PREFIX_predict(), which calls PREFIX_predict_with(). */
void snug_c_write_predict(snug_c_program *program, const char *scratch_type);

#endif
