/* The space of a search where none is given. */
#ifndef SNUG_TUNE_DEFAULT_SPACE_H
#define SNUG_TUNE_DEFAULT_SPACE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

/*
 * Returns the default space of an experiment, given as JSON with all defaults, which the caller
 * frees with cJSON_Delete(). `by_loss`: trials are compared by their loss, which is then the same
 * in all of them. It has, where the experiment has these fields,
 *
 *     the learning rate                 log_uniform, by 10 each way; by 3 where a recipe chose it
 *     the decay of weights              off, 0.3, 1 and 3 times; where off, 1e-4 to 1e-2
 *     label smoothing that is on        off and on, unless trials are compared by the loss
 *     the batch size                    half, once, twice
 *     the units of hidden layers        half, once, one and a half times
 *     the rates of dropout layers       uniform from 0 to twice, at most 0.5
 *     the functions of hidden layers    the own one, selu, mish, relu
 *     embeddings of numeric columns     as they are, with other frequencies, none
 *
 * NULL on failure.
 */
cJSON *snug_default_space(const cJSON *config, bool by_loss);

#endif
