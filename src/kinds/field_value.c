/*
 * Typed values become a JSON object, which is read like one of a file: so there is one reader, with
 * one set of rules and error messages, for programs and for files.
 */
#include "core/status.h"
#include "json/json.h"
#include "json/json_build.h"
#include "kinds/field_value.h"
#include "kinds/handles.h"
#include "kinds/kind_group.h"
#include "kinds/kind_registry.h"

/* ---- making values --------------------------------------------------------------------------- */

snug_field_value snug_number(const char *name, double value) {
    return (snug_field_value){.name = name, .type = SNUG_VALUE_NUMBER, .value.number = value};
}

snug_field_value snug_flag(const char *name, bool value) {
    return (snug_field_value){.name = name, .type = SNUG_VALUE_FLAG, .value.flag = value};
}

snug_field_value snug_string(const char *name, const char *value) {
    return (snug_field_value){.name = name, .type = SNUG_VALUE_STRING, .value.string = value};
}

snug_field_value snug_number_list(const char *name, const double *values, size_t count) {
    return (snug_field_value){
        .name = name, .type = SNUG_VALUE_NUMBERS, .count = count, .value.numbers = values};
}

snug_field_value snug_string_list(const char *name, const char *const *values) {
    return (snug_field_value){.name = name, .type = SNUG_VALUE_STRINGS, .value.strings = values};
}

snug_field_value snug_nested(const char *name, const char *kind, const snug_field_value *fields) {
    return (snug_field_value){
        .name = name, .type = SNUG_VALUE_NESTED, .value.nested = {.kind = kind, .fields = fields}};
}

snug_field_value snug_nested_layers(const char *name, snug_layer *const *layers) {
    return (snug_field_value){.name = name, .type = SNUG_VALUE_LAYERS, .value.layers = layers};
}

snug_field_value snug_nested_schedule(const char *name, snug_schedule *schedule) {
    return (snug_field_value){
        .name = name, .type = SNUG_VALUE_SCHEDULE, .value.schedule = schedule};
}

/* ---- from values to JSON --------------------------------------------------------------------- */

/*
 * Adds a handle's object to `json` under `key` (NULL: to an array) and takes the handle over. Once
 * *failed is set, this only frees the handle.
 */
static void add_handle(cJSON *json, const char *key, snug_handle *handle, snug_group group,
                       bool *failed) {
    const char *what = group == SNUG_GROUP_LAYER ? "a layer in the list" : "the schedule";
    if (*failed) {
        snug_handle_free(handle, group);
        return;
    }
    snug_object *object;
    if (snug_handle_take_object(handle, group, what, &object) != SNUG_OK) {
        *failed = true;
        return;
    }
    snug_json_add(json, key, snug_object_write(object), failed);
    snug_object_free(object);
}

static void add_layers(cJSON *json, const snug_field_value *value, bool *failed) {
    cJSON *array = *failed ? NULL : snug_json_array(json, value->name, failed);
    for (snug_layer *const *layer = value->value.layers; layer != NULL && *layer != NULL; layer++) {
        add_handle(array, NULL, (snug_handle *)*layer, SNUG_GROUP_LAYER, failed);
    }
}

static void add_numbers(cJSON *json, const snug_field_value *value, bool *failed) {
    if (value->value.numbers == NULL && value->count > 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "%s: the numbers are NULL", value->name);
        *failed = true;
        return;
    }
    cJSON *array = snug_json_array(json, value->name, failed);
    for (size_t i = 0; i < value->count && !*failed; i++) {
        snug_json_add(array, NULL, cJSON_CreateNumber(value->value.numbers[i]), failed);
    }
}

static void add_strings(cJSON *json, const snug_field_value *value, bool *failed) {
    cJSON *array = snug_json_array(json, value->name, failed);
    const char *const *string = value->value.strings;
    for (; string != NULL && *string != NULL && !*failed; string++) {
        snug_json_string(array, NULL, *string, failed);
    }
}

static void add_plain_value(cJSON *json, const snug_field_value *value, bool *failed) {
    switch (value->type) {
    case SNUG_VALUE_NUMBER:
        /* not snug_json_number(): the field's own check names a NaN with the field's path */
        snug_json_add(json, value->name, cJSON_CreateNumber(value->value.number), failed);
        break;
    case SNUG_VALUE_FLAG:
        snug_json_bool(json, value->name, value->value.flag, failed);
        break;
    case SNUG_VALUE_STRING:
        if (value->value.string != NULL) {
            snug_json_string(json, value->name, value->value.string, failed);
        } else {
            snug_json_null(json, value->name, failed);
        }
        break;
    case SNUG_VALUE_NUMBERS:
        add_numbers(json, value, failed);
        break;
    case SNUG_VALUE_STRINGS:
        add_strings(json, value, failed);
        break;
    default:
        snug_fail(SNUG_ERROR_ARGUMENT, "%s: must be made by snug_number() or a function beside it",
                  value->name);
        *failed = true;
    }
}

static void add_values(cJSON *json, const snug_field_value *values, const char *path, bool *failed);

static void add_nested(cJSON *json, const snug_field_value *value, bool *failed) {
    cJSON *object = *failed ? NULL : snug_json_object(json, value->name, failed);
    if (value->value.nested.kind != NULL && !*failed) {
        snug_json_string(object, "type", value->value.nested.kind, failed);
    }
    add_values(object, value->value.nested.fields, value->name, failed);
}

static void refuse_repeated(const cJSON *json, const char *name, const char *path, bool *failed) {
    if (!*failed && snug_json_get(json, name) != NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "%s.%s: is given twice", path, name);
        *failed = true;
    }
}

/*
 * Adds every value; after a failure it still takes over the handles that the rest holds. `path`
 * names the kind in error messages.
 */
static void add_values(cJSON *json, const snug_field_value *values, const char *path,
                       bool *failed) {
    for (const snug_field_value *value = values; value != NULL && value->name != NULL; value++) {
        refuse_repeated(json, value->name, path, failed);
        if (value->type == SNUG_VALUE_NESTED) {
            add_nested(json, value, failed);
        } else if (value->type == SNUG_VALUE_LAYERS) {
            add_layers(json, value, failed);
        } else if (value->type == SNUG_VALUE_SCHEDULE) {
            add_handle(json, value->name, (snug_handle *)value->value.schedule, SNUG_GROUP_SCHEDULE,
                       failed);
        } else if (!*failed) {
            add_plain_value(json, value, failed);
        }
    }
}

/* ---- from JSON to the object ----------------------------------------------------------------- */

/* Turns the error of a wrong file into that of a wrong argument of a program. */
static void fail_as_argument(void) {
    if (snug_error_status() == SNUG_ERROR_CONFIG) {
        snug_fail(SNUG_ERROR_ARGUMENT, "%s", snug_error());
    }
}

static bool is_known(snug_group group, const char *name) {
    snug_wrapping wrapping;
    return snug_kind_lookup(group, name) != NULL ||
           (group == SNUG_GROUP_LAYER && snug_kind_wrapped(name, &wrapping));
}

snug_object *snug_object_make(snug_group group, const char *name, const snug_field_value *values) {
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (name == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "there is no name of one %s: the pointer is NULL",
                  snug_group_singular(group));
        failed = true;
    } else if (!is_known(group, name)) {
        snug_kind_fail_unknown(group, name, group == SNUG_GROUP_LAYER);
        failed = true;
    } else if (!failed) {
        snug_json_string(json, "type", name, &failed);
    }
    add_values(json, values, name, &failed);
    snug_object *object = failed ? NULL : snug_object_read(group, json, name);
    if (object == NULL) {
        fail_as_argument();
    }
    cJSON_Delete(json);
    return object;
}
