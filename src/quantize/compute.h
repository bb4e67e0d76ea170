/*
 * The interpreter of int8 programs, by which their accuracy is measured without a compiler: the
 * integers of an exported program, step by step. Both ends are computed by the interpreter of
 * graphs, for some hundred samples at a time.
 *
 * A test compares it with exported programs, to the bit.
 */
#ifndef SNUG_QUANTIZE_COMPUTE_H
#define SNUG_QUANTIZE_COMPUTE_H

#include "quantize/program.h"

/*
 * Computes output[samples][columns of the back's output] of x[samples][columns of the front's
 * input], with the integers of an exported program. Fails without memory.
 */
snug_status snug_int8_compute(const snug_int8_program *program, size_t samples, const float *x,
                              float *output);

#endif
