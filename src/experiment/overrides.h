/*
 * What changes a parsed experiment before it is checked: overrides such as "train.epochs=5", and
 * keys that are short for other keys.
 */
#ifndef SNUG_EXPERIMENT_OVERRIDES_H
#define SNUG_EXPERIMENT_OVERRIDES_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

/*
 * Applies `count` overrides PATH=VALUE to a JSON object. A path has keys, joined by dots, and
 * indices in brackets ("model.layers[2].units"), and may end in one; objects that are missing along
 * the path are made, and a plain name becomes {"type": name}. A value that is not JSON is a string.
 * One index may be "[*]": each entry but the last that has such a value, as the hidden layers have
 * "units".
 * Returns an error that begins with the override: "--set train.epochs: must be KEY=VALUE ...".
 */
snug_status snug_overrides_apply(cJSON *root, const char *const *overrides, size_t count);

/*
 * Returns the value at such a path, which belongs to the root; NULL where there is none, and where
 * the entries of a "[*]" have different ones.
 */
const cJSON *snug_overrides_find(const cJSON *root, const char *path);

/* Returns whether there is a value at such a path, of a "[*]" in any entry but the last. */
bool snug_overrides_have(const cJSON *root, const char *path);

/*
 * Replaces "restore_best_weights" of train.early_stopping by "keep": true is "best" and false is
 * "last", unless "keep" is there. Fails where the two contradict each other.
 */
snug_status snug_shorthands_expand(cJSON *root);

#endif
