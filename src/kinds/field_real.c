/* Fields of type REAL: a double in a range. */
#include <stdalign.h>

#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_range.h"
#include "kinds/field_type.h"

static snug_status set_default(const snug_field *field, void *member) {
    *(double *)member = field->initial;
    return SNUG_OK;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    snug_status status = snug_field_check_range(field, value, path);
    if (status == SNUG_OK) {
        *(double *)member = value;
    }
    return status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a number", json);
    }
    return store(field, member, json->valuedouble, path);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_number(json, field->name, *(const double *)member, failed);
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    return snug_field_check_range(field, *(const double *)member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_bounds bounds = snug_field_bounds(field);
    snug_bounds_print(&bounds, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_bounds bounds = snug_field_bounds(field);
    snug_bounds_add_schema(&bounds, "number", schema, failed);
}

const snug_field_type snug_field_real = {
    .name = "real",
    .size = sizeof(double),
    .alignment = alignof(double),
    .set_default = set_default,
    .store = store,
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
};
