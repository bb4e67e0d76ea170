/* Fields that hold a number: real, size, units, bool and choice. */
#include <math.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "core/fields.h"
#include "core/json.h"

#define LARGEST_WHOLE 9007199254740992.0 /* 2^53 */

/* ---- ranges ---------------------------------------------------------------------------------- */

snug_bounds snug_field_bounds(const snug_field *field) {
    bool open_min = (field->open & SNUG_OPEN_MIN) != 0,
         open_max = (field->open & SNUG_OPEN_MAX) != 0;
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

static snug_status fail_range(const char *path, const char *relation, double bound, double value) {
    char bound_text[SNUG_NUMBER_LENGTH], value_text[SNUG_NUMBER_LENGTH];
    snug_number_format(bound, bound_text);
    snug_number_format(value, value_text);
    return snug_fail_at(path, "must be %s %s (got %s)", relation, bound_text, value_text);
}

snug_status snug_field_check_range(const snug_field *field, double value, const char *path) {
    snug_bounds b = snug_field_bounds(field);
    if (!isfinite(value)) {
        return snug_fail_at(path, "must be a finite number (got %g)", value);
    }
    if (b.has_min && (b.open_min ? value <= b.min : value < b.min)) {
        return fail_range(path, b.open_min ? "above" : "at least", b.min, value);
    }
    if (b.has_max && (b.open_max ? value >= b.max : value > b.max)) {
        return fail_range(path, b.open_max ? "below" : "at most", b.max, value);
    }
    return SNUG_OK;
}

/* ---- real ------------------------------------------------------------------------------------ */

static snug_status real_default(const snug_field *field, void *member) {
    *(double *)member = field->initial;
    return SNUG_OK;
}

static snug_status real_store(const snug_field *field, void *member, double value,
                              const char *path) {
    snug_status status = snug_field_check_range(field, value, path);
    if (status == SNUG_OK) {
        *(double *)member = value;
    }
    return status;
}

static snug_status real_read(const snug_field *field, void *member, const cJSON *json,
                             const char *path) {
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a number", json);
    }
    return real_store(field, member, json->valuedouble, path);
}

static void real_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_number(json, field->name, *(const double *)member, failed);
}

static snug_status real_check(const snug_field *field, const void *member, const char *path) {
    return snug_field_check_range(field, *(const double *)member, path);
}

const snug_field_type snug_field_real = {
    .name = "real",
    .size = sizeof(double),
    .alignment = alignof(double),
    .set_default = real_default,
    .store = real_store,
    .read = real_read,
    .write = real_write,
    .check = real_check,
};

/* ---- size ------------------------------------------------------------------------------------ */

static snug_status size_default(const snug_field *field, void *member) {
    *(size_t *)member = (size_t)field->initial;
    return SNUG_OK;
}

static snug_status whole_check(const snug_field *field, double value, const char *path) {
    if (isfinite(value) && value != floor(value)) {
        char text[SNUG_NUMBER_LENGTH];
        snug_number_format(value, text);
        return snug_fail_at(path, "must be a whole number (got %s)", text);
    }
    snug_status status = snug_field_check_range(field, value, path);
    if (status != SNUG_OK) {
        return status;
    }
    if (value < 0) {
        return fail_range(path, "at least", 0, value);
    }
    return value > LARGEST_WHOLE ? fail_range(path, "at most", LARGEST_WHOLE, value) : SNUG_OK;
}

static snug_status size_store(const snug_field *field, void *member, double value,
                              const char *path) {
    snug_status status = whole_check(field, value, path);
    if (status == SNUG_OK) {
        *(size_t *)member = (size_t)value;
    }
    return status;
}

static snug_status size_read(const snug_field *field, void *member, const cJSON *json,
                             const char *path) {
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a whole number", json);
    }
    return size_store(field, member, json->valuedouble, path);
}

static void size_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_number(json, field->name, (double)*(const size_t *)member, failed);
}

static snug_status size_check(const snug_field *field, const void *member, const char *path) {
    return whole_check(field, (double)*(const size_t *)member, path);
}

const snug_field_type snug_field_size = {
    .name = "size",
    .size = sizeof(size_t),
    .alignment = alignof(size_t),
    .set_default = size_default,
    .store = size_store,
    .read = size_read,
    .write = size_write,
    .check = size_check,
};

/* ---- units ----------------------------------------------------------------------------------- */

static const char classes[] = "classes";

static snug_status units_store(const snug_field *field, void *member, double value,
                               const char *path) {
    if (value == (double)SNUG_UNITS_CLASSES) {
        *(size_t *)member = SNUG_UNITS_CLASSES;
        return SNUG_OK;
    }
    return size_store(field, member, value, path);
}

static snug_status units_read(const snug_field *field, void *member, const cJSON *json,
                              const char *path) {
    if (cJSON_IsString(json) && strcmp(json->valuestring, classes) == 0) {
        *(size_t *)member = SNUG_UNITS_CLASSES;
        return SNUG_OK;
    }
    if (!cJSON_IsNumber(json)) {
        return snug_fail_type(path, "a whole number or \"classes\"", json);
    }
    return size_store(field, member, json->valuedouble, path);
}

static void units_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    if (*(const size_t *)member == SNUG_UNITS_CLASSES) {
        snug_json_string(json, field->name, classes, failed);
    } else {
        size_write(field, member, json, failed);
    }
}

static snug_status units_check(const snug_field *field, const void *member, const char *path) {
    if (*(const size_t *)member == SNUG_UNITS_CLASSES) {
        return SNUG_OK;
    }
    return size_check(field, member, path);
}

const snug_field_type snug_field_units = {
    .name = "units",
    .size = sizeof(size_t),
    .alignment = alignof(size_t),
    .set_default = size_default,
    .store = units_store,
    .read = units_read,
    .write = units_write,
    .check = units_check,
};

/* ---- bool ------------------------------------------------------------------------------------ */

static snug_status bool_default(const snug_field *field, void *member) {
    *(bool *)member = field->initial != 0;
    return SNUG_OK;
}

static snug_status bool_store(const snug_field *field, void *member, double value,
                              const char *path) {
    (void)field;
    if (value != 0 && value != 1) {
        return snug_fail_at(path, "must be 0 or 1 (got %g)", value);
    }
    *(bool *)member = value != 0;
    return SNUG_OK;
}

static snug_status bool_read(const snug_field *field, void *member, const cJSON *json,
                             const char *path) {
    (void)field;
    if (!cJSON_IsBool(json)) {
        return snug_fail_type(path, "true or false", json);
    }
    *(bool *)member = cJSON_IsTrue(json);
    return SNUG_OK;
}

static void bool_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_bool(json, field->name, *(const bool *)member, failed);
}

const snug_field_type snug_field_bool = {
    .name = "bool",
    .size = sizeof(bool),
    .alignment = alignof(bool),
    .set_default = bool_default,
    .store = bool_store,
    .read = bool_read,
    .write = bool_write,
};

/* ---- choice ---------------------------------------------------------------------------------- */

static int count_choices(const snug_field *field) {
    int count = 0;
    while (field->choices[count] != NULL) {
        count++;
    }
    return count;
}

static snug_status choice_default(const snug_field *field, void *member) {
    *(int *)member = (int)field->initial;
    return SNUG_OK;
}

static snug_status choice_store(const snug_field *field, void *member, double value,
                                const char *path) {
    int count = count_choices(field);
    if (!(value >= 0 && value < count) || value != floor(value)) {
        return snug_fail_at(path, "must be the number of a choice, from 0 to %d (got %g)",
                            count - 1, value);
    }
    *(int *)member = (int)value;
    return SNUG_OK;
}

static snug_status choice_read(const snug_field *field, void *member, const cJSON *json,
                               const char *path) {
    int count = count_choices(field);
    for (int i = 0; i < count && cJSON_IsString(json); i++) {
        if (strcmp(json->valuestring, field->choices[i]) == 0) {
            *(int *)member = i;
            return SNUG_OK;
        }
    }
    char names[384], expected[400];
    snug_quote_names(field->choices, (size_t)count, names, sizeof names);
    snprintf(expected, sizeof expected, "one of %s", names);
    return snug_fail_type(path, expected, json);
}

static void choice_write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    snug_json_string(json, field->name, field->choices[*(const int *)member], failed);
}

static snug_status choice_check(const snug_field *field, const void *member, const char *path) {
    int unused;
    return choice_store(field, &unused, *(const int *)member, path);
}

const snug_field_type snug_field_choice = {
    .name = "choice",
    .size = sizeof(int),
    .alignment = alignof(int),
    .set_default = choice_default,
    .store = choice_store,
    .read = choice_read,
    .write = choice_write,
    .check = choice_check,
};
