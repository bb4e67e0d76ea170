#include <stdio.h>

#include "json/json_build.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/json_schema.h"

void snug_schema_add_reference(snug_group group, cJSON *schema, bool *failed) {
    char reference[64];
    snprintf(reference, sizeof reference, "#/$defs/%s", snug_group_name(group));
    snug_json_string(schema, "$ref", reference, failed);
}

void snug_schema_add_string(const snug_field *field, cJSON *schema, bool *failed) {
    snug_json_string(schema, "type", "string", failed);
    cJSON *names = field->names != NULL ? snug_json_array(schema, "enum", failed) : NULL;
    for (size_t i = 0; names != NULL && field->names(i) != NULL && !*failed; i++) {
        snug_json_string(names, NULL, field->names(i), failed);
    }
    if (field->file) {
        snug_json_number(schema, "minLength", 1, failed);
    }
}

void snug_schema_add_null(cJSON *alternatives, bool *failed) {
    snug_json_string(snug_json_object(alternatives, NULL, failed), "type", "null", failed);
}

static void add_field(const snug_field *field, cJSON *properties, bool *failed) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    cJSON *schema = snug_json_object(properties, field->name, failed);
    snug_json_string(schema, "description", field->help, failed);
    type->add_schema(field, schema, failed);
    /* Only numbers, names and strings: a default of null or [] would tell an editor nothing. */
    bool has_default = field->initial_text != NULL || type->store != NULL;
    if (has_default && !field->required) {
        snug_field_write_default(field, "default", schema, failed);
    }
}

void snug_schema_add_fields(const snug_field *fields, const char *type, cJSON *schema,
                            bool *failed) {
    snug_json_string(schema, "type", "object", failed);
    cJSON *properties = snug_json_object(schema, "properties", failed);
    cJSON *required = snug_json_array(schema, "required", failed);
    if (type != NULL) {
        snug_json_string(snug_json_object(properties, "type", failed), "const", type, failed);
        snug_json_string(required, NULL, "type", failed);
    }
    for (const snug_field *field = fields; snug_is_field(field) && !*failed; field++) {
        add_field(field, properties, failed);
        if (field->required) {
            snug_json_string(required, NULL, field->name, failed);
        }
    }
    snug_json_bool(schema, "additionalProperties", false, failed);
}
