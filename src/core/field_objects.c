/* Fields that own objects: object, record and layers. */
#include <stdalign.h>

#include "core/fields.h"
#include "core/json.h"
#include "core/memory.h"

/* ---- object ---------------------------------------------------------------------------------- */

static void object_release(void *member) {
    snug_object **object = member;
    snug_object_free(*object);
    *object = NULL;
}

static snug_status replace_object(snug_object **member, snug_object *fresh) {
    if (fresh == NULL) {
        return snug_error_status();
    }
    snug_object_free(*member);
    *member = fresh;
    return SNUG_OK;
}

static snug_status object_default(const snug_field *field, void *member) {
    if (field->initial_text == NULL) {
        return SNUG_OK;
    }
    return replace_object(member, snug_object_parse(field->group, field->initial_text));
}

static snug_status object_read(const snug_field *field, void *member, const cJSON *json,
                               const char *path) {
    if (cJSON_IsNull(json) && !field->required && field->initial_text == NULL) {
        object_release(member);
        return SNUG_OK;
    }
    return replace_object(member, snug_object_read(field->group, json, path));
}

static void object_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_object *object = *(snug_object *const *)member;
    if (object != NULL) {
        snug_json_add(json, field->name, snug_object_write(object), failed);
    } else {
        snug_json_null(json, field->name, failed);
    }
}

static snug_status object_check(const snug_field *field, const void *member, const char *path) {
    const snug_object *object = *(snug_object *const *)member;
    if (object != NULL) {
        return snug_object_check(object, path);
    }
    return field->required ? snug_fail_at(path, "is required") : SNUG_OK;
}

static snug_status object_copy(void *to, const void *from) {
    const snug_object *object = *(snug_object *const *)from;
    return object != NULL ? replace_object(to, snug_object_copy(object)) : SNUG_OK;
}

const snug_field_type snug_field_object = {
    .name = "object",
    .size = sizeof(snug_object *),
    .alignment = alignof(snug_object *),
    .set_default = object_default,
    .read = object_read,
    .write = object_write,
    .check = object_check,
    .copy = object_copy,
    .release = object_release,
};

/* ---- record ---------------------------------------------------------------------------------- */

static snug_status record_read(const snug_field *field, void *member, const cJSON *json,
                               const char *path) {
    if (cJSON_IsNull(json)) {
        object_release(member);
        return SNUG_OK;
    }
    if (!cJSON_IsObject(json)) {
        return snug_fail_type(path, "an object or null", json);
    }
    return replace_object(member, snug_object_read_record(field->record, json, path));
}

static void record_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
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

const snug_field_type snug_field_record = {
    .name = "record",
    .size = sizeof(snug_object *),
    .alignment = alignof(snug_object *),
    .read = record_read,
    .write = record_write,
    .check = object_check,
    .copy = object_copy,
    .release = object_release,
};

/* ---- layers ---------------------------------------------------------------------------------- */

static void layers_release(void *member) {
    snug_layer_list *layers = member;
    for (size_t i = 0; i < layers->count; i++) {
        snug_object_free(layers->items[i]);
    }
    snug_release(layers->items);
    *layers = (snug_layer_list){0};
}

static snug_status layers_reserve(snug_layer_list *layers, size_t count) {
    layers->items = count > 0 ? snug_alloc(count, sizeof *layers->items) : NULL;
    return count == 0 || layers->items != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Takes the layer over. */
static snug_status layers_append(snug_layer_list *layers, snug_object *layer) {
    if (layer == NULL) {
        return snug_error_status();
    }
    layers->items[layers->count++] = layer; /* NOLINT: there is room, layers_reserve() made it */
    return SNUG_OK;
}

static snug_status layers_append_json(snug_layer_list *layers, const cJSON *json,
                                      const char *path) {
    char *place = snug_format("%s[%zu]", path, layers->count);
    if (place == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = layers_append(layers, snug_object_read(SNUG_GROUP_LAYER, json, place));
    snug_release(place);
    return status;
}

static snug_status layers_read(const snug_field *field, void *member, const cJSON *json,
                               const char *path) {
    (void)field;
    if (!cJSON_IsArray(json)) {
        return snug_fail_type(path, "an array of layers", json);
    }
    snug_layer_list fresh = {0};
    snug_status status = layers_reserve(&fresh, (size_t)cJSON_GetArraySize(json));
    for (const cJSON *item = json->child; status == SNUG_OK && item != NULL; item = item->next) {
        status = layers_append_json(&fresh, item, path);
    }
    layers_release(status == SNUG_OK ? member : &fresh);
    if (status == SNUG_OK) {
        *(snug_layer_list *)member = fresh;
    }
    return status;
}

static void layers_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_layer_list *layers = member;
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < layers->count && !*failed; i++) {
        snug_json_add(array, NULL, snug_object_write(layers->items[i]), failed);
    }
}

static snug_status layers_check(const snug_field *field, const void *member, const char *path) {
    (void)field;
    const snug_layer_list *layers = member;
    snug_status status = SNUG_OK;
    for (size_t i = 0; status == SNUG_OK && i < layers->count; i++) {
        char *place = snug_format("%s[%zu]", path, i);
        status = place != NULL ? snug_object_check(layers->items[i], place) : SNUG_ERROR_MEMORY;
        snug_release(place);
    }
    return status;
}

static snug_status layers_copy(void *to, const void *from) {
    const snug_layer_list *layers = from;
    snug_status status = layers_reserve(to, layers->count);
    for (size_t i = 0; status == SNUG_OK && i < layers->count; i++) {
        status = layers_append(to, snug_object_copy(layers->items[i]));
    }
    return status;
}

const snug_field_type snug_field_layers = {
    .name = "layers",
    .size = sizeof(snug_layer_list),
    .alignment = alignof(snug_layer_list),
    .read = layers_read,
    .write = layers_write,
    .check = layers_check,
    .copy = layers_copy,
    .release = layers_release,
};
