/* Objects: a kind and its configuration, read, checked, copied, written and freed by its table. */
#ifndef SNUG_KINDS_OBJECT_H
#define SNUG_KINDS_OBJECT_H

#include <cjson/cJSON.h>

#include <snug/kind.h> /* IWYU pragma: export */

struct snug_object {
    const snug_kind *kind;
    snug_group group;
    void *config; /* NULL for a kind without fields */
};

/* ---- objects --------------------------------------------------------------------------------- */

/* An object of a kind with its defaults. */
snug_object *snug_object_new(snug_group group, const snug_kind *kind);

/* Reads a name or an object with "type". NULL on failure; the error message starts with `path`. */
snug_object *snug_object_read(snug_group group, const cJSON *json, const char *path);

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

#endif
