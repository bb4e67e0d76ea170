/* Fields that own texts: string, strings and source. */
#include <stdalign.h>

#include "core/fields.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/status.h"

/* ---- string ---------------------------------------------------------------------------------- */

static snug_status replace_text(char **member, const char *text) {
    char *copy = snug_copy_string(text);
    if (copy == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_release(*member);
    *member = copy;
    return SNUG_OK;
}

static snug_status string_default(const snug_field *field, void *member) {
    return field->initial_text != NULL ? replace_text(member, field->initial_text) : SNUG_OK;
}

static void string_release(void *member) {
    char **text = member;
    snug_release(*text);
    *text = NULL;
}

/* What has neither a default nor to be there may be null. */
static bool may_be_null(const snug_field *field) {
    return !field->required && field->initial_text == NULL;
}

static snug_status string_read(const snug_field *field, void *member, const cJSON *json,
                               const char *path) {
    if (cJSON_IsNull(json) && may_be_null(field)) {
        string_release(member);
        return SNUG_OK;
    }
    if (!cJSON_IsString(json)) {
        return snug_fail_type(path, field->file ? "the name of a file" : "a text", json);
    }
    if (field->file && !*json->valuestring) {
        return snug_fail_at(path, "must be the name of a file (got \"\")");
    }
    return replace_text(member, json->valuestring);
}

static void string_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const char *text = *(char *const *)member;
    if (text != NULL) {
        snug_json_string(json, field->name, text, failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status string_check(const snug_field *field, const void *member, const char *path) {
    if (field->required && *(char *const *)member == NULL) {
        return snug_fail_at(path, "is required");
    }
    return SNUG_OK;
}

static snug_status string_copy(void *to, const void *from) {
    const char *text = *(char *const *)from;
    return text != NULL ? replace_text(to, text) : SNUG_OK;
}

const snug_field_type snug_field_string = {
    .name = "string",
    .size = sizeof(char *),
    .alignment = alignof(char *),
    .set_default = string_default,
    .read = string_read,
    .write = string_write,
    .check = string_check,
    .copy = string_copy,
    .release = string_release,
};

/* ---- strings --------------------------------------------------------------------------------- */

static void strings_release(void *member) {
    snug_strings *strings = member;
    for (size_t i = 0; i < strings->count; i++) {
        snug_release(strings->items[i]);
    }
    snug_release(strings->items);
    *strings = (snug_strings){0};
}

static bool strings_reserve(snug_strings *strings, size_t count) {
    strings->items = count > 0 ? snug_alloc(count, sizeof *strings->items) : NULL;
    return count == 0 || strings->items != NULL;
}

static bool strings_append(snug_strings *strings, const char *text) {
    char *copy = snug_copy_string(text);
    if (copy != NULL) {
        strings->items[strings->count++] = copy;
    }
    return copy != NULL;
}

/* A text alone is a list of one, null an empty one. */
static snug_status strings_read(const snug_field *field, void *member, const cJSON *json,
                                const char *path) {
    (void)field;
    if (!cJSON_IsArray(json) && !cJSON_IsString(json) && !cJSON_IsNull(json)) {
        return snug_fail_type(path, "a text or an array of texts", json);
    }
    const cJSON *first = cJSON_IsArray(json) ? json->child : NULL;
    size_t index = 0;
    for (const cJSON *item = first; item != NULL; item = item->next, index++) {
        if (!cJSON_IsString(item)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a text (got %s)", path, index,
                             snug_json_type(item));
        }
    }
    snug_strings fresh = {0};
    bool single = cJSON_IsString(json);
    bool good = strings_reserve(&fresh, index + single);
    if (good && single) {
        good = strings_append(&fresh, json->valuestring);
    }
    for (const cJSON *item = first; good && item != NULL; item = item->next) {
        good = strings_append(&fresh, item->valuestring);
    }
    strings_release(good ? member : &fresh);
    if (!good) {
        return SNUG_ERROR_MEMORY;
    }
    *(snug_strings *)member = fresh;
    return SNUG_OK;
}

static void strings_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_strings *strings = member;
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < strings->count && !*failed; i++) {
        snug_json_string(array, NULL, strings->items[i], failed);
    }
}

static snug_status strings_copy(void *to, const void *from) {
    snug_strings *copy = to;
    const snug_strings *strings = from;
    bool good = strings_reserve(copy, strings->count);
    for (size_t i = 0; good && i < strings->count; i++) {
        good = strings_append(copy, strings->items[i]);
    }
    return good ? SNUG_OK : SNUG_ERROR_MEMORY;
}

const snug_field_type snug_field_strings = {
    .name = "strings",
    .size = sizeof(snug_strings),
    .alignment = alignof(snug_strings),
    .read = strings_read,
    .write = strings_write,
    .copy = strings_copy,
    .release = strings_release,
};

/* ---- source ---------------------------------------------------------------------------------- */

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

const snug_field *const snug_source_pairs[] = {image_fields, array_fields, NULL};

static char **pair_member(snug_source *source, const snug_field *part) {
    return (char **)(void *)((char *)source + part->offset);
}

/* The pair of files that is set, or NULL. */
static const snug_field *pair_of(const snug_source *source) {
    return source->images != NULL ? image_fields : source->features != NULL ? array_fields : NULL;
}

/* The pair whose first file an object names; the first pair where it names none. */
static const snug_field *pair_named(const cJSON *json) {
    const snug_field *const *pair = snug_source_pairs;
    while (*pair != NULL && snug_json_get(json, (*pair)->name) == NULL) {
        pair++;
    }
    return *pair != NULL ? *pair : snug_source_pairs[0];
}

static void source_release(void *member) {
    snug_source *source = member;
    snug_release(source->path);
    for (const snug_field *const *pair = snug_source_pairs; *pair; pair++) {
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

#define PAIRS "{\"images\": FILE, \"labels\": FILE} or {\"features\": FILE, \"targets\": FILE}"

static snug_status source_fill(const snug_field *field, snug_source *source, const cJSON *json,
                               const char *path) {
    static const snug_field path_field = {.required = true, .file = true};
    if (cJSON_IsString(json)) {
        return string_read(&path_field, &source->path, json, path);
    }
    if (cJSON_IsObject(json)) {
        return snug_fields_read(pair_named(json), source, json, path, NULL);
    }
    if (cJSON_IsNull(json) && may_be_null(field)) {
        return SNUG_OK;
    }
    if (!takes_fraction(field)) {
        return snug_fail_type(path, "the name of a file, or " PAIRS, json);
    }
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "the name of a file, a fraction, or " PAIRS, json);
    }
    source->fraction = json->valuedouble;
    return snug_field_check_range(field, source->fraction, path);
}

static snug_status source_read(const snug_field *field, void *member, const cJSON *json,
                               const char *path) {
    snug_source fresh = {0};
    snug_status status = source_fill(field, &fresh, json, path);
    source_release(status == SNUG_OK ? member : &fresh);
    if (status == SNUG_OK) {
        *(snug_source *)member = fresh;
    }
    return status;
}

static void source_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_source *source = member;
    if (source->path != NULL) {
        snug_json_string(json, field->name, source->path, failed);
    } else if (pair_of(source) != NULL) {
        cJSON *pair = snug_json_object(json, field->name, failed);
        for (const snug_field *part = pair_of(source); part->kind != SNUG_FIELD_END && pair != NULL;
             part++) {
            string_write(part, (const char *)source + part->offset, pair, failed);
        }
    } else if (source->fraction != 0) {
        snug_json_number(json, field->name, source->fraction, failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status source_check(const snug_field *field, const void *member, const char *path) {
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

static snug_status source_copy(void *to, const void *from) {
    snug_source *copy = to;
    const snug_source *source = from;
    copy->fraction = source->fraction;
    snug_status status = string_copy(&copy->path, &source->path);
    const snug_field *part = pair_of(source);
    for (; part != NULL && part->kind != SNUG_FIELD_END && status == SNUG_OK; part++) {
        status = string_copy(pair_member(copy, part), (const char *)source + part->offset);
    }
    return status;
}

const snug_field_type snug_field_source = {
    .name = "source",
    .size = sizeof(snug_source),
    .alignment = alignof(snug_source),
    .read = source_read,
    .write = source_write,
    .check = source_check,
    .copy = source_copy,
    .release = source_release,
};
