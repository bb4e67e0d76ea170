/* Fields of type WEIGHTS: one weight for each class, "balanced", or none. */
#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "json/json_print.h"
#include "kinds/field_type.h"
#include "kinds/json_schema.h"
#include "kinds/number_list.h"

static const char balanced[] = "balanced";

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_weights *weights = member;
    snug_release(weights->items);
    *weights = (snug_weights){0};
}

static snug_status check_weight(const snug_field *field, double weight, size_t index,
                                const char *path) {
    (void)field;
    if (isfinite(weight) && weight > 0) {
        return SNUG_OK;
    }
    char number[SNUG_NUMBER_LENGTH] = "no finite number";
    if (isfinite(weight)) {
        snug_number_format(weight, number);
    }
    return snug_fail_at(path, "weight %zu (from 0) must be above 0 (got %s)", index, number);
}

/* Returns the list of weights, which the field still owns. */
static snug_number_list_value list_of(const snug_weights *weights) {
    return (snug_number_list_value){weights->items, weights->count};
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    snug_number_list_value list = {0};
    snug_status status = SNUG_OK;
    bool is_balanced = cJSON_IsString(json) && strcmp(json->valuestring, balanced) == 0;
    if (cJSON_IsArray(json)) {
        status = snug_number_list_read(field, check_weight, "a weight a class", &list, json, path);
    } else if (!is_balanced && !cJSON_IsNull(json)) {
        status = snug_fail_type(path, "\"balanced\", an array of numbers or null", json);
    }
    if (status != SNUG_OK) {
        snug_number_list_clear(&list);
        return status;
    }
    release(field, member);
    *(snug_weights *)member =
        (snug_weights){.items = list.items, .count = list.count, .balanced = is_balanced};
    return SNUG_OK;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_weights *weights = member;
    const snug_number_list_value list = list_of(weights);
    if (weights->balanced) {
        snug_json_string(json, field->name, balanced, failed);
    } else {
        snug_number_list_write(field, &list, json, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    const snug_number_list_value list = list_of(member);
    return snug_number_list_check(field, check_weight, &list, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    (void)field;
    snprintf(buffer, size, "\"%s\", or numbers above 0", balanced);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    const snug_bounds above_0 = {.has_min = true, .open_min = true};
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_json_string(snug_json_object(alternatives, NULL, failed), "const", balanced, failed);
    snug_number_list_add_schema(&above_0, alternatives, failed);
    if (snug_field_may_be_null(field)) {
        snug_schema_add_null(alternatives, failed);
    }
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    snug_weights *target = to;
    const snug_weights *weights = from;
    const snug_number_list_value list = list_of(weights);
    snug_number_list_value copied = {0};
    snug_status status = snug_number_list_copy(&copied, &list);
    *target = (snug_weights){copied.items, copied.count, weights->balanced};
    return status;
}

const snug_field_type snug_field_weights = {
    .name = "weights",
    .size = sizeof(snug_weights),
    .alignment = alignof(snug_weights),
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
