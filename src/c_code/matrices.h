/* Loops of operations over rows and columns. */
#ifndef SNUG_C_CODE_MATRICES_H
#define SNUG_C_CODE_MATRICES_H

#include "c_code/program.h"

/* Writes the loops of node v, which is not computed entry by entry. */
void snug_c_write_matrices(snug_c_program *program, size_t v);

/* Writes a loop that copies the result of node v to the output. */
void snug_c_write_copy_to_output(snug_c_program *program, size_t v);

/* Whether all parts of a concatenation are computed where it has them: nothing is copied. */
bool snug_c_is_concatenated(const snug_c_program *program, size_t v);

/* Whether the linear map of node v is computed output by output; its weights are transposed. */
bool snug_c_is_narrow(const snug_c_program *program, size_t v);

/*
 * Whether row i of the table of a node is 1 in column i and otherwise 0, for each row but those
 * behind the last column, which are 0: nothing needs to be looked up.
 */
bool snug_c_is_one_hot(const snug_graph_node *node);

#endif
