/*
 * Elementary functions in the source of a program that has no <math.h>: PREFIX_expf() and so on,
 * from float arithmetic and the bits of floats, within a few units in the last place. Each is
 * right for every float; NaN gives NaN.
 *
 * There are expf, logf, log1pf (for x from 0 on), tanhf, erff, sqrtf, floorf, sinf and cosf.
 * Sigmoid and softplus are made of them.
 */
#ifndef SNUG_C_CODE_MATH_H
#define SNUG_C_CODE_MATH_H

#include "c_code/program.h"

/* Writes the functions that the program calls, and those that they call. */
void snug_c_write_math_functions(snug_c_program *program);

/* Whether the program calls a function of <math.h> or one of those above. */
bool snug_c_calls_math(const snug_c_program *program);

#endif
