/*
 * Fields of type UNITS: a whole number as in a SIZE field, or "classes", which is stored as
 * SNUG_UNITS_CLASSES until the number of classes is known from the data.
 */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"

static const char classes[] = "classes";

static bool is_classes(const void *member) {
    return *(const size_t *)member == SNUG_UNITS_CLASSES;
}

static snug_status set_default(const snug_field *field, void *member) {
    return snug_field_size.set_default(field, member);
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    if (value == (double)SNUG_UNITS_CLASSES) {
        *(size_t *)member = SNUG_UNITS_CLASSES;
        return SNUG_OK;
    }
    return snug_field_size.store(field, member, value, path);
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    if (cJSON_IsString(json) && strcmp(json->valuestring, classes) == 0) {
        *(size_t *)member = SNUG_UNITS_CLASSES;
        return SNUG_OK;
    }
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a whole number or \"classes\"", json);
    }
    return snug_field_size.store(field, member, json->valuedouble, path);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    if (is_classes(member)) {
        snug_json_string(json, field->name, classes, failed);
    } else {
        snug_field_size.write(field, member, json, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    return is_classes(member) ? SNUG_OK : snug_field_size.check(field, member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_field_size.print_range(field, buffer, size);
    size_t used = strlen(buffer);
    snprintf(buffer + used, size - used, " or \"%s\"", classes);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_field_size.add_schema(field, snug_json_object(alternatives, NULL, failed), failed);
    snug_json_string(snug_json_object(alternatives, NULL, failed), "const", classes, failed);
}

static void set_class_count(const snug_field *field, void *member, size_t class_count) {
    (void)field;
    if (is_classes(member)) {
        *(size_t *)member = class_count;
    }
}

const snug_field_type snug_field_units = {
    .name = "units",
    .size = sizeof(size_t),
    .alignment = alignof(size_t),
    .set_default = set_default,
    .store = store,
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
    .set_class_count = set_class_count,
};
