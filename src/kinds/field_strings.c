/*
 * Fields of type STRINGS: an owned list of owned strings that NULL ends, or NULL for an empty one;
 * with .counted its length is in a size_t behind the member. In JSON one string is a list of one.
 */
#include <stdalign.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/json_schema.h"

typedef const char *const *name_list;

static void free_list(name_list list) {
    for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
        snug_release((char *)list[i]);
    }
    snug_release((char **)list);
}

/* Frees the list and puts an owned one of `count` strings, or NULL, in its place. */
static void set(const snug_field *field, void *member, name_list list, size_t count) {
    name_list *pointer = member;
    free_list(*pointer);
    *pointer = list;
    if (field->counted) {
        *(size_t *)(void *)(pointer + 1) = count;
    }
}

static void release(const snug_field *field, void *member) {
    set(field, member, NULL, 0);
}

/* Replaces the list by copies of `count` strings. On failure it is unchanged. */
static snug_status replace(const snug_field *field, void *member, const char *const *strings,
                           size_t count) {
    char **items = NULL;
    if (count > 0) {
        items = snug_alloc(count + 1, sizeof *items);
        if (items == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    for (size_t i = 0; i < count; i++) {
        items[i] = snug_copy_string(strings[i]);
        if (items[i] == NULL) {
            free_list((name_list)items);
            return SNUG_ERROR_MEMORY;
        }
    }
    set(field, member, (name_list)items, count);
    return SNUG_OK;
}

/* Stores the strings of an array, borrowed, in strings[cJSON_GetArraySize(array)]. */
static snug_status collect(const cJSON *array, const char *path, const char **strings) {
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        if (!cJSON_IsString(item)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a string (got %s)", path, index,
                             snug_json_type(item));
        }
        strings[index] = item->valuestring;
    }
    return SNUG_OK;
}

static snug_status read_array(const snug_field *field, void *member, const cJSON *array,
                              const char *path) {
    size_t count = (size_t)cJSON_GetArraySize(array);
    const char **strings = snug_alloc(count, sizeof *strings);
    snug_status status = strings != NULL ? collect(array, path, strings) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = replace(field, member, strings, count);
    }
    snug_release(strings);
    return status;
}

/* Reads an array of strings, one string (a list of one), or null (an empty list). */
static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (cJSON_IsArray(json)) {
        return read_array(field, member, json, path);
    }
    if (cJSON_IsString(json)) {
        return replace(field, member, (const char *[]){json->valuestring}, 1);
    }
    if (cJSON_IsNull(json)) {
        return replace(field, member, NULL, 0);
    }
    return snug_fail_type(path, "a string or an array of strings", json);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    name_list list = *(const name_list *)member;
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; list != NULL && list[i] != NULL && !*failed; i++) {
        snug_json_string(array, NULL, list[i], failed);
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

static snug_status copy(const snug_field *field, void *to, const void *from) {
    name_list list = *(const name_list *)from;
    return replace(field, to, list, snug_list_length(list));
}

const snug_field_type snug_field_strings = {
    .name = "strings",
    .size = sizeof(name_list),
    .alignment = alignof(name_list),
    .read = read,
    .write = write,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
