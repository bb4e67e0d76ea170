/* Fields of type STRING: an owned string, or NULL; some are paths of files. */
#include <stdalign.h>

#include "core/field_type.h"
#include "core/json_build.h"
#include "core/json_path.h"
#include "core/json_schema.h"
#include "core/memory.h"

static snug_status replace_string(char **member, const char *string) {
    char *copy_of_string = snug_copy_string(string);
    if (copy_of_string == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_release(*member);
    *member = copy_of_string;
    return SNUG_OK;
}

static snug_status set_default(const snug_field *field, void *member) {
    return field->initial_text != NULL ? replace_string(member, field->initial_text) : SNUG_OK;
}

static void release(void *member) {
    char **string = member;
    snug_release(*string);
    *string = NULL;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (cJSON_IsNull(json) && snug_field_may_be_null(field)) {
        release(member);
        return SNUG_OK;
    }
    if (!cJSON_IsString(json)) {
        return snug_fail_type(path, field->file ? "the name of a file" : "a text", json);
    }
    if (field->file && *json->valuestring == '\0') {
        return snug_fail_at(path, "must be the name of a file (got \"\")");
    }
    return replace_string(member, json->valuestring);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const char *string = *(char *const *)member;
    if (string != NULL) {
        snug_json_string(json, field->name, string, failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    if (field->required && *(char *const *)member == NULL) {
        return snug_fail_at(path, "is required");
    }
    return SNUG_OK;
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_schema_add_string(field, snug_json_object(alternatives, NULL, failed), failed);
    if (snug_field_may_be_null(field)) {
        snug_schema_add_null(alternatives, failed);
    }
}

static snug_status copy(void *to, const void *from) {
    const char *string = *(char *const *)from;
    return string != NULL ? replace_string(to, string) : SNUG_OK;
}

const snug_field_type snug_field_string = {
    .name = "string",
    .size = sizeof(char *),
    .alignment = alignof(char *),
    .set_default = set_default,
    .read = read,
    .write = write,
    .check = check,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
