/* The graph of a model as a program in C: a source file and its header. */
#ifndef SNUG_C_CODE_C_CODE_H
#define SNUG_C_CODE_C_CODE_H

#include <limits.h>

#include <snug/export.h>

#include "c_code/program.h"

/*
 * Writes "DIR/net.h" for a path "DIR/net.c". Fails where the path does not end in ".c", or cannot
 * be in an #include.
 */
snug_status snug_c_header_path(char header[PATH_MAX], const char *path);

/* Writes the source of a program into program->file; `header` is "net.h". */
typedef void snug_c_source_writer(snug_c_program *program, const char *header, void *user);

/*
 * Writes a program's source to `path`, by a function, and its header beside it: both or neither.
 * The names, and the size of the scratch memory in the plan, are there.
 */
snug_status snug_c_write_files(snug_c_program *program, const char *path,
                               snug_c_source_writer *write_source, void *user);

/* Writes the program of a graph to `path`, and its header beside it. */
snug_status snug_c_write_program(const snug_model_graph *model, const char *path,
                                 const snug_c_options *options);

#endif
