/*
 * Fields of type STRING: an owned string, or NULL; some are paths of files. The member is a char *
 * or a const char *, which differ for the compiler: it is copied and never accessed as one of them.
 */
#include <stdalign.h>
#include <string.h>

#include "core/memory.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/json_schema.h"

static const char *get(const void *member) {
    const char *string;
    memcpy(&string, member, sizeof string);
    return string;
}

/* Frees the string and puts an owned one, or NULL, in its place. */
static void set(void *member, char *string) {
    snug_release((char *)get(member));
    memcpy(member, &string, sizeof string);
}

static snug_status replace_string(void *member, const char *string) {
    char *copy_of_string = snug_copy_string(string);
    if (copy_of_string == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    set(member, copy_of_string);
    return SNUG_OK;
}

static snug_status set_default(const snug_field *field, void *member) {
    return field->initial_text != NULL ? replace_string(member, field->initial_text) : SNUG_OK;
}

static void set_default_if_zero(const snug_field *field, void *member) {
    if (get(member) == NULL) {
        memcpy(member, &field->initial_text, sizeof field->initial_text);
    }
}

static void release(const snug_field *field, void *member) {
    (void)field;
    set(member, NULL);
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (cJSON_IsNull(json) && snug_field_may_be_null(field)) {
        release(field, member);
        return SNUG_OK;
    }
    if (!cJSON_IsString(json)) {
        return snug_fail_type(path, field->file ? "the name of a file" : "a string", json);
    }
    if (field->file && *json->valuestring == '\0') {
        return snug_fail_at(path, "must be the name of a file (got \"\")");
    }
    return replace_string(member, json->valuestring);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const char *string = get(member);
    if (string != NULL) {
        snug_json_string(json, field->name, string, failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    if (field->required && get(member) == NULL) {
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

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    const char *string = get(from);
    return string != NULL ? replace_string(to, string) : SNUG_OK;
}

const snug_field_type snug_field_string = {
    .name = "string",
    .size = sizeof(char *),
    .alignment = alignof(char *),
    .set_default = set_default,
    .set_default_if_zero = set_default_if_zero,
    .read = read,
    .write = write,
    .check = check,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
