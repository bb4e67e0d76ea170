/*
 * Fields of type RECORD: a struct in its place, with a table of its own. In JSON it is an object
 * without a "type", or null. The first field of its table is a SIZE of at least 1, such as a
 * patience; while its member is 0, the whole record is null, which is the default.
 */
#include <stdalign.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/json_schema.h"

static const char *missing(const snug_field *field) {
    if (field->record == NULL) {
        return "needs a record";
    }
    const snug_field *first = field->record->fields;
    bool begins = snug_is_field(first) && first->kind == SNUG_FIELD_SIZE && first->min >= 1;
    return begins ? NULL : "needs a record whose first field is a SIZE of at least 1";
}

static bool is_null(const snug_field *field, const void *member) {
    return *(const size_t *)(const void *)((const char *)member + field->record->fields->offset) ==
           0;
}

static void release(const snug_field *field, void *member) {
    snug_fields_free(field->record->fields, member);
    memset(member, 0, field->record->config_size);
}

static void set_default_if_zero(const snug_field *field, void *member) {
    if (!is_null(field, member)) {
        snug_fields_set_defaults_if_zero(field->record->fields, member);
    }
}

/* Checks what no single range can say. */
static snug_status check_whole(const snug_field *field, const void *member, const char *path) {
    const char *wrong = field->record->check != NULL ? field->record->check(member) : NULL;
    return wrong != NULL ? snug_fail_at(path, "%s", wrong) : SNUG_OK;
}

/* Reads an object into a zeroed struct, which owns nothing on failure. */
static snug_status read_object(const snug_field *field, void *record, const cJSON *json,
                               const char *path) {
    const snug_field *fields = field->record->fields;
    snug_status status = snug_fields_default(fields, record);
    if (status != SNUG_OK) {
        return status;
    }
    status = snug_fields_read(fields, record, json, path, NULL);
    if (status == SNUG_OK) {
        status = check_whole(field, record, path);
    }
    if (status != SNUG_OK) {
        snug_fields_free(fields, record);
    }
    return status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (cJSON_IsNull(json)) {
        release(field, member);
        return SNUG_OK;
    }
    if (!cJSON_IsObject(json)) {
        return snug_fail_type(path, "an object or null", json);
    }
    void *record = snug_alloc(1, field->record->config_size);
    snug_status status =
        record != NULL ? read_object(field, record, json, path) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        release(field, member);
        memcpy(member, record, field->record->config_size);
    }
    snug_release(record);
    return status;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    if (is_null(field, member)) {
        snug_json_null(json, field->name, failed);
        return;
    }
    cJSON *object = snug_json_object(json, field->name, failed);
    if (!*failed && snug_fields_write(field->record->fields, member, object) != SNUG_OK) {
        *failed = true;
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    if (is_null(field, member)) {
        return SNUG_OK;
    }
    snug_status status = snug_fields_check(field->record->fields, member, path);
    return status == SNUG_OK ? check_whole(field, member, path) : status;
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    cJSON *object = snug_json_object(alternatives, NULL, failed);
    snug_schema_add_fields(field->record->fields, NULL, object, failed);
    snug_schema_add_null(alternatives, failed);
}

static void set_units(const snug_field *field, void *member, const struct snug_data_units *units) {
    snug_fields_set_units(field->record->fields, member, units);
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    memcpy(to, from, field->record->config_size);
    return snug_fields_copy(field->record->fields, to, from);
}

const snug_field_type snug_field_record = {
    .name = "record",
    .alignment = alignof(size_t),
    .missing = missing,
    .set_default_if_zero = set_default_if_zero,
    .read = read,
    .write = write,
    .check = check,
    .add_schema = add_schema,
    .set_units = set_units,
    .copy = copy,
    .release = release,
};
