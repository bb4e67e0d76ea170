/* Fields of type REAL: a double in a range; NaN for the null of one that is .optional. */
#include <math.h>
#include <stdalign.h>

#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_range.h"
#include "kinds/field_type.h"
#include "kinds/json_schema.h"

static const char *missing(const snug_field *field) {
    return field->replaces != NULL && !field->optional ? "has .replaces without .optional" : NULL;
}

static bool is_null(const void *member) {
    return isnan(*(const double *)member);
}

static snug_status set_default(const snug_field *field, void *member) {
    *(double *)member = field->optional ? (double)NAN : field->initial;
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
    if (field->optional && cJSON_IsNull(json)) {
        return set_default(field, member);
    }
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, field->optional ? "a number or null" : "a number", json);
    }
    return store(field, member, json->valuedouble, path);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    if (field->optional && is_null(member)) {
        snug_json_null(json, field->name, failed);
    } else {
        snug_json_number(json, field->name, *(const double *)member, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    return field->optional && is_null(member)
               ? SNUG_OK
               : snug_field_check_range(field, *(const double *)member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_bounds bounds = snug_field_bounds(field);
    snug_bounds_print(&bounds, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_bounds bounds = snug_field_bounds(field);
    if (field->optional) {
        cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
        snug_bounds_add_schema(&bounds, "number", snug_json_object(alternatives, NULL, failed),
                               failed);
        snug_schema_add_null(alternatives, failed);
    } else {
        snug_bounds_add_schema(&bounds, "number", schema, failed);
    }
}

const snug_field_type snug_field_real = {
    .name = "real",
    .size = sizeof(double),
    .alignment = alignof(double),
    .missing = missing,
    .set_default = set_default,
    .store = store,
    .read = read,
    .write = write,
    .is_null = is_null,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
};
