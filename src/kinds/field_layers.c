/* Fields of type LAYERS: an owned list of objects of SNUG_GROUP_LAYER. */
#include <stdalign.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/input_columns.h"
#include "kinds/json_schema.h"
#include "kinds/object.h"

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_layer_list *layers = member;
    for (size_t i = 0; i < layers->count; i++) {
        snug_object_free(layers->items[i]);
    }
    snug_release(layers->items);
    *layers = (snug_layer_list){0};
}

static snug_status reserve(snug_layer_list *layers, size_t count) {
    layers->items = count > 0 ? snug_alloc(count, sizeof *layers->items) : NULL;
    return count == 0 || layers->items != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Appends a layer, which the list owns from now on; NULL because a call failed: fails. */
static snug_status append(snug_layer_list *layers, snug_object *layer) {
    if (layer == NULL) {
        return snug_error_status();
    }
    layers->items[layers->count++] = layer; /* NOLINT: reserve() made the capacity */
    return SNUG_OK;
}

static snug_status append_json(snug_layer_list *layers, const cJSON *json, const char *path) {
    char *item_path = snug_join_index(path, layers->count);
    if (item_path == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = append(layers, snug_object_read(SNUG_GROUP_LAYER, json, item_path));
    snug_release(item_path);
    return status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    (void)field;
    if (!cJSON_IsArray(json)) {
        return snug_fail_type(path, "an array of layers", json);
    }
    if (json->child == NULL) {
        return snug_fail_at(path, "must have at least one layer");
    }
    snug_layer_list layers = {0};
    snug_status status = reserve(&layers, (size_t)cJSON_GetArraySize(json));
    for (const cJSON *item = json->child; status == SNUG_OK && item != NULL; item = item->next) {
        status = append_json(&layers, item, path);
    }
    release(field, status == SNUG_OK ? member : &layers);
    if (status == SNUG_OK) {
        *(snug_layer_list *)member = layers;
    }
    return status;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_layer_list *layers = member;
    if (layers->count == 0) { /* an optional list that was not given */
        return;
    }
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < layers->count && !*failed; i++) {
        snug_json_add(array, NULL, snug_object_write(layers->items[i]), failed);
    }
}

static snug_status check(const snug_field *field, const void *member, const char *path) {
    (void)field;
    const snug_layer_list *layers = member;
    snug_status status = SNUG_OK;
    for (size_t i = 0; status == SNUG_OK && i < layers->count; i++) {
        char *item_path = snug_join_index(path, i);
        status =
            item_path != NULL ? snug_object_check(layers->items[i], item_path) : SNUG_ERROR_MEMORY;
        snug_release(item_path);
    }
    return status;
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    (void)field;
    snug_json_string(schema, "type", "array", failed);
    snug_json_number(schema, "minItems", 1, failed);
    cJSON *items = snug_json_object(schema, "items", failed);
    snug_schema_add_reference(SNUG_GROUP_LAYER, items, failed);
}

static void set_units(const snug_field *field, void *member, const struct snug_data_units *units) {
    (void)field;
    const snug_layer_list *layers = member;
    for (size_t i = 0; i < layers->count; i++) {
        snug_object *layer = layers->items[i];
        snug_fields_set_units(layer->kind->fields, layer->config, units);
    }
}

/* Follows the columns through the layers, the first of which has the inputs of the block. */
static snug_status resolve_columns(const snug_field *field, void *member,
                                   const snug_input_columns *inputs, const char *path) {
    (void)field;
    const snug_layer_list *layers = member;
    snug_input_columns here = {0};
    snug_status status = snug_input_columns_copy(&here, inputs);
    for (size_t i = 0; i < layers->count && status == SNUG_OK; i++) {
        char *item_path = snug_join_index(path, i);
        status = item_path != NULL ? snug_input_columns_pass(&here, layers->items[i], item_path)
                                   : SNUG_ERROR_MEMORY;
        snug_release(item_path);
    }
    snug_input_columns_clear(&here);
    return status;
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    const snug_layer_list *layers = from;
    snug_status status = reserve(to, layers->count);
    for (size_t i = 0; status == SNUG_OK && i < layers->count; i++) {
        status = append(to, snug_object_copy(layers->items[i]));
    }
    return status;
}

const snug_field_type snug_field_layers = {
    .name = "layers",
    .size = sizeof(snug_layer_list),
    .alignment = alignof(snug_layer_list),
    .read = read,
    .write = write,
    .check = check,
    .add_schema = add_schema,
    .set_units = set_units,
    .resolve_columns = resolve_columns,
    .copy = copy,
    .release = release,
};
