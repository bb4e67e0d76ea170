/* The graph of a model as a program in C: a source file and its header. */
#ifndef SNUG_C_CODE_C_CODE_H
#define SNUG_C_CODE_C_CODE_H

#include <limits.h>

#include <snug/export.h>

#include "export/model_graph.h"

/*
 * Writes "DIR/net.h" for a path "DIR/net.c". Fails where the path does not end in ".c", or cannot
 * be in an #include.
 */
snug_status snug_c_header_path(char header[PATH_MAX], const char *path);

/* Writes the program of a graph to `path`, and its header beside it. */
snug_status snug_c_write_program(const snug_model_graph *model, const char *path,
                                 const snug_c_options *options);

#endif
