/* Objects: a kind and its configuration, read, checked, copied, written and freed by its table. */
#ifndef SNUG_CORE_OBJECT_H
#define SNUG_CORE_OBJECT_H

#include <cjson/cJSON.h>

#include <snug/kind.h>

struct snug_object {
    const snug_kind *kind;
    snug_group group;
    void *config; /* NULL for a kind without fields */
};

/* ---- tables of fields ------------------------------------------------------------------------ */

/* Sets every field to its default; what the table does not name is zeroed by the caller. */
snug_status snug_fields_default(const snug_field *fields, void *config);

/*
 * Reads the members of a JSON object into a config that holds the defaults. `path` says where the
 * object stands ("model.layers[2]", "" at the top); keys in the NULL-ended list `others` are left
 * alone. Errors: "model.layers[2].units: must be at least 1 (got 0)"; an unknown key suggests the
 * nearest known one.
 */
snug_status snug_fields_read(const snug_field *fields, void *config, const cJSON *json,
                             const char *path, const char *const *others);

/* Adds every field with its value to a JSON object. */
snug_status snug_fields_write(const snug_field *fields, const void *config, cJSON *json);

/* Whether the values lie in the fields' ranges; `path` as above. */
snug_status snug_fields_check(const snug_field *fields, const void *config, const char *path);

/* Copies what is owned; `to` is a plain copy of `from` on entry and owns nothing on failure. */
snug_status snug_fields_copy(const snug_field *fields, void *to, const void *from);

/* Frees what the fields own. */
void snug_fields_free(const snug_field *fields, void *config);

/* The field of that name, or NULL. */
const snug_field *snug_fields_find(const snug_field *fields, const char *name);

/* ---- objects --------------------------------------------------------------------------------- */

/* An object of a kind with its defaults. */
snug_object *snug_object_new(snug_group group, const snug_kind *kind);

/* From a name or an object with "type". NULL on failure, the sentence starting with `path`. */
snug_object *snug_object_read(snug_group group, const cJSON *json, const char *path);

/* From an object with the fields of a kind and no "type". */
snug_object *snug_object_read_record(const snug_kind *kind, const cJSON *json, const char *path);

/* From a text: a plain name, or a JSON object. */
snug_object *snug_object_parse(snug_group group, const char *spec);

/*
 * {"type": name, fields...}; a layer that wraps an object is written as that object. NULL: no
 * memory.
 */
cJSON *snug_object_write(const snug_object *object);

snug_object *snug_object_copy(const snug_object *object);
void snug_object_free(snug_object *object); /* takes NULL */

/* Whether every value is in its range and .check holds. */
snug_status snug_object_check(const snug_object *object, const char *path);

/* Sets a REAL, SIZE, UNITS, BOOL or CHOICE field by name, checked: what constructors use. */
snug_status snug_object_set(snug_object *object, const char *name, double value);

/*
 * A constructor: snug_object_new() by name and then snug_object_set() with (name, double) pairs
 * ended by NULL, NULL on failure. snug_object_make(SNUG_GROUP_ACTIVATION, "elu", "alpha", 1.5,
 * NULL)
 */
snug_object *snug_object_make(snug_group group, const char *name, ...);

/* ---- kinds by name --------------------------------------------------------------------------- */

/*
 * The built-in kinds of a group, ended by NULL. Defined by model/registry.c, the one place that
 * knows every kind; declared here because what reads JSON looks names up.
 */
const snug_kind *const *snug_builtin_kinds(snug_group group);

/* The one of `count` names nearest to `name` by edit distance, or NULL when none is near. */
const char *snug_nearest_name(const char *name, const char *const *names, size_t count);

#endif
