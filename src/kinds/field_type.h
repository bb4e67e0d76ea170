/*
 * The types of fields: what a field can hold, one table of functions a type.
 *
 * A table of fields (<snug/kind.h>) describes the struct of a configuration. Everything that
 * depends on the type of a field is a function in its snug_field_type, which is in a file of its
 * own: field_real.c, field_choice.c ... Code outside of these files calls through the table and
 * never asks which type a field has. A new type is such a file, a row in SNUG_FIELD_TYPES, and a
 * value in snug_field_kind.
 */
#ifndef SNUG_KINDS_FIELD_TYPE_H
#define SNUG_KINDS_FIELD_TYPE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <snug/kind.h>

struct snug_input_columns; /* kinds/input_columns.h */
struct snug_data_units;    /* kinds/field_units.h */

/*
 * Functions of one type of field. `member` points to the member of a configuration that the field
 * describes; `path` is the path of its value in the JSON file ("model.layers[2].units") and begins
 * every error message.
 */
typedef struct snug_field_type {
    const char *name; /* "real", "size" ...: in `snug describe` */
    size_t size;      /* of the member; 0: that of the struct that .record describes */
    size_t alignment;
    /* In JSON it is an object of a kind, or its name: an override may set a member inside of it. */
    bool nested;

    /*
     * Returns what a row of a table lacks ("needs choices"), or NULL. NULL: nothing more is needed.
     */
    const char *(*missing)(const snug_field *field);

    /* Sets a zeroed member to the default. NULL: the default is the zeroed member. */
    snug_status (*set_default)(const snug_field *field, void *member);
    /*
     * Gives the member of a struct of options its default if it is zero, which means the default
     * there; a string is borrowed from the field. NULL: zero is the default.
     */
    void (*set_default_if_zero)(const snug_field *field, void *member);
    /* Sets the member to a number, if the field allows it. NULL: the type holds no number. */
    snug_status (*store)(const snug_field *field, void *member, double value, const char *path);
    /* Replaces the member by a JSON value. On failure the member is unchanged. */
    snug_status (*read)(const snug_field *field, void *member, const cJSON *json, const char *path);
    /* Adds the member to a JSON object under the field's name. */
    void (*write)(const snug_field *field, const void *member, cJSON *json, bool *failed);
    /* Returns whether the member is JSON's null. NULL: the fields tables do not ask. */
    bool (*is_null)(const void *member);
    /* Checks the value, as for range. NULL: every value is valid. */
    snug_status (*check)(const snug_field *field, const void *member, const char *path);

    /* Prints the allowed values for a reader: "[0, 1)", "> 0". NULL: there is nothing to print. */
    void (*print_range)(const snug_field *field, char *buffer, size_t size);
    /* Adds the keywords of JSON Schema that describe the values: {"type": "number" ...}. */
    void (*add_schema)(const snug_field *field, cJSON *schema, bool *failed);

    /* Replaces units that are named in the member by numbers. NULL: the type never holds any. */
    void (*set_units)(const snug_field *field, void *member, const struct snug_data_units *units);

    /*
     * Replaces names of columns and groups of them by numbers of inputs. NULL: the type never holds
     * any.
     */
    snug_status (*resolve_columns)(const snug_field *field, void *member,
                                   const struct snug_input_columns *inputs, const char *path);

    /* Copies what the member owns; `to` is zeroed on entry. NULL: the member owns nothing. */
    snug_status (*copy)(const snug_field *field, void *to, const void *from);
    /* Frees what the member owns and zeroes it. NULL: the member owns nothing. */
    void (*release)(const snug_field *field, void *member);
} snug_field_type;

/* Every type: X(the suffix of its SNUG_FIELD_ constant, the suffix of its snug_field_ table). */
#define SNUG_FIELD_TYPES(X)                                                                        \
    X(REAL, real)                                                                                  \
    X(SIZE, size)                                                                                  \
    X(UNITS, units)                                                                                \
    X(BOOL, bool)                                                                                  \
    X(CHOICE, choice)                                                                              \
    X(CHARACTER, character)                                                                        \
    X(STRING, string)                                                                              \
    X(STRINGS, strings)                                                                            \
    X(OBJECT, object)                                                                              \
    X(LAYERS, layers)                                                                              \
    X(SOURCE, source)                                                                              \
    X(WEIGHTS, weights)                                                                            \
    X(RECORD, record)                                                                              \
    X(SEED, seed)                                                                                  \
    X(COLUMNS, columns)                                                                            \
    X(NUMBERS, numbers)

#define SNUG_DECLARE_FIELD_TYPE(constant, name) extern const snug_field_type snug_field_##name;
SNUG_FIELD_TYPES(SNUG_DECLARE_FIELD_TYPE)
#undef SNUG_DECLARE_FIELD_TYPE

/* Returns the functions of a type, or NULL for a number that is no type. */
const snug_field_type *snug_field_type_of(snug_field_kind kind);

/* Returns the size of the member that a field describes. */
size_t snug_field_size_of(const snug_field *field);

/* Whether JSON's null is a value of a field whose member is a pointer. */
bool snug_field_may_be_null(const snug_field *field);

#endif
