#include <string.h>

#include "core/memory.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/number_list.h"

snug_status snug_number_list_read(const snug_field *field, snug_check_number_fn *check,
                                  const char *what, snug_number_list_value *list, const cJSON *json,
                                  const char *path) {
    size_t count = (size_t)cJSON_GetArraySize(json);
    if (count == 0) {
        return snug_fail_at(path, "must hold %s (got an empty array)", what);
    }
    list->items = snug_alloc(count, sizeof *list->items);
    if (list->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        if (!cJSON_IsNumber(item)) {
            return snug_fail_type(path, "an array of numbers", item);
        }
        snug_status status = check(field, item->valuedouble, list->count, path);
        if (status != SNUG_OK) {
            return status;
        }
        list->items[list->count++] = item->valuedouble;
    }
    return SNUG_OK;
}

snug_status snug_number_list_check(const snug_field *field, snug_check_number_fn *check,
                                   const snug_number_list_value *list, const char *path) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < list->count && status == SNUG_OK; i++) {
        status = check(field, list->items[i], i, path);
    }
    return status;
}

void snug_number_list_write(const snug_field *field, const snug_number_list_value *list,
                            cJSON *json, bool *failed) {
    if (list->items == NULL) {
        snug_json_null(json, field->name, failed);
        return;
    }
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < list->count && !*failed; i++) {
        snug_json_number(array, NULL, list->items[i], failed);
    }
}

void snug_number_list_add_schema(const snug_bounds *bounds, cJSON *alternatives, bool *failed) {
    cJSON *array = snug_json_object(alternatives, NULL, failed);
    snug_json_string(array, "type", "array", failed);
    snug_json_number(array, "minItems", 1, failed);
    snug_bounds_add_schema(bounds, "number", snug_json_object(array, "items", failed), failed);
}

snug_status snug_number_list_copy(snug_number_list_value *to, const snug_number_list_value *from) {
    if (from->items == NULL) {
        return SNUG_OK;
    }
    to->items = snug_alloc(from->count, sizeof *to->items);
    if (to->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(to->items, from->items, from->count * sizeof *to->items);
    to->count = from->count;
    return SNUG_OK;
}

void snug_number_list_clear(snug_number_list_value *list) {
    snug_release(list->items);
    *list = (snug_number_list_value){0};
}
