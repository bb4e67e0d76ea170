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

static const char balanced[] = "balanced";

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_weights *weights = member;
    snug_release(weights->items);
    *weights = (snug_weights){0};
}

/* Checks weight `index` of the list at `path`. */
static snug_status check_weight(double weight, size_t index, const char *path) {
    if (isfinite(weight) && weight > 0) {
        return SNUG_OK;
    }
    char number[SNUG_NUMBER_LENGTH] = "no finite number";
    if (isfinite(weight)) {
        snug_number_format(weight, number);
    }
    return snug_fail_at(path, "weight %zu (from 0) must be above 0 (got %s)", index, number);
}

static snug_status read_list(snug_weights *weights, const cJSON *json, const char *path) {
    size_t count = (size_t)cJSON_GetArraySize(json);
    if (count == 0) {
        return snug_fail_at(path, "must hold a weight a class (got an empty array)");
    }
    weights->items = snug_alloc(count, sizeof *weights->items);
    if (weights->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        if (!cJSON_IsNumber(item)) {
            return snug_fail_type(path, "an array of numbers", item);
        }
        snug_status status = check_weight(item->valuedouble, weights->count, path);
        if (status != SNUG_OK) {
            return status;
        }
        weights->items[weights->count++] = item->valuedouble;
    }
    return SNUG_OK;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    (void)field;
    snug_weights weights = {0};
    snug_status status = SNUG_OK;
    if (cJSON_IsString(json) && strcmp(json->valuestring, balanced) == 0) {
        weights.balanced = true;
    } else if (cJSON_IsArray(json)) {
        status = read_list(&weights, json, path);
    } else if (!cJSON_IsNull(json)) {
        status = snug_fail_type(path, "\"balanced\", an array of numbers or null", json);
    }
    release(field, status == SNUG_OK ? member : &weights);
    if (status == SNUG_OK) {
        *(snug_weights *)member = weights;
    }
    return status;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_weights *weights = member;
    if (weights->balanced) {
        snug_json_string(json, field->name, balanced, failed);
    } else if (weights->items == NULL) {
        snug_json_null(json, field->name, failed);
    } else {
        cJSON *array = snug_json_array(json, field->name, failed);
        for (size_t i = 0; i < weights->count && !*failed; i++) {
            snug_json_number(array, NULL, weights->items[i], failed);
        }
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    (void)field;
    const snug_weights *weights = member;
    for (size_t i = 0; i < weights->count; i++) {
        snug_status status = check_weight(weights->items[i], i, path);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    (void)field;
    snprintf(buffer, size, "\"%s\", or numbers above 0", balanced);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_json_string(snug_json_object(alternatives, NULL, failed), "const", balanced, failed);
    cJSON *array = snug_json_object(alternatives, NULL, failed);
    snug_json_string(array, "type", "array", failed);
    snug_json_number(array, "minItems", 1, failed);
    cJSON *items = snug_json_object(array, "items", failed);
    snug_json_string(items, "type", "number", failed);
    snug_json_number(items, "exclusiveMinimum", 0, failed);
    if (snug_field_may_be_null(field)) {
        snug_schema_add_null(alternatives, failed);
    }
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    snug_weights *target = to;
    const snug_weights *weights = from;
    target->balanced = weights->balanced;
    if (weights->items == NULL) {
        return SNUG_OK;
    }
    target->items = snug_alloc(weights->count, sizeof *target->items);
    if (target->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(target->items, weights->items, weights->count * sizeof *target->items);
    target->count = weights->count;
    return SNUG_OK;
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
