#include <math.h>
#include <stdio.h>

#include "json/json_build.h"
#include "json/json_path.h"
#include "json/json_print.h"
#include "kinds/field_range.h"

snug_bounds snug_field_bounds(const snug_field *field) {
    bool open_min = (field->open & SNUG_OPEN_MIN) != 0;
    bool open_max = (field->open & SNUG_OPEN_MAX) != 0;
    bool none = field->min == 0 && field->max == 0 && !open_min && !open_max;
    snug_bounds bounds = {.min = field->min, .max = field->max};
    /* A maximum of 0 is one only above a negative minimum: { .min = 1 } has none. */
    bounds.has_max =
        !none && isfinite(field->max) && (field->max != 0 || field->min < 0 || open_max);
    bounds.has_min = !none && isfinite(field->min) && (field->min != 0 || bounds.max >= 0);
    bounds.open_min = bounds.has_min && open_min;
    bounds.open_max = bounds.has_max && open_max;
    return bounds;
}

snug_status snug_fail_range(const char *path, const char *relation, double bound, double value) {
    char bound_string[SNUG_NUMBER_LENGTH], value_string[SNUG_NUMBER_LENGTH];
    snug_number_format(bound, bound_string);
    snug_number_format(value, value_string);
    return snug_fail_at(path, "must be %s %s (got %s)", relation, bound_string, value_string);
}

snug_status snug_field_check_range(const snug_field *field, double value, const char *path) {
    snug_bounds b = snug_field_bounds(field);
    if (!isfinite(value)) {
        return snug_fail_at(path, "must be a finite number (got %g)", value);
    }
    if (b.has_min && (b.open_min ? value <= b.min : value < b.min)) {
        return snug_fail_range(path, b.open_min ? "above" : "at least", b.min, value);
    }
    if (b.has_max && (b.open_max ? value >= b.max : value > b.max)) {
        return snug_fail_range(path, b.open_max ? "below" : "at most", b.max, value);
    }
    return SNUG_OK;
}

void snug_bounds_print(const snug_bounds *b, char *buffer, size_t size) {
    char min[SNUG_NUMBER_LENGTH], max[SNUG_NUMBER_LENGTH];
    snug_number_format(b->min, min);
    snug_number_format(b->max, max);
    buffer[0] = '\0';
    if (b->has_min && b->has_max) {
        snprintf(buffer, size, "%c%s, %s%c", b->open_min ? '(' : '[', min, max,
                 b->open_max ? ')' : ']');
    } else if (b->has_min) {
        snprintf(buffer, size, "%s %s", b->open_min ? ">" : ">=", min);
    } else if (b->has_max) {
        snprintf(buffer, size, "%s %s", b->open_max ? "<" : "<=", max);
    }
}

void snug_bounds_add_schema(const snug_bounds *b, const char *type, cJSON *schema, bool *failed) {
    snug_json_string(schema, "type", type, failed);
    if (b->has_min) {
        snug_json_number(schema, b->open_min ? "exclusiveMinimum" : "minimum", b->min, failed);
    }
    if (b->has_max) {
        snug_json_number(schema, b->open_max ? "exclusiveMaximum" : "maximum", b->max, failed);
    }
}
