/* Fields of type RECORD: an owned object of one given kind, or NULL. In JSON without a "type". */
#include <stdalign.h>

#include "core/field_type.h"
#include "core/fields.h"
#include "core/json_build.h"
#include "core/json_path.h"
#include "core/json_schema.h"
#include "core/object.h"
#include "core/status.h"

static const char *missing(const snug_field *field) {
    return field->record == NULL ? "needs a record" : NULL;
}

static void release(void *member) {
    snug_field_object.release(member);
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    snug_object *record = NULL;
    if (cJSON_IsObject(json)) {
        record = snug_object_read_record(field->record, json, path);
        if (record == NULL) {
            return snug_error_status();
        }
    } else if (!cJSON_IsNull(json)) {
        return snug_fail_type(path, "an object or null", json);
    }
    release(member);
    *(snug_object **)member = record;
    return SNUG_OK;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_object *record = *(snug_object *const *)member;
    if (record == NULL) {
        snug_json_null(json, field->name, failed);
        return;
    }
    cJSON *fields = snug_json_object(json, field->name, failed);
    if (!*failed && snug_fields_write(record->kind->fields, record->config, fields) != SNUG_OK) {
        *failed = true;
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    return snug_field_object.check(field, member, path);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    cJSON *object = snug_json_object(alternatives, NULL, failed);
    snug_schema_add_fields(field->record->fields, NULL, object, failed);
    if (snug_field_may_be_null(field)) {
        snug_schema_add_null(alternatives, failed);
    }
}

static void set_class_count(void *member, size_t class_count) {
    snug_field_object.set_class_count(member, class_count);
}

static snug_status copy(void *to, const void *from) {
    return snug_field_object.copy(to, from);
}

const snug_field_type snug_field_record = {
    .name = "record",
    .size = sizeof(snug_object *),
    .alignment = alignof(snug_object *),
    .missing = missing,
    .read = read,
    .write = write,
    .check = check,
    .add_schema = add_schema,
    .set_class_count = set_class_count,
    .copy = copy,
    .release = release,
};
