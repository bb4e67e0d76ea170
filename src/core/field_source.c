/* Fields of type SOURCE: where rows come from: a file, a pair of files, or a fraction of rows. */
#include <stdalign.h>

#include "core/field_range.h"
#include "core/field_type.h"
#include "core/fields.h"
#include "core/json.h"
#include "core/json_build.h"
#include "core/json_path.h"
#include "core/json_schema.h"
#include "core/memory.h"

#define FILE_FIELD(member, text)                                                                   \
    {.name = #member,                                                                              \
     .help = (text),                                                                               \
     .kind = SNUG_FIELD_STRING,                                                                    \
     .offset = offsetof(snug_source, member),                                                      \
     .required = true,                                                                             \
     .file = true}

static const snug_field image_fields[] = {FILE_FIELD(images, "IDX file of the images"),
                                          FILE_FIELD(labels, "IDX file of their labels"),
                                          {.kind = SNUG_FIELD_END}};

static const snug_field array_fields[] = {FILE_FIELD(features, "NPY file of the features"),
                                          FILE_FIELD(targets, "NPY file of the targets"),
                                          {.kind = SNUG_FIELD_END}};
#undef FILE_FIELD

static const snug_field *const pairs[] = {image_fields, array_fields, NULL};

static char **pair_member(snug_source *source, const snug_field *part) {
    return (char **)(void *)((char *)source + part->offset);
}

/* The pair of files that is set, or NULL. */
static const snug_field *pair_of(const snug_source *source) {
    return source->images != NULL ? image_fields : source->features != NULL ? array_fields : NULL;
}

/* The pair whose first file an object names; the first pair where it names none. */
static const snug_field *pair_named(const cJSON *json) {
    const snug_field *const *pair = pairs;
    while (*pair != NULL && snug_json_get(json, (*pair)->name) == NULL) {
        pair++;
    }
    return *pair != NULL ? *pair : pairs[0];
}

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_source *source = member;
    snug_release(source->path);
    for (const snug_field *const *pair = pairs; *pair; pair++) {
        for (const snug_field *part = *pair; part->kind != SNUG_FIELD_END; part++) {
            snug_release(*pair_member(source, part));
        }
    }
    *source = (snug_source){0};
}

/* A source whose field has no range can be files alone. */
static bool takes_fraction(const snug_field *field) {
    snug_bounds bounds = snug_field_bounds(field);
    return bounds.has_min || bounds.has_max;
}

#define PAIR_FORMS "{\"images\": FILE, \"labels\": FILE} or {\"features\": FILE, \"targets\": FILE}"

static snug_status fill(const snug_field *field, snug_source *source, const cJSON *json,
                        const char *path) {
    static const snug_field path_field = {.required = true, .file = true};
    if (cJSON_IsString(json)) {
        return snug_field_string.read(&path_field, &source->path, json, path);
    }
    if (cJSON_IsObject(json)) {
        return snug_fields_read(pair_named(json), source, json, path, NULL);
    }
    if (cJSON_IsNull(json) && snug_field_may_be_null(field)) {
        return SNUG_OK;
    }
    if (!takes_fraction(field)) {
        return snug_fail_type(path, "the name of a file, or " PAIR_FORMS, json);
    }
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "the name of a file, a fraction, or " PAIR_FORMS, json);
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

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_source *source = member;
    if (source->path != NULL) {
        snug_json_string(json, field->name, source->path, failed);
    } else if (pair_of(source) != NULL) {
        cJSON *pair = snug_json_object(json, field->name, failed);
        for (const snug_field *part = pair_of(source); part->kind != SNUG_FIELD_END && pair != NULL;
             part++) {
            snug_field_string.write(part, (const char *)source + part->offset, pair, failed);
        }
    } else if (source->fraction != 0) {
        snug_json_number(json, field->name, source->fraction, failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    const snug_source *source = member;
    bool files = source->path != NULL || pair_of(source) != NULL;
    if (files || (source->fraction == 0 && !field->required)) {
        return SNUG_OK;
    }
    if (source->fraction == 0) {
        return snug_fail_at(path, "is required");
    }
    return snug_field_check_range(field, source->fraction, path);
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    snug_source *target = to;
    const snug_source *source = from;
    target->fraction = source->fraction;
    snug_status status = snug_field_string.copy(field, &target->path, &source->path);
    const snug_field *part = pair_of(source);
    for (; part != NULL && part->kind != SNUG_FIELD_END && status == SNUG_OK; part++) {
        status = snug_field_string.copy(field, pair_member(target, part),
                                        (const char *)source + part->offset);
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
    for (const snug_field *const *pair = pairs; *pair != NULL; pair++) {
        snug_schema_add_fields(*pair, NULL, snug_json_object(alternatives, NULL, failed), failed);
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
