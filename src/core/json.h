/* cJSON, made strict: positions in syntax errors, no duplicate keys, finite numbers, any locale. */
#ifndef SNUG_CORE_JSON_H
#define SNUG_CORE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

/*
 * Parses n bytes, which must hold one JSON value and nothing after it. NULL on failure, with the
 * sentence "name:line:column: ..."; `name` is a path or "(text)". Free with cJSON_Delete().
 * A key that stands twice in one object, and a number that is not finite, are refused here, with
 * the JSON path: "iris.json: model.layers[2]: the key \"units\" stands twice".
 */
cJSON *snug_json_parse(const char *name, const char *text, size_t n);

/* The most values of a text, objects and arrays among them: more than any honest file has. */
#define SNUG_JSON_MAX_VALUES ((size_t)1 << 21)

/* Parses a text of which it is known that it may have up to `most` values. */
cJSON *snug_json_parse_max(const char *name, const char *text, size_t n, size_t most);

/* The member of that exact name, or NULL. */
const cJSON *snug_json_get(const cJSON *object, const char *key);

/* "a number", "an object", "a text" ...: what a value is, for sentences. */
const char *snug_json_type(const cJSON *value);

/* 2^53: up to it a double holds every whole number. */
#define SNUG_JSON_LARGEST_WHOLE 9007199254740992.0

/* Whether it is a whole number from 0 to 2^53, and which. */
bool snug_json_whole(const cJSON *value, uint64_t *whole);

/*
 * The text of a value, release with snug_release(); formatted: indented for people. NULL without
 * memory, and where a string in it is not UTF-8.
 */
char *snug_json_print(const cJSON *value, bool formatted);

/* The shortest decimal number that reads back as the same double, in any locale. */
#define SNUG_NUMBER_LENGTH 32
void snug_number_format(double number, char text[SNUG_NUMBER_LENGTH]);

#endif
