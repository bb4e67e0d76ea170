/* Fields of type SIZE: a whole number from 0 to 2^53 in a range. */
#include <math.h>
#include <stdalign.h>

#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "json/json_print.h"
#include "kinds/field_range.h"
#include "kinds/field_type.h"

static snug_status set_default(const snug_field *field, void *member) {
    *(size_t *)member = (size_t)field->initial;
    return SNUG_OK;
}

static void set_default_if_zero(const snug_field *field, void *member) {
    size_t *size = member;
    *size = *size > 0 ? *size : (size_t)field->initial;
}

static snug_status check_whole(const snug_field *field, double value, const char *path) {
    if (isfinite(value) && value != floor(value)) {
        char number[SNUG_NUMBER_LENGTH];
        snug_number_format(value, number);
        return snug_fail_at(path, "must be a whole number (got %s)", number);
    }
    snug_status status = snug_field_check_range(field, value, path);
    if (status != SNUG_OK) {
        return status;
    }
    if (value < 0) {
        return snug_fail_range(path, "at least", 0, value);
    }
    if (value > SNUG_JSON_LARGEST_WHOLE) {
        return snug_fail_range(path, "at most", SNUG_JSON_LARGEST_WHOLE, value);
    }
    return SNUG_OK;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    snug_status status = check_whole(field, value, path);
    if (status == SNUG_OK) {
        *(size_t *)member = (size_t)value;
    }
    return status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a whole number", json);
    }
    return store(field, member, json->valuedouble, path);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_number(json, field->name, (double)*(const size_t *)member, failed);
}

/* A program may set more than 2^53, which only JSON cannot hold. */
static snug_status check(const snug_field *field, const void *member, const char *path) {
    return snug_field_check_range(field, (double)*(const size_t *)member, path);
}

/* A size_t is at least 0, also where the table names no minimum. */
static snug_bounds whole_bounds(const snug_field *field) {
    snug_bounds bounds = snug_field_bounds(field);
    if (!bounds.has_min) {
        bounds.has_min = true;
        bounds.min = 0;
    }
    return bounds;
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_bounds bounds = whole_bounds(field);
    snug_bounds_print(&bounds, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_bounds bounds = whole_bounds(field);
    snug_bounds_add_schema(&bounds, "integer", schema, failed);
}

const snug_field_type snug_field_size = {
    .name = "size",
    .size = sizeof(size_t),
    .alignment = alignof(size_t),
    .set_default = set_default,
    .set_default_if_zero = set_default_if_zero,
    .store = store,
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
};
