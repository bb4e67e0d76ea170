/*
 * Structs as JSON objects by tables: one row for each key, with the codec of its value.
 *
 * For files that a program writes and reads back, where a missing key has a meaning (an empty list)
 * and no key has a default, a range or a help. What users write is read by tables of fields
 * (kinds/fields.h).
 */
#ifndef SNUG_SCHEMA_JSON_MEMBERS_H
#define SNUG_SCHEMA_JSON_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

typedef struct snug_json_member snug_json_member;

/* Writes and reads the values of one type; `base` points to the struct with the member. */
typedef struct snug_json_codec {
    /* Adds the member to the object; adds nothing where a missing key means the same. */
    void (*write)(const snug_json_member *member, const void *base, cJSON *object, bool *failed);
    /*
     * Sets the zeroed member from its JSON value, which is NULL where a required key is missing.
     * `path` is the path of the value in the file, for error messages. `newer` is whether the file
     * has a newer format version: unknown keys in the value are then no error. On failure the
     * member may hold a part of the value; it is freed with its struct.
     */
    snug_status (*read)(const snug_json_member *member, void *base, const cJSON *json,
                        const char *path, bool newer);
} snug_json_codec;

/* One row of a table, which ends with a row whose key is NULL. */
struct snug_json_member {
    const char *key;
    const snug_json_codec *codec;
    size_t offset; /* of the member in its struct; 0 where the codec serves one member alone */
    bool required; /* read() is called where the key is missing, too */
};

/* Codecs of values that more than one struct has: char *, snug_strings (all different), bool. */
extern const snug_json_codec snug_json_string_codec, snug_json_names_codec, snug_json_flag_codec;

/*
 * Codec of a double *, owned: an array of finite 32-bit numbers, as many as the size_t that the
 * struct begins with, and which the first array that is read sets. NULL is a missing key.
 */
extern const snug_json_codec snug_json_numbers_codec;

/* Return the address of a member in its struct. */
void *snug_json_member_of(const snug_json_member *member, void *base);
const void *snug_json_const_member_of(const snug_json_member *member, const void *base);

/* Adds the members of a struct to an object, in the order of the table. */
void snug_json_members_write(const snug_json_member *members, const void *base, cJSON *object,
                             bool *failed);

/* Sets the members of a zeroed struct from an object, in the order of the table. */
snug_status snug_json_members_read(const snug_json_member *members, void *base, const cJSON *object,
                                   const char *path, bool newer);

/*
 * Checks that a value is an object whose keys are in one of some tables, whose list NULL ends.
 * Other keys are an error unless the file is newer.
 */
snug_status snug_json_members_check(const snug_json_member *const *tables, const cJSON *json,
                                    const char *path, bool newer);

/*
 * Returns the index of a JSON string in a list of names that NULL ends; -1 where it is not there.
 */
int snug_json_find_name(const char *const *names, const cJSON *json);

/* Checks that a value is an array that is not empty. */
snug_status snug_json_check_array(const cJSON *json, const char *path);

#endif
