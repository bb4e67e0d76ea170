/*
 * The JSON Schema (2020-12) of an experiment file, from the tables: editors complete and check by
 * it.
 */
#include <snug/describe.h>

#include "experiment/data_options.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "kinds/fields.h"
#include "kinds/json_schema.h"
#include "kinds/kind_registry.h"
#include "model/config.h"
#include "train/fit_options.h"

/* ---- groups ---------------------------------------------------------------------------------- */

static bool has_required(const snug_kind *kind) {
    for (const snug_field *field = kind->fields; snug_is_field(field); field++) {
        if (field->required) {
            return true;
        }
    }
    return false;
}

static void add_kind(const snug_kind *kind, cJSON *forms, bool *failed) {
    cJSON *json = snug_json_object(forms, NULL, failed);
    snug_json_string(json, "description", kind->summary, failed);
    snug_schema_add_fields(kind->fields, kind->name, json, failed);
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
            snug_schema_add_reference(wraps->group, snug_json_object(forms, NULL, failed), failed);
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void add_sections(cJSON *json, bool *failed) {
    cJSON *properties = snug_json_object(json, "properties", failed);
    cJSON *schema = snug_json_object(properties, "$schema", failed);
    snug_json_string(schema, "description", "where editors find this schema; ignored", failed);
    snug_json_string(schema, "type", "string", failed);
    cJSON *recipe = snug_json_object(properties, "recipe", failed);
    snug_json_string(recipe, "description", "the recipe that the file was made by; has no effect",
                     failed);
    snug_json_string(recipe, "type", "string", failed);
    snug_schema_add_fields(snug_data_fields, NULL, snug_json_object(properties, "data", failed),
                           failed);
    snug_schema_add_fields(snug_model_fields, NULL, snug_json_object(properties, "model", failed),
                           failed);
    snug_schema_add_fields(snug_train_fields, NULL, snug_json_object(properties, "train", failed),
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
