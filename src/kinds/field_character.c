/*
 * Fields of type CHARACTER: a char, such as the delimiter of a table; in JSON, a string of this
 * character or its name. See core/character.h.
 */
#include <stdalign.h>
#include <stdio.h>

#include "core/character.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"

static snug_status set_default(const snug_field *field, void *member) {
    *(char *)member = (char)field->initial;
    return SNUG_OK;
}

static void set_default_if_zero(const snug_field *field, void *member) {
    char *character = member;
    *character = *character != 0 ? *character : (char)field->initial;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    (void)field;
    if (!snug_character_allowed(value)) {
        return snug_fail_at(path,
                            "must be the code of an ASCII character, no quote and no end of "
                            "a line (got %g)",
                            value);
    }
    *(char *)member = (char)value;
    return SNUG_OK;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    (void)field;
    if (!cJSON_IsString(json)) {
        return snug_fail_type(path, SNUG_CHARACTER_EXPECTED, json);
    }
    if (!snug_character_parse(json->valuestring, member)) {
        return snug_fail_at(path, "must be " SNUG_CHARACTER_EXPECTED " (got \"%s\")",
                            json->valuestring);
    }
    return SNUG_OK;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    char string[8];
    snug_character_print(*(const char *)member, string);
    snug_json_string(json, field->name, string, failed);
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    char unused;
    return store(field, &unused, *(const char *)member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    (void)field;
    snprintf(buffer, size, "%s", SNUG_CHARACTER_EXPECTED);
}

/* A name, or a string of one character that is allowed. */
static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    (void)field;
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    cJSON *named = snug_json_object(alternatives, NULL, failed);
    cJSON *names = snug_json_array(named, "enum", failed);
    for (size_t i = 0; snug_character_names[i] != NULL && !*failed; i++) {
        snug_json_string(names, NULL, snug_character_names[i], failed);
    }
    cJSON *itself = snug_json_object(alternatives, NULL, failed);
    snug_json_string(itself, "type", "string", failed);
    snug_json_string(itself, "pattern", "^[^\"\\r\\n\\u0000\\u0080-\\uFFFF]$", failed);
}

const snug_field_type snug_field_character = {
    .name = "character",
    .size = sizeof(char),
    .alignment = alignof(char),
    .set_default = set_default,
    .set_default_if_zero = set_default_if_zero,
    .store = store,
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
};
