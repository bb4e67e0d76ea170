/* Fields of type NUMBERS: an array of numbers, each in the field's range, or null. */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_range.h"
#include "kinds/field_type.h"
#include "kinds/json_schema.h"

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_number_list_value *list = member;
    snug_release(list->items);
    *list = (snug_number_list_value){0};
}

static snug_status check_item(const snug_field *field, double value, size_t index,
                              const char *path) {
    char *item_path = snug_join_index(path, index);
    snug_status status =
        item_path != NULL ? snug_field_check_range(field, value, item_path) : SNUG_ERROR_MEMORY;
    snug_release(item_path);
    return status;
}

static snug_status read_list(const snug_field *field, snug_number_list_value *list,
                             const cJSON *json, const char *path) {
    size_t count = (size_t)cJSON_GetArraySize(json);
    if (count == 0) {
        return snug_fail_at(path, "must hold at least one number (got an empty array)");
    }
    list->items = snug_alloc(count, sizeof *list->items);
    if (list->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        if (!cJSON_IsNumber(item)) {
            return snug_fail_type(path, "an array of numbers", item);
        }
        snug_status status = check_item(field, item->valuedouble, list->count, path);
        if (status != SNUG_OK) {
            return status;
        }
        list->items[list->count++] = item->valuedouble;
    }
    return SNUG_OK;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    snug_number_list_value list = {0};
    snug_status status = SNUG_OK;
    if (cJSON_IsArray(json)) {
        status = read_list(field, &list, json, path);
    } else if (!cJSON_IsNull(json)) {
        status = snug_fail_type(path, "an array of numbers or null", json);
    }
    release(field, status == SNUG_OK ? member : &list);
    if (status == SNUG_OK) {
        *(snug_number_list_value *)member = list;
    }
    return status;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_number_list_value *list = member;
    if (list->items == NULL) {
        snug_json_null(json, field->name, failed);
        return;
    }
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < list->count && !*failed; i++) {
        snug_json_number(array, NULL, list->items[i], failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    const snug_number_list_value *list = member;
    for (size_t i = 0; i < list->count; i++) {
        snug_status status = check_item(field, list->items[i], i, path);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_bounds bounds = snug_field_bounds(field);
    snug_bounds_print(&bounds, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_bounds bounds = snug_field_bounds(field);
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    cJSON *array = snug_json_object(alternatives, NULL, failed);
    snug_json_string(array, "type", "array", failed);
    snug_json_number(array, "minItems", 1, failed);
    snug_bounds_add_schema(&bounds, "number", snug_json_object(array, "items", failed), failed);
    snug_schema_add_null(alternatives, failed);
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    snug_number_list_value *target = to;
    const snug_number_list_value *list = from;
    if (list->items == NULL) {
        return SNUG_OK;
    }
    target->items = snug_alloc(list->count, sizeof *target->items);
    if (target->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(target->items, list->items, list->count * sizeof *target->items);
    target->count = list->count;
    return SNUG_OK;
}

const snug_field_type snug_field_numbers = {
    .name = "numbers",
    .size = sizeof(snug_number_list_value),
    .alignment = alignof(snug_number_list_value),
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
