/* The space of a search where none is given. */
#ifndef SNUG_TUNE_DEFAULT_SPACE_H
#define SNUG_TUNE_DEFAULT_SPACE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "experiment/experiment.h"

/*
 * Returns the default space of an experiment, which the caller frees with cJSON_Delete(). `config`
 * is the experiment as JSON with all defaults. `by_loss`: trials are compared by their loss, which
 * is then the same in all of them.
 *
 * An experiment of a recipe has the space of the recipe, less the paths that the experiment does
 * not have. Lists of layers are left out where the experiment has none of them: its layers were
 * edited, and would be lost. Others have, where they have these fields,
 *
 *     the learning rate                 log_uniform, by 10 each way
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
cJSON *snug_default_space(const snug_experiment *experiment, const cJSON *config, bool by_loss);

#endif
