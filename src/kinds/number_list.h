/* Arrays of numbers in fields: what NUMBERS and the lists of WEIGHTS share. */
#ifndef SNUG_KINDS_NUMBER_LIST_H
#define SNUG_KINDS_NUMBER_LIST_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <snug/kind.h>

#include "kinds/field_range.h"

/* Fails where number `index` of the list at `path` is not one that the field allows. */
typedef snug_status snug_check_number_fn(const snug_field *field, double number, size_t index,
                                         const char *path);

/*
 * Sets an empty list to a JSON array. `what` is that which an empty array lacks, for its error
 * message: "must hold WHAT (got an empty array)". On failure the list holds what was read until
 * then, which the caller frees by snug_number_list_clear().
 */
snug_status snug_number_list_read(const snug_field *field, snug_check_number_fn *check,
                                  const char *what, snug_number_list_value *list, const cJSON *json,
                                  const char *path);

/* Checks each number of a list. */
snug_status snug_number_list_check(const snug_field *field, snug_check_number_fn *check,
                                   const snug_number_list_value *list, const char *path);

/* Adds a list to a JSON object, or null where there is none. */
void snug_number_list_write(const snug_field *field, const snug_number_list_value *list,
                            cJSON *json, bool *failed);

/* Adds the JSON Schema of an array of numbers within bounds to a list of alternatives. */
void snug_number_list_add_schema(const snug_bounds *bounds, cJSON *alternatives, bool *failed);

/* Makes an empty list a copy of another. */
snug_status snug_number_list_copy(snug_number_list_value *to, const snug_number_list_value *from);

/* Frees the numbers, and leaves the list empty. */
void snug_number_list_clear(snug_number_list_value *list);

#endif
