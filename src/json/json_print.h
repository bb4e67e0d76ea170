/* JSON as a string, and numbers with the fewest digits that read back as the same double. */
#ifndef SNUG_JSON_JSON_PRINT_H
#define SNUG_JSON_JSON_PRINT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

/*
 * Prints a value; `formatted` indents it for a human reader. Returns a string, to be freed with
 * snug_release(), or NULL without memory and where a string in the value is not UTF-8.
 */
char *snug_json_print(const cJSON *value, bool formatted);

/* The capacity that snug_number_format() needs. */
#define SNUG_NUMBER_LENGTH 32

/* Prints the shortest decimal number that reads back as the same double, in any locale. */
void snug_number_format(double number, char string[SNUG_NUMBER_LENGTH]);

#endif
