/*
 * The constant arrays of the steps of an int8 program. K is the number of the step, from 0:
 *
 *     PREFIX_weights_K, biases_K      of a linear map: units x inputs, units
 *     PREFIX_factors_K, shifts_K      of its rescaling, a unit each
 *     PREFIX_scales_K                 of its sums as floats
 *     PREFIX_factors_K, biases_K      of AFFINE: a factor and a term for each entry
 *     PREFIX_table_K                  256 numbers
 *     PREFIX_columns_K                numbers of columns
 */
#ifndef SNUG_INT8_CODE_DATA_H
#define SNUG_INT8_CODE_DATA_H

#include "c_code/program.h"
#include "quantize/program.h"

/* Writes the arrays: PREFIX_weights_K of the linear map that is step K, and so on. */
void snug_int8_write_data(snug_c_program *p, const snug_int8_program *program);

#endif
