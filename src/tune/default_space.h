/* The space of a search where none is given. */
#ifndef SNUG_TUNE_DEFAULT_SPACE_H
#define SNUG_TUNE_DEFAULT_SPACE_H

#include <cjson/cJSON.h>

/*
 * Returns the default space of an experiment, given as JSON with all defaults, which the caller
 * frees with cJSON_Delete(). It has
 *
 *     the learning rate, and a decay of weights that is on     log_uniform, by 10 each way
 *     a decay of weights that is off                           0, 1e-4, 1e-3, 1e-2
 *     the batch size, and the units of each hidden layer       half, once, twice
 *     the rate of each dropout layer that has one              uniform from 0 to twice, at most 0.5
 *
 * where the experiment has these fields. NULL on failure.
 */
cJSON *snug_default_space(const cJSON *config);

#endif
