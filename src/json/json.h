/* cJSON, made strict: positions in syntax errors, no duplicate keys, finite numbers, any locale. */
#ifndef SNUG_JSON_JSON_H
#define SNUG_JSON_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <snug/status.h> /* IWYU pragma: export */

/*
 * Parses n bytes, which must hold one JSON value and nothing after it. `name` is a path or
 * "(string)" and begins the error messages. Returns a tree, to be freed with cJSON_Delete(), or
 * NULL:
 *
 *     iris.json:3:17: ...                          for a syntax error, with line and column
 *     iris.json: model.layers[2]: the key "units" is given twice
 *     iris.json: train.epochs: the number is too large
 */
cJSON *snug_json_parse(const char *name, const char *text, size_t n);

/* The most values, objects and arrays among them, that snug_json_parse() accepts. */
#define SNUG_JSON_MAX_VALUES ((size_t)1 << 21)

/* Parses as snug_json_parse() does, with another limit for the number of values. */
cJSON *snug_json_parse_max(const char *name, const char *text, size_t n, size_t most);

/* Returns the member with exactly that name, or NULL. */
const cJSON *snug_json_get(const cJSON *object, const char *key);

/* Returns the type of a value for error messages: "a number", "an object", "a string" ... */
const char *snug_json_type(const cJSON *value);

/* 2^53: up to it a double holds every whole number. */
#define SNUG_JSON_LARGEST_WHOLE 9007199254740992.0

/* Whether a value is a whole number from 0 to 2^53; if so, sets *whole. */
bool snug_json_whole(const cJSON *value, uint64_t *whole);

#endif
