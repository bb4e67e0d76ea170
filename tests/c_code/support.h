/*
 * Generated programs that a test compiles and calls: all of a list in one run of the compiler, as a
 * shared object, in a directory that is removed afterwards.
 */
#ifndef SNUG_TESTS_C_CODE_SUPPORT_H
#define SNUG_TESTS_C_CODE_SUPPORT_H

#include <limits.h>
#include <stdbool.h>

#include <check.h> /* IWYU pragma: export */

#include "c_code/c_code.h" /* IWYU pragma: export */

typedef void predict_fn(const float *in, float *out);
typedef void predict_with_fn(const float *in, float *out, float *scratch);
typedef int class_fn(const float *out);
typedef void any_fn(void); /* to be converted to one of those */

typedef struct program_list {
    char directory[PATH_MAX];
    size_t count;
    bool no_libm;  /* of all */
    void *library; /* after programs_compile() */
} program_list;

/* Starts an empty list, and makes its directory. */
void programs_start(program_list *list, bool no_libm);

/* Returns the path of the next program, which the caller writes: "DIR/netN.c". */
const char *programs_next(program_list *list);

/* Writes the program of a graph and adds it. */
void programs_add_graph(program_list *list, const snug_model_graph *model);

/*
 * Compiles and loads all programs. Every warning is an error, and so is a symbol that no library
 * has: those of libm alone, and with no_libm not even those.
 */
void programs_compile(program_list *list);

/* Returns a function of program i, "predict" or another name behind the prefix. */
any_fn *programs_function(const program_list *list, size_t i, const char *name);

/* Unloads the programs and removes the directory. */
void programs_end(program_list *list);

/* Makes a model graph without a model, which owns a graph of this many inputs. */
snug_model_graph *bare_graph_new(size_t columns);

/* Names the columns and the output of a graph made by bare_graph_new(): values, or classes. */
void bare_graph_finish(snug_model_graph *model, snug_value output, snug_export_task task);

/* Frees it. */
void bare_graph_free(snug_model_graph *model);

#endif
