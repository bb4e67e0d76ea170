/* Fields of type CHOICE: an index into a list of names; in JSON, the name. */
#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "core/spelling.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"

static const char *missing(const snug_field *field) {
    return field->choices == NULL || field->choices[0] == NULL ? "needs choices" : NULL;
}

static int count_choices(const snug_field *field) {
    int count = 0;
    while (field->choices[count] != NULL) {
        count++;
    }
    return count;
}

static snug_status set_default(const snug_field *field, void *member) {
    *(int *)member = (int)field->initial;
    return SNUG_OK;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    int count = count_choices(field);
    if (!(value >= 0 && value < count) || value != floor(value)) {
        return snug_fail_at(path, "must be the number of a choice, from 0 to %d (got %g)",
                            count - 1, value);
    }
    *(int *)member = (int)value;
    return SNUG_OK;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    int count = count_choices(field);
    for (int i = 0; i < count && cJSON_IsString(json); i++) {
        if (strcmp(json->valuestring, field->choices[i]) == 0) {
            *(int *)member = i;
            return SNUG_OK;
        }
    }
    char names[384], expected[400];
    snug_quote_names(field->choices, (size_t)count, names, sizeof names);
    snprintf(expected, sizeof expected, "one of %s", names);
    return snug_fail_type(path, expected, json);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_string(json, field->name, field->choices[*(const int *)member], failed);
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    int unused;
    return store(field, &unused, *(const int *)member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_quote_names(field->choices, (size_t)count_choices(field), buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *names = snug_json_array(schema, "enum", failed);
    for (size_t i = 0; field->choices[i] != NULL && !*failed; i++) {
        snug_json_string(names, NULL, field->choices[i], failed);
    }
}

const snug_field_type snug_field_choice = {
    .name = "choice",
    .size = sizeof(int),
    .alignment = alignof(int),
    .missing = missing,
    .set_default = set_default,
    .store = store,
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
};
