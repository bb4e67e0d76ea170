/* "train.epochs=5": changing a parsed experiment before it is checked. */
#ifndef SNUG_EXPERIMENT_OVERRIDES_H
#define SNUG_EXPERIMENT_OVERRIDES_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

/*
 * Applies `count` texts PATH=VALUE to a JSON object. A path is keys with dots and indices in
 * brackets ("model.layers[2].units"); what is missing on the way becomes an object, and a plain
 * name on the way {"type": name}. A value that is no JSON is a text.
 */
snug_status snug_overrides_apply(cJSON *root, const char *const *overrides, size_t count);

#endif
