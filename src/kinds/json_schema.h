/* JSON Schema (2020-12) of tables of fields: what editors complete and check a file by. */
#ifndef SNUG_KINDS_JSON_SCHEMA_H
#define SNUG_KINDS_JSON_SCHEMA_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <snug/kind.h>

/*
 * Adds the description of an object with these fields and no others. `type` is the value of the
 * key "type" by which an object names its kind; NULL: there is no such key.
 */
void snug_schema_add_fields(const snug_field *fields, const char *type, cJSON *schema,
                            bool *failed);

/* Adds a reference to the definition of a group's objects: {"$ref": "#/$defs/activations"}. */
void snug_schema_add_reference(snug_group group, cJSON *schema, bool *failed);

/* Adds {"type": "string"} with the names that a STRING, STRINGS or SOURCE field allows. */
void snug_schema_add_string(const snug_field *field, cJSON *schema, bool *failed);

/* Adds {"type": "null"} to a list of alternatives. */
void snug_schema_add_null(cJSON *alternatives, bool *failed);

#endif
