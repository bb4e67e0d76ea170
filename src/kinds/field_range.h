/* Ranges of numbers in fields: reading, checking, printing them, and as JSON Schema. */
#ifndef SNUG_KINDS_FIELD_RANGE_H
#define SNUG_KINDS_FIELD_RANGE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include <snug/kind.h>

/* The range of a field with its defaults resolved; the value of an absent bound means nothing. */
typedef struct snug_bounds {
    bool has_min, has_max;
    bool open_min, open_max; /* the bound itself is outside of the range */
    double min, max;
} snug_bounds;

/* Returns the range that a field's .min, .max and .open describe. */
snug_bounds snug_field_bounds(const snug_field *field);

/* Checks that a value is finite and in the field's range: "must be above 0 (got -1)". */
snug_status snug_field_check_range(const snug_field *field, double value, const char *path);

/* Fails with "must be RELATION BOUND (got VALUE)". */
snug_status snug_fail_range(const char *path, const char *relation, double bound, double value);

/* Prints a range: "[0, 1)", "> 0", ">= 1", or "" where no bound is. */
void snug_bounds_print(const snug_bounds *bounds, char *buffer, size_t size);

/* Adds {"type": type, "minimum": ...} to a JSON Schema; `type` is "number" or "integer". */
void snug_bounds_add_schema(const snug_bounds *bounds, const char *type, cJSON *schema,
                            bool *failed);

#endif
