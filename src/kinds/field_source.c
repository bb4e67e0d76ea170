/*
 * Fields of type SOURCE: where rows come from. In JSON a string, which is the path of a file, an
 * object with the paths of several files, whose names a data format declares, or a fraction of
 * rows.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_range.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/json_schema.h"

static const snug_field path_field = {.required = true, .file = true};

/*
 * Returns the names that a JSON object's files have; of the first format where it has none of any.
 */
static const snug_field *names_in(const cJSON *json) {
    const snug_field *names;
    for (size_t i = 0; (names = snug_source_names(i)) != NULL; i++) {
        if (snug_json_get(json, names->name) != NULL) {
            return names;
        }
    }
    return snug_source_names(0);
}

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_source *source = member;
    for (size_t i = 0; i < SNUG_SOURCE_FILES; i++) {
        snug_release(source->paths[i]);
    }
    *source = (snug_source){0};
}

/* A source whose field has no range can be files only. */
static bool takes_fraction(const snug_field *field) {
    snug_bounds bounds = snug_field_bounds(field);
    return bounds.has_min || bounds.has_max;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void append(char *buffer, size_t size, const char *format, ...) SNUG_PRINTF(3, 4);

static void append(char *buffer, size_t size, const char *format, ...) {
    size_t used = strlen(buffer);
    va_list args;
    va_start(args, format);
    vsnprintf(buffer + used, size - used, format, args);
    va_end(args);
}

/* Fails with all that the value may be: "the name of a file, or {\"images\": FILE ...}". */
static snug_status fail_type(const snug_field *field, const cJSON *json, const char *path) {
    char expected[512];
    const snug_field *names;
    snprintf(expected, sizeof expected, "the name of a file%s",
             takes_fraction(field) ? ", a fraction" : "");
    for (size_t i = 0; (names = snug_source_names(i)) != NULL; i++) {
        append(expected, sizeof expected, i == 0 ? ", or {" : " or {");
        for (const snug_field *file = names; snug_is_field(file); file++) {
            append(expected, sizeof expected, "%s\"%s\": FILE", file == names ? "" : ", ",
                   file->name);
        }
        append(expected, sizeof expected, "}");
    }
    return snug_fail_type(path, expected, json);
}

static snug_status fill(const snug_field *field, snug_source *source, const cJSON *json,
                        const char *path) {
    if (cJSON_IsString(json)) {
        return snug_field_string.read(&path_field, &source->paths[0], json, path);
    }
    if (cJSON_IsObject(json)) {
        source->names = names_in(json);
        return snug_fields_read(source->names, source, json, path, NULL);
    }
    if (cJSON_IsNull(json) && snug_field_may_be_null(field)) {
        return SNUG_OK;
    }
    if (!takes_fraction(field) || !cJSON_IsNumber(json)) {
        return fail_type(field, json, path);
    }
    source->fraction = json->valuedouble;
    return snug_field_check_range(field, source->fraction, path);
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    snug_source source = {0};
    snug_status status = fill(field, &source, json, path);
    release(field, status == SNUG_OK ? member : &source);
    if (status == SNUG_OK) {
        *(snug_source *)member = source;
    }
    return status;
}

static void write_names(const snug_field *field, const snug_source *source, cJSON *json,
                        bool *failed) {
    cJSON *object = snug_json_object(json, field->name, failed);
    for (const snug_field *file = source->names; snug_is_field(file) && !*failed; file++) {
        snug_field_string.write(file, (const char *)source + file->offset, object, failed);
    }
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_source *source = member;
    if (source->names != NULL) {
        write_names(field, source, json, failed);
    } else if (source->paths[0] != NULL) {
        snug_json_string(json, field->name, source->paths[0], failed);
    } else if (source->fraction != 0) {
        snug_json_number(json, field->name, source->fraction, failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

/* ---- values ---------------------------------------------------------------------------------- */

static snug_status check(const snug_field *field, const void *member, const char *path) {
    const snug_source *source = member;
    bool empty = source->paths[0] == NULL && source->fraction == 0;
    if (source->paths[0] != NULL || (empty && !field->required)) {
        return SNUG_OK;
    }
    return empty ? snug_fail_at(path, "is required")
                 : snug_field_check_range(field, source->fraction, path);
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    snug_source *target = to;
    const snug_source *source = from;
    snug_status status = SNUG_OK;
    target->names = source->names;
    target->fraction = source->fraction;
    for (size_t i = 0; i < SNUG_SOURCE_FILES && status == SNUG_OK; i++) {
        status = snug_field_string.copy(field, &target->paths[i], &source->paths[i]);
    }
    return status;
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_bounds bounds = snug_field_bounds(field);
    snug_bounds_print(&bounds, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_bounds bounds = snug_field_bounds(field);
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    snug_schema_add_string(field, snug_json_object(alternatives, NULL, failed), failed);
    const snug_field *names;
    for (size_t i = 0; (names = snug_source_names(i)) != NULL && !*failed; i++) {
        snug_schema_add_fields(names, NULL, snug_json_object(alternatives, NULL, failed), failed);
    }
    if (takes_fraction(field)) {
        cJSON *number = snug_json_object(alternatives, NULL, failed);
        snug_bounds_add_schema(&bounds, "number", number, failed);
    }
    if (snug_field_may_be_null(field)) {
        snug_schema_add_null(alternatives, failed);
    }
}

const snug_field_type snug_field_source = {
    .name = "source",
    .size = sizeof(snug_source),
    .alignment = alignof(snug_source),
    .read = read,
    .write = write,
    .check = check,
    .print_range = print_range,
    .add_schema = add_schema,
    .copy = copy,
    .release = release,
};
