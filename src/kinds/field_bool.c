/*
 * Fields of type BOOL: true or false. An inverted field is true where its member is false, as
 * "shuffle" is with snug_fit_options.keep_order.
 */
#include <stdalign.h>

#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"

static snug_status set_default(const snug_field *field, void *member) {
    *(bool *)member = (field->initial != 0) != field->inverted;
    return SNUG_OK;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    if (value != 0 && value != 1) {
        return snug_fail_at(path, "must be 0 or 1 (got %g)", value);
    }
    *(bool *)member = (value != 0) != field->inverted;
    return SNUG_OK;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (!cJSON_IsBool(json)) {
        return snug_fail_type(path, "true or false", json);
    }
    *(bool *)member = cJSON_IsTrue(json) != field->inverted;
    return SNUG_OK;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_bool(json, field->name, *(const bool *)member != field->inverted, failed);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    (void)field;
    snug_json_string(schema, "type", "boolean", failed);
}

const snug_field_type snug_field_bool = {
    .name = "bool",
    .size = sizeof(bool),
    .alignment = alignof(bool),
    .set_default = set_default,
    .store = store,
    .read = read,
    .write = write,
    .add_schema = add_schema,
};
