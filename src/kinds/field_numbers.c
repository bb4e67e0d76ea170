/* Fields of type NUMBERS: an array of numbers, each in the field's range, or null. */
#include <stdalign.h>

#include "core/memory.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/json_schema.h"
#include "kinds/number_list.h"

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_number_list_clear(member);
}

static snug_status check_number(const snug_field *field, double number, size_t index,
                                const char *path) {
    char *item_path = snug_join_index(path, index);
    snug_status status =
        item_path != NULL ? snug_field_check_range(field, number, item_path) : SNUG_ERROR_MEMORY;
    snug_release(item_path);
    return status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    snug_number_list_value list = {0};
    snug_status status = SNUG_OK;
    if (cJSON_IsArray(json)) {
        status =
            snug_number_list_read(field, check_number, "at least one number", &list, json, path);
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
    snug_number_list_write(field, member, json, failed);
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    return snug_number_list_check(field, check_number, member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_bounds bounds = snug_field_bounds(field);
    snug_bounds_print(&bounds, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_bounds bounds = snug_field_bounds(field);
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_number_list_add_schema(&bounds, alternatives, failed);
    snug_schema_add_null(alternatives, failed);
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    return snug_number_list_copy(to, from);
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
