/* Inside of the tables of fields: what each kind of field can do. */
#ifndef SNUG_CORE_FIELDS_H
#define SNUG_CORE_FIELDS_H

#include <stdbool.h>

#include "core/object.h"

/*
 * One kind of field. `member` is the field's place in a configuration; `path` is where its value
 * stands ("model.layers[2].units") and begins every sentence.
 */
typedef struct snug_field_type {
    const char *name; /* "real", "size" ...: in `snug describe` */
    size_t size;      /* of the member */
    size_t alignment;
    /* Sets a zeroed member to the default. NULL: zeroed it is already. */
    snug_status (*set_default)(const snug_field *field, void *member);
    /* Sets it to a number, if it is a number of this field. NULL: the field holds no number. */
    snug_status (*store)(const snug_field *field, void *member, double value, const char *path);
    /* Replaces it by a JSON value, or leaves it as it was. */
    snug_status (*read)(const snug_field *field, void *member, const cJSON *json, const char *path);
    /* Adds it to an object under the field's name. */
    void (*write)(const snug_field *field, const void *member, cJSON *json, bool *failed);
    /* NULL: any value is right. */
    snug_status (*check)(const snug_field *field, const void *member, const char *path);
    /* Of what the member owns; both NULL where it owns nothing. `to` is zeroed on entry. */
    snug_status (*copy)(void *to, const void *from);
    void (*release)(void *member);
} snug_field_type;

extern const snug_field_type snug_field_real, snug_field_size, snug_field_units, snug_field_bool,
    snug_field_choice, snug_field_string, snug_field_strings, snug_field_source, snug_field_object,
    snug_field_layers, snug_field_record, snug_field_weights;

/* The members of a source that is a pair of files: "images" and "labels". */
extern const snug_field *const snug_source_pairs[];

/* NULL for a number that is no kind of field. */
const snug_field_type *snug_field_type_of(snug_field_kind kind);

/* The range of a field as it is meant; an end that is not limited is left out. */
typedef struct snug_bounds {
    bool has_min, has_max, open_min, open_max;
    double min, max;
} snug_bounds;

snug_bounds snug_field_bounds(const snug_field *field);

/* Whether the value lies in the range: "must be above 0 (got -1)". */
snug_status snug_field_check_range(const snug_field *field, double value, const char *path);

/* A wrong value in a configuration: snug_fail() with "path: " in front, unless the path is "". */
snug_status snug_fail_at(const char *path, const char *format, ...) SNUG_PRINTF(2, 3);

/* "must be a number (got a text)"; a text is quoted: (got "clases"). */
snug_status snug_fail_type(const char *path, const char *expected, const cJSON *got);

/* "path.name", or the name where the path is "". Release it. */
char *snug_join_path(const char *path, const char *name);

/* Writes "\"a\", \"b\"" into text; what does not fit is left out, with " ..." in its place. */
void snug_quote_names(const char *const *names, size_t count, char *text, size_t size);

#endif
