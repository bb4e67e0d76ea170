/* Building JSON values. */
#ifndef SNUG_JSON_JSON_BUILD_H
#define SNUG_JSON_JSON_BUILD_H

#include <stdbool.h>

#include <cjson/cJSON.h>

/*
 * Each function makes a value and adds it to `parent`: to an object under `key`, or, where `key` is
 * NULL, to an array. Without a parent snug_json_object() and snug_json_array() make the top of a
 * new tree, which the caller frees with cJSON_Delete(). Both return the value that they added.
 *
 * A failure is noted in *failed, with an error message, and later calls then do nothing: a chain of
 * calls needs one check. A number must be finite.
 *
 * Values are allocated by cJSON's own allocator and not by the hook of <snug/memory.h>: cJSON's
 * hooks belong to the whole process, and the host program may hold values of its own, which would
 * be freed by the wrong function.
 */
cJSON *snug_json_object(cJSON *parent, const char *key, bool *failed);
cJSON *snug_json_array(cJSON *parent, const char *key, bool *failed);
void snug_json_string(cJSON *parent, const char *key, const char *string, bool *failed);
void snug_json_number(cJSON *parent, const char *key, double number, bool *failed);
void snug_json_bool(cJSON *parent, const char *key, bool value, bool *failed);
void snug_json_null(cJSON *parent, const char *key, bool *failed);

/* Adds a copy of `value` with all that is in it. */
void snug_json_copy(cJSON *parent, const char *key, const cJSON *value, bool *failed);

/* Adds `owned` itself, and takes it over in any case; NULL is a failure, of memory. */
void snug_json_add(cJSON *parent, const char *key, cJSON *owned, bool *failed);

/*
 * Adds copies of the members that `from` has and `target` does not have, and does so inside members
 * that both have, and inside elements of arrays of the same length.
 */
void snug_json_merge(cJSON *target, const cJSON *from, bool *failed);

#endif
