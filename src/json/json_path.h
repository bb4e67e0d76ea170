/* Paths of values in JSON files, such as "model.layers[2].units", and errors at a path. */
#ifndef SNUG_JSON_JSON_PATH_H
#define SNUG_JSON_JSON_PATH_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

/*
 * Fails with SNUG_ERROR_CONFIG and "PATH: MESSAGE", or the message alone where the path is "".
 * Returns the status: SNUG_ERROR_CONFIG.
 */
snug_status snug_fail_at(const char *path, const char *format, ...) SNUG_PRINTF(2, 3);

/*
 * Fails with "must be EXPECTED (got a number)". Where EXPECTED names strings in quotes and the
 * value is a string, its content is quoted: (got "clases").
 */
snug_status snug_fail_type(const char *path, const char *expected, const cJSON *got);

/* Returns "PATH.NAME", or NAME where the path is "". Free it with snug_release(). */
char *snug_join_path(const char *path, const char *name);

/* Returns "PATH[INDEX]". Free it with snug_release(). */
char *snug_join_index(const char *path, size_t index);

#endif
