/* Tables of fields: default, read, check, write, copy and free a configuration by its table. */
#ifndef SNUG_KINDS_FIELDS_H
#define SNUG_KINDS_FIELDS_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <snug/kind.h> /* IWYU pragma: export */

struct snug_input_columns; /* kinds/input_columns.h */
struct snug_data_units;    /* kinds/field_units.h */

/* Whether `field` is a row of a table and not its end. A table may be NULL: it has no fields. */
static inline bool snug_is_field(const snug_field *field) {
    return field != NULL && field->kind != SNUG_FIELD_END;
}

/* Returns the field of that name, or NULL. */
const snug_field *snug_fields_find(const snug_field *fields, const char *name);

/* Returns the first field of a type, or NULL. */
const snug_field *snug_fields_find_type(const snug_field *fields, snug_field_kind type);

/* Sets the members of every field to the defaults. The caller zeroes other members. */
snug_status snug_fields_default(const snug_field *fields, void *config);

/*
 * Gives each member of a struct of options that is zero the default of its field, where zero cannot
 * be meant: sizes of at least 1, names. Strings are borrowed: do not free the options.
 */
void snug_fields_set_defaults_if_zero(const snug_field *fields, void *options);

/*
 * Reads the members of a JSON object into a configuration that holds the defaults. `path` is the
 * path of the object ("model.layers[2]", "" at the top); keys in the NULL-ended list `others` are
 * ignored. Errors: "model.layers[2].units: must be at least 1 (got 0)"; for an unknown key the
 * nearest known one is suggested.
 */
snug_status snug_fields_read(const snug_field *fields, void *config, const cJSON *json,
                             const char *path, const char *const *others);

/* Adds every field with its value to a JSON object. */
snug_status snug_fields_write(const snug_field *fields, const void *config, cJSON *json);

/* Checks every value against its field; `path` as in snug_fields_read(). */
snug_status snug_fields_check(const snug_field *fields, const void *config, const char *path);

/*
 * Copies what the fields own. On entry `to` is a plain copy of `from`; on failure it owns nothing.
 */
snug_status snug_fields_copy(const snug_field *fields, void *to, const void *from);

/* Frees what the fields own. */
void snug_fields_free(const snug_field *fields, void *config);

/* Replaces named units that the data has by numbers in every field, also of nested objects. */
void snug_fields_set_units(const snug_field *fields, void *config,
                           const struct snug_data_units *units);

/*
 * Replaces names of columns and groups of them by numbers of inputs, in every COLUMNS field, also
 * of the layers of a block; `path` as in snug_fields_read().
 */
snug_status snug_fields_resolve_columns(const snug_field *fields, void *config,
                                        const struct snug_input_columns *inputs, const char *path);

/*
 * Returns the names that the files of a source have in an object ("images", "labels"), as fields of
 * snug_source, of the data format number `index` of those that need several files; NULL past the
 * last. Defined by formats/data_format.c, which knows every format; declared here because reading
 * JSON needs it.
 */
const snug_field *snug_source_names(size_t index);

/* Adds the default of a field under a key; null where the field is required or has none. */
void snug_field_write_default(const snug_field *field, const char *key, cJSON *json, bool *failed);

#endif
