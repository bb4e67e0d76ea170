/*
 * Fields of type CHARACTER: a char, such as the delimiter of a table; in JSON, a string of this
 * character or its name. See kinds/character.h. A field with .choices, strings of one character,
 * has one of them.
 */
#include <stdalign.h>
#include <stdio.h>

#include "core/spelling.h"
#include "core/string_list.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/character.h"
#include "kinds/field_type.h"

enum { EXPECTED_SIZE = 128 };

static snug_status set_default(const snug_field *field, void *member) {
    *(char *)member = (char)field->initial;
    return SNUG_OK;
}

static void set_default_if_zero(const snug_field *field, void *member) {
    char *character = member;
    *character = *character != 0 ? *character : (char)field->initial;
}

/* Whether one of .choices is the character, or there are none. */
static bool is_choice(const snug_field *field, char character) {
    size_t i = 0;
    while (field->choices != NULL && field->choices[i] != NULL &&
           field->choices[i][0] != character) {
        i++;
    }
    return field->choices == NULL || field->choices[i] != NULL;
}

/* Prints the choices, or what a character may be. */
static const char *expected(const snug_field *field, char *buffer, size_t size) {
    if (field->choices != NULL) {
        snprintf(buffer, size, "one of ");
        snug_quote_names(field->choices, snug_list_length(field->choices), buffer + 7, size - 7);
    } else {
        snprintf(buffer, size, SNUG_CHARACTER_EXPECTED);
    }
    return buffer;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    if (!snug_character_allowed(value)) {
        return snug_fail_at(path,
                            "must be the code of an ASCII character, no quote and no end of "
                            "a line (got %g)",
                            value);
    }
    if (!is_choice(field, (char)value)) {
        char list[EXPECTED_SIZE];
        return snug_fail_at(path, "must be %s (got \"%c\")", expected(field, list, sizeof list),
                            (char)value);
    }
    *(char *)member = (char)value;
    return SNUG_OK;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    char list[EXPECTED_SIZE], character = 0;
    if (!cJSON_IsString(json)) {
        return snug_fail_type(path, expected(field, list, sizeof list), json);
    }
    if (!snug_character_parse(json->valuestring, &character)) {
        return snug_fail_at(path, "must be %s (got \"%s\")", expected(field, list, sizeof list),
                            json->valuestring);
    }
    return store(field, member, character, path);
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
    expected(field, buffer, size);
}

/* A name, or a string of one character that is allowed. */
static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    if (field->choices != NULL) {
        snug_field_choice.add_schema(field, schema, failed);
        return;
    }
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
