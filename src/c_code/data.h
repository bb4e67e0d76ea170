/*
 * The constant arrays of a generated program: weights, biases, tables, numbers of columns. Each has
 * the number of its node in its name, and the section and the shape in a comment:
 *
 *     / * layers.0: 4 x 16 * /
 *     static const float net_weights_7[64] = {0.25f, ...};
 */
#ifndef SNUG_C_CODE_DATA_H
#define SNUG_C_CODE_DATA_H

#include "c_code/program.h"

/*
 * Writes the arrays of all nodes, PREFIX_weights_N and the like, where N is the node's number. A
 * constant that is one number, and is read in loops entry by entry alone, has none.
 */
void snug_c_write_data(snug_c_program *program);

/* Writes one array of floats, with the section and the shape in a comment. */
void snug_c_write_float_array(snug_c_program *program, const char *name, size_t v, size_t rows,
                              size_t columns, const float *values);

#endif
