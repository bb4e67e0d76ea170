/*
 * Fields of type UNITS: a whole number as in a SIZE field, or a name, which is stored as a number
 * that no layer has (SNUG_UNITS_CLASSES, SNUG_UNITS_TARGETS) until its number is known by the data.
 */
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/field_units.h"
#include "kinds/fields.h"

/* A name for units, and what the targets of data must be for it to have a number. */
static const struct {
    const char *name;
    size_t units;
    const char *targets;
    size_t number_at; /* of its number in snug_data_units */
} names[] = {
    {"classes", SNUG_UNITS_CLASSES, "classes", offsetof(snug_data_units, classes)},
    {"targets", SNUG_UNITS_TARGETS, "values", offsetof(snug_data_units, targets)},
};

enum { NAMES = sizeof names / sizeof *names };

#define OR_A_NAME "\"classes\" or \"targets\""

/* Returns the index of the name of units; NAMES where they are a number. */
static size_t find_units(size_t units) {
    size_t i = 0;
    while (i < NAMES && names[i].units != units) {
        i++;
    }
    return i;
}

const char *snug_units_name(size_t units) {
    size_t i = find_units(units);
    return i < NAMES ? names[i].name : NULL;
}

snug_status snug_units_check(size_t units) {
    size_t i = find_units(units);
    if (i == NAMES) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "\"units\": \"%s\" needs data whose targets are %s; otherwise it is a number",
                     names[i].name, names[i].targets);
}

static snug_status set_default(const snug_field *field, void *member) {
    return snug_field_size.set_default(field, member);
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    for (size_t i = 0; i < NAMES; i++) {
        if (value == (double)names[i].units) {
            *(size_t *)member = names[i].units;
            return SNUG_OK;
        }
    }
    return snug_field_size.store(field, member, value, path);
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    for (size_t i = 0; i < NAMES && cJSON_IsString(json); i++) {
        if (strcmp(json->valuestring, names[i].name) == 0) {
            *(size_t *)member = names[i].units;
            return SNUG_OK;
        }
    }
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a whole number, " OR_A_NAME, json);
    }
    return snug_field_size.store(field, member, json->valuedouble, path);
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const char *name = snug_units_name(*(const size_t *)member);
    if (name != NULL) {
        snug_json_string(json, field->name, name, failed);
    } else {
        snug_field_size.write(field, member, json, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    return snug_units_name(*(const size_t *)member) != NULL
               ? SNUG_OK
               : snug_field_size.check(field, member, path);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_field_size.print_range(field, buffer, size);
    size_t used = strlen(buffer);
    snprintf(buffer + used, size - used, ", " OR_A_NAME);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_field_size.add_schema(field, snug_json_object(alternatives, NULL, failed), failed);
    for (size_t i = 0; i < NAMES; i++) {
        snug_json_string(snug_json_object(alternatives, NULL, failed), "const", names[i].name,
                         failed);
    }
}

static void set_units(const snug_field *field, void *member, const snug_data_units *units) {
    (void)field;
    size_t i = find_units(*(size_t *)member), number = 0;
    if (i < NAMES) {
        memcpy(&number, (const char *)units + names[i].number_at, sizeof number);
    }
    if (number > 0) {
        *(size_t *)member = number;
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
    .set_units = set_units,
};
