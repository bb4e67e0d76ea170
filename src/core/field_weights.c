/* Fields that hold a weight a class. */
#include <math.h>
#include <stdalign.h>
#include <string.h>

#include "core/fields.h"
#include "core/json.h"
#include "core/memory.h"

static const char balanced[] = "balanced";

static void weights_release(void *member) {
    snug_weights *weights = member;
    snug_release(weights->items);
    *weights = (snug_weights){0};
}

/* `path` names the list. */
static snug_status check_weight(double weight, size_t index, const char *path) {
    if (isfinite(weight) && weight > 0) {
        return SNUG_OK;
    }
    char text[SNUG_NUMBER_LENGTH] = "no finite number";
    if (isfinite(weight)) {
        snug_number_format(weight, text);
    }
    return snug_fail_at(path, "weight %zu (from 0) must be above 0 (got %s)", index, text);
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

static snug_status weights_read(const snug_field *field, void *member, const cJSON *json,
                                const char *path) {
    (void)field;
    snug_weights fresh = {0};
    snug_status status = SNUG_OK;
    if (cJSON_IsString(json) && strcmp(json->valuestring, balanced) == 0) {
        fresh.balanced = true;
    } else if (cJSON_IsArray(json)) {
        status = read_list(&fresh, json, path);
    } else if (!cJSON_IsNull(json)) {
        status = snug_fail_type(path, "\"balanced\", an array of numbers or null", json);
    }
    weights_release(status == SNUG_OK ? member : &fresh);
    if (status == SNUG_OK) {
        *(snug_weights *)member = fresh;
    }
    return status;
}

static void weights_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
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

static snug_status weights_check(const snug_field *field, const void *member, const char *path) {
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

static snug_status weights_copy(void *to, const void *from) {
    snug_weights *copy = to;
    const snug_weights *weights = from;
    copy->balanced = weights->balanced;
    if (weights->items == NULL) {
        return SNUG_OK;
    }
    copy->items = snug_alloc(weights->count, sizeof *copy->items);
    if (copy->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    memcpy(copy->items, weights->items, weights->count * sizeof *copy->items);
    copy->count = weights->count;
    return SNUG_OK;
}

const snug_field_type snug_field_weights = {
    .name = "weights",
    .size = sizeof(snug_weights),
    .alignment = alignof(snug_weights),
    .read = weights_read,
    .write = weights_write,
    .check = weights_check,
    .copy = weights_copy,
    .release = weights_release,
};
