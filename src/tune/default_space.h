/* The space of a search where none is given. */
#ifndef SNUG_TUNE_DEFAULT_SPACE_H
#define SNUG_TUNE_DEFAULT_SPACE_H

#include <cjson/cJSON.h>

/*
 * Returns the default space of an experiment, given as JSON with all defaults, which the caller
 * frees with cJSON_Delete(). NULL on failure.
 */
cJSON *snug_default_space(const cJSON *config);

#endif
