/*
 * Keys of an experiment file that are short for other keys. They are replaced before the sections
 * are read by their tables of fields, which do not have them.
 */
#ifndef SNUG_EXPERIMENT_SHORTHANDS_H
#define SNUG_EXPERIMENT_SHORTHANDS_H

#include <cjson/cJSON.h>

#include <snug/status.h>

/*
 * Replaces "restore_best_weights" of train.early_stopping by "keep": true is "best" and false is
 * "last", unless "keep" is there. Fails where the two contradict each other.
 */
snug_status snug_shorthands_expand(cJSON *root);

#endif
