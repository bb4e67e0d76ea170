/*
 * The steps of an int8 program in C: a loop each, in the arithmetic of quantize/fixed_point.h. The
 * source has these functions:
 *
 *     PREFIX_quantize(x, inverse, zero)           a float as int8
 *     PREFIX_sum(x, w, bias, n)                   the innermost loop of linear maps
 *     PREFIX_rescale(sum, factor, shift, zero)    an int32 as int8
 *
 * Values are in q, bytes of the scratch memory, at the offsets of the program.
 */
#ifndef SNUG_INT8_CODE_STEPS_H
#define SNUG_INT8_CODE_STEPS_H

#include "c_code/program.h"
#include "quantize/program.h"

/* Writes the functions that the steps call, and PREFIX_integers(), which runs them. */
void snug_int8_write_steps(snug_c_program *p, const snug_int8_program *program);

#endif
