/*
 * The JSON Schema (2020-12) of an experiment file, from the tables: editors complete and check by
 * it.
 */
#include <snug/describe.h>

#include "core/fields.h"
#include "core/json.h"
#include "core/kind_registry.h"
#include "experiment/describe.h"
#include "experiment/experiment_fields.h"
#include "model/config.h"

static void add_fields(const snug_field *fields, cJSON *json, const char *type, bool *failed);

/* ---- one value ------------------------------------------------------------------------------- */

static void add_reference(cJSON *json, snug_group group, bool *failed) {
    static const char *const places[SNUG_GROUP_COUNT] = {
        [SNUG_GROUP_LAYER] = "#/$defs/layers",
        [SNUG_GROUP_ACTIVATION] = "#/$defs/activations",
        [SNUG_GROUP_LOSS] = "#/$defs/losses",
        [SNUG_GROUP_OPTIMIZER] = "#/$defs/optimizers",
        [SNUG_GROUP_SCHEDULE] = "#/$defs/schedules",
        [SNUG_GROUP_INIT] = "#/$defs/inits",
    };
    snug_json_string(json, "$ref", places[group], failed);
}

/* "integer" or "number" with the field's range. */
static void add_number(const snug_field *field, cJSON *json, const char *type, bool *failed) {
    snug_bounds b = snug_field_bounds(field);
    bool whole = field->kind == SNUG_FIELD_SIZE || field->kind == SNUG_FIELD_UNITS;
    snug_json_string(json, "type", type, failed);
    if (b.has_min || whole) {
        snug_json_number(json, b.open_min ? "exclusiveMinimum" : "minimum", b.has_min ? b.min : 0,
                         failed);
    }
    if (b.has_max) {
        snug_json_number(json, b.open_max ? "exclusiveMaximum" : "maximum", b.max, failed);
    }
}

static void add_choices(const snug_field *field, cJSON *json, bool *failed) {
    cJSON *names = snug_json_array(json, "enum", failed);
    for (size_t i = 0; field->choices[i] != NULL && !*failed; i++) {
        snug_json_string(names, NULL, field->choices[i], failed);
    }
}

static void add_text(const snug_field *field, cJSON *json, bool *failed) {
    snug_json_string(json, "type", "string", failed);
    cJSON *names = field->names != NULL ? snug_json_array(json, "enum", failed) : NULL;
    for (size_t i = 0; names != NULL && field->names(i) != NULL && !*failed; i++) {
        snug_json_string(names, NULL, field->names(i), failed);
    }
    if (field->file) {
        snug_json_number(json, "minLength", 1, failed);
    }
}

/* ---- values of several forms ----------------------------------------------------------------- */

static void add_null(cJSON *forms, bool *failed) {
    snug_json_string(snug_json_object(forms, NULL, failed), "type", "null", failed);
}

/* A pair of files, and a fraction where there is a range for it. */
static void add_source(const snug_field *field, cJSON *forms, bool *failed) {
    snug_bounds b = snug_field_bounds(field);
    add_text(field, snug_json_object(forms, NULL, failed), failed);
    for (const snug_field *const *pair = snug_source_pairs; *pair != NULL; pair++) {
        add_fields(*pair, snug_json_object(forms, NULL, failed), NULL, failed);
    }
    if (b.has_min || b.has_max) {
        add_number(field, snug_json_object(forms, NULL, failed), "number", failed);
    }
}

/* "balanced", or a number above 0 a class. */
static void add_weights(cJSON *forms, bool *failed) {
    snug_json_string(snug_json_object(forms, NULL, failed), "const", "balanced", failed);
    cJSON *array = snug_json_object(forms, NULL, failed);
    snug_json_string(array, "type", "array", failed);
    snug_json_number(array, "minItems", 1, failed);
    cJSON *items = snug_json_object(array, "items", failed);
    snug_json_string(items, "type", "number", failed);
    snug_json_number(items, "exclusiveMinimum", 0, failed);
}

static void add_forms(const snug_field *field, cJSON *forms, bool *failed) {
    if (field->kind == SNUG_FIELD_UNITS) {
        add_number(field, snug_json_object(forms, NULL, failed), "integer", failed);
        snug_json_string(snug_json_object(forms, NULL, failed), "const", "classes", failed);
        return;
    }
    if (field->kind == SNUG_FIELD_SOURCE) {
        add_source(field, forms, failed);
    } else if (field->kind == SNUG_FIELD_RECORD) {
        add_fields(field->record->fields, snug_json_object(forms, NULL, failed), NULL, failed);
    } else if (field->kind == SNUG_FIELD_WEIGHTS) {
        add_weights(forms, failed);
    } else if (field->kind == SNUG_FIELD_STRING) {
        add_text(field, snug_json_object(forms, NULL, failed), failed);
    } else {
        add_reference(snug_json_object(forms, NULL, failed), field->group, failed);
    }
    if (!field->required && field->initial_text == NULL) {
        add_null(forms, failed);
    }
}

/* ---- fields ---------------------------------------------------------------------------------- */

static void add_array(cJSON *json, cJSON **items, bool *failed) {
    snug_json_string(json, "type", "array", failed);
    *items = snug_json_object(json, "items", failed);
}

static void add_value(const snug_field *field, cJSON *json, bool *failed) {
    cJSON *items, *forms;
    switch (field->kind) {
    case SNUG_FIELD_REAL:
        add_number(field, json, "number", failed);
        break;
    case SNUG_FIELD_SIZE:
        add_number(field, json, "integer", failed);
        break;
    case SNUG_FIELD_BOOL:
        snug_json_string(json, "type", "boolean", failed);
        break;
    case SNUG_FIELD_CHOICE:
        add_choices(field, json, failed);
        break;
    case SNUG_FIELD_STRINGS:
        forms = snug_json_array(json, "anyOf", failed);
        snug_json_string(snug_json_object(forms, NULL, failed), "type", "null", failed);
        add_text(field, snug_json_object(forms, NULL, failed), failed);
        add_array(snug_json_object(forms, NULL, failed), &items, failed);
        add_text(field, items, failed);
        break;
    case SNUG_FIELD_LAYERS:
        add_array(json, &items, failed);
        add_reference(items, SNUG_GROUP_LAYER, failed);
        break;
    default:
        add_forms(field, snug_json_array(json, "anyOf", failed), failed);
    }
}

static void add_field(const snug_field *field, cJSON *properties, bool *failed) {
    cJSON *json = snug_json_object(properties, field->name, failed);
    snug_json_string(json, "description", field->help, failed);
    add_value(field, json, failed);
    bool has_default =
        field->initial_text != NULL || snug_field_type_of(field->kind)->store != NULL;
    if (has_default && !field->required) {
        snug_describe_default(field, json, "default", failed);
    }
}

/* An object with these fields and no others, and of a kind with its "type", unless that is NULL. */
static void add_fields(const snug_field *fields, cJSON *json, const char *type, bool *failed) {
    snug_json_string(json, "type", "object", failed);
    cJSON *properties = snug_json_object(json, "properties", failed);
    cJSON *required = snug_json_array(json, "required", failed);
    if (type != NULL) {
        snug_json_string(snug_json_object(properties, "type", failed), "const", type, failed);
        snug_json_string(required, NULL, "type", failed);
    }
    for (const snug_field *field = fields;
         field != NULL && field->kind != SNUG_FIELD_END && !*failed; field++) {
        add_field(field, properties, failed);
        if (field->required) {
            snug_json_string(required, NULL, field->name, failed);
        }
    }
    snug_json_bool(json, "additionalProperties", false, failed);
}

/* ---- groups ---------------------------------------------------------------------------------- */

static bool has_required(const snug_kind *kind) {
    for (const snug_field *field = kind->fields; field != NULL && field->kind != SNUG_FIELD_END;
         field++) {
        if (field->required) {
            return true;
        }
    }
    return false;
}

static void add_kind(const snug_kind *kind, cJSON *forms, bool *failed) {
    cJSON *json = snug_json_object(forms, NULL, failed);
    snug_json_string(json, "description", kind->summary, failed);
    add_fields(kind->fields, json, kind->name, failed);
}

/* The plain names of the kinds that need no field, if there are any. */
static void add_names(snug_group group, cJSON *forms, bool *failed) {
    cJSON *names = NULL;
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL && !*failed; i++) {
        if (has_required(kind)) {
            continue;
        }
        if (names == NULL) {
            names = snug_json_array(snug_json_object(forms, NULL, failed), "enum", failed);
        }
        snug_json_string(names, NULL, kind->name, failed);
    }
}

static void add_group(snug_group group, cJSON *definitions, bool *failed) {
    cJSON *json = snug_json_object(definitions, snug_group_name(group), failed);
    cJSON *forms = snug_json_array(json, "anyOf", failed);
    const snug_kind *kind;
    add_names(group, forms, failed);
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL && !*failed; i++) {
        const snug_field *wraps = snug_kind_wraps(group, kind);
        add_kind(kind, forms, failed);
        if (wraps != NULL) {
            add_reference(snug_json_object(forms, NULL, failed), wraps->group, failed);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void add_sections(cJSON *json, bool *failed) {
    cJSON *properties = snug_json_object(json, "properties", failed);
    cJSON *schema = snug_json_object(properties, "$schema", failed);
    snug_json_string(schema, "description", "where editors find this schema; ignored", failed);
    snug_json_string(schema, "type", "string", failed);
    add_fields(snug_experiment_data_fields, snug_json_object(properties, "data", failed), NULL,
               failed);
    add_fields(snug_model_fields, snug_json_object(properties, "model", failed), NULL, failed);
    add_fields(snug_experiment_train_fields, snug_json_object(properties, "train", failed), NULL,
               failed);
    cJSON *required = snug_json_array(json, "required", failed);
    snug_json_string(required, NULL, "data", failed);
    snug_json_string(required, NULL, "model", failed);
    snug_json_bool(json, "additionalProperties", false, failed);
}

char *snug_schema(void) {
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_string(json, "$schema", "https://json-schema.org/draft/2020-12/schema", &failed);
    snug_json_string(json, "title", "An experiment of Snug", &failed);
    snug_json_string(json, "type", "object", &failed);
    add_sections(json, &failed);
    cJSON *definitions = snug_json_object(json, "$defs", &failed);
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        add_group((snug_group)g, definitions, &failed);
    }
    char *text = failed ? NULL : snug_json_print(json, true);
    cJSON_Delete(json);
    return text;
}
