/* Fields of type OBJECT: an owned object of one group of kinds, or NULL. */
#include <stdalign.h>
#include <stdio.h>

#include "core/status.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/json_schema.h"
#include "kinds/object.h"

static const char *missing(const snug_field *field) {
    return (size_t)field->group >= SNUG_GROUP_COUNT ? "needs a group in .group" : NULL;
}

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_object **object = member;
    snug_object_free(*object);
    *object = NULL;
}

/* Makes the member own `object`, unless that is NULL because a call failed. */
static snug_status replace_object(snug_object **member, snug_object *object) {
    if (object == NULL) {
        return snug_error_status();
    }
    snug_object_free(*member);
    *member = object;
    return SNUG_OK;
}

static snug_status set_default(const snug_field *field, void *member) {
    if (field->initial_text == NULL) {
        return SNUG_OK;
    }
    return replace_object(member, snug_object_parse(field->group, field->initial_text));
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (cJSON_IsNull(json) && snug_field_may_be_null(field)) {
        release(field, member);
        return SNUG_OK;
    }
    return replace_object(member, snug_object_read(field->group, json, path));
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_object *object = *(snug_object *const *)member;
    if (object != NULL) {
        snug_json_add(json, field->name, snug_object_write(object), failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    const snug_object *object = *(snug_object *const *)member;
    if (object != NULL) {
        return snug_object_check(object, path);
    }
    return field->required ? snug_fail_at(path, "is required") : SNUG_OK;
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snprintf(buffer, size, "%s", snug_group_name(field->group));
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_schema_add_reference(field->group, snug_json_object(alternatives, NULL, failed), failed);
    if (snug_field_may_be_null(field)) {
        snug_schema_add_null(alternatives, failed);
    }
}

static void set_units(const snug_field *field, void *member, const struct snug_data_units *units) {
    (void)field;
    snug_object *object = *(snug_object **)member;
    if (object != NULL) {
        snug_fields_set_units(object->kind->fields, object->config, units);
    }
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    const snug_object *object = *(snug_object *const *)from;
    return object != NULL ? replace_object(to, snug_object_copy(object)) : SNUG_OK;
}

const snug_field_type snug_field_object = {
    .name = "object",
    .size = sizeof(snug_object *),
    .alignment = alignof(snug_object *),
    .nested = true,
    .missing = missing,
    .set_default = set_default,
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
    .set_units = set_units,
    .copy = copy,
    .release = release,
};
