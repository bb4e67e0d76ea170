/*
 * int8 programs in C. The source has the functions of a program in float, net_predict() and
 * net_predict_with(), and in between these:
 *
 *     net_front(in, front, work)       the graph before the integers, as a program in float has it
 *     net_integers(front, back, q)     the steps, one loop each; q has the int8 values
 *     net_back(back, out, work)        the graph behind them
 *
 * The scratch memory is front, back, and then the memory of all three, which they use in turn.
 */
#ifndef SNUG_INT8_CODE_INT8_CODE_H
#define SNUG_INT8_CODE_INT8_CODE_H

#include <snug/export.h>

#include "export/model_graph.h"
#include "quantize/program.h"

/* Writes the program of a model to `path`, which ends in ".c", and a header beside it. */
snug_status snug_int8_write_program(const snug_model_graph *model, const snug_int8_program *program,
                                    const char *path, const snug_c_options *options);

#endif
