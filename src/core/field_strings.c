/* Fields of type STRINGS: an owned list of strings. In JSON one string is a list of one. */
#include <stdalign.h>

#include "core/field_type.h"
#include "core/json.h"
#include "core/json_build.h"
#include "core/json_path.h"
#include "core/json_schema.h"
#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"

static snug_status read_one(snug_strings *strings, const char *string) {
    snug_status status = snug_strings_reserve(strings, 1);
    return status == SNUG_OK ? snug_strings_append(strings, string) : status;
}

static snug_status read_array(snug_strings *strings, const cJSON *array, const char *path) {
    snug_status status = snug_strings_reserve(strings, (size_t)cJSON_GetArraySize(array));
    for (const cJSON *item = array->child; status == SNUG_OK && item != NULL; item = item->next) {
        if (!cJSON_IsString(item)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a text (got %s)", path,
                             strings->count, snug_json_type(item));
        }
        status = snug_strings_append(strings, item->valuestring);
    }
    return status;
}

/* Reads an array of strings, one string (a list of one), or null (an empty list). */
static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    (void)field;
    snug_strings strings = {0};
    snug_status status = SNUG_OK;
    if (cJSON_IsString(json)) {
        status = read_one(&strings, json->valuestring);
    } else if (cJSON_IsArray(json)) {
        status = read_array(&strings, json, path);
    } else if (!cJSON_IsNull(json)) {
        status = snug_fail_type(path, "a text or an array of texts", json);
    }
    snug_strings_clear(status == SNUG_OK ? member : &strings);
    if (status == SNUG_OK) {
        *(snug_strings *)member = strings;
    }
    return status;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_strings *strings = member;
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < strings->count && !*failed; i++) {
        snug_json_string(array, NULL, strings->items[i], failed);
    }
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_schema_add_null(alternatives, failed);
    snug_schema_add_string(field, snug_json_object(alternatives, NULL, failed), failed);
    cJSON *array = snug_json_object(alternatives, NULL, failed);
    snug_json_string(array, "type", "array", failed);
    snug_schema_add_string(field, snug_json_object(array, "items", failed), failed);
}

static snug_status copy(void *to, const void *from) {
    return snug_strings_copy(to, from);
}

static void release(void *member) {
    snug_strings_clear(member);
}

const snug_field_type snug_field_strings = {
    .name = "strings",
    .size = sizeof(snug_strings),
    .alignment = alignof(snug_strings),
    .read = read,
    .write = write,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
