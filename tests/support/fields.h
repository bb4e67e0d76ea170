/*
 * What holds for the fields of every kind: they are written and read again, and keep their ranges.
 */
#ifndef SNUG_TESTS_FIELDS_H
#define SNUG_TESTS_FIELDS_H

#include <math.h>

#include <check.h>

#include "core/memory.h"
#include "json/json.h" /* IWYU pragma: export */
#include "json/json_print.h"
#include "kinds/field_range.h"
#include "kinds/object.h"
#include "registry.h"
#include "set_field.h"

static inline char *object_text(const snug_object *object) {
    cJSON *json = snug_object_write(object);
    char *text = snug_json_print(json, false);
    ck_assert_ptr_nonnull(text);
    cJSON_Delete(json);
    return text;
}

static inline void check_round_trip(const snug_object *object) {
    char *text = object_text(object);
    snug_object *again = snug_object_parse(object->group, text);
    ck_assert_msg(again != NULL, "%s: %s", text, snug_error());
    char *second = object_text(again);
    ck_assert_str_eq(second, text);
    snug_object_free(again);
    snug_release(text);
    snug_release(second);
}

static inline void check_refused(snug_object *object, const snug_field *field, double value) {
    ck_assert_msg(set_field(object, field->name, value) != SNUG_OK, "%s.%s takes %g",
                  object->kind->name, field->name, value);
}

/* Just outside of the range, on either side where it has an end. */
static inline void check_range(snug_object *object, const snug_field *field) {
    snug_bounds bounds = snug_field_bounds(field);
    double least = field->kind == SNUG_FIELD_SIZE ? 1.0 : 1e-6;
    if (bounds.has_min) {
        check_refused(object, field, bounds.open_min ? bounds.min : bounds.min - least);
    }
    if (bounds.has_max) {
        check_refused(object, field, bounds.open_max ? bounds.max : bounds.max + least);
    }
    check_refused(object, field, (double)NAN);
}

static inline void check_fields(snug_group group, const snug_kind *kind) {
    snug_object *object = snug_object_parse(group, kind->name);
    ck_assert_msg(object != NULL, "%s: %s", kind->name, snug_error());
    check_round_trip(object);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        if (field->kind == SNUG_FIELD_REAL || field->kind == SNUG_FIELD_SIZE) {
            check_range(object, field);
            /* Another value; a kind may refuse it beside its other fields. */
            snug_bounds bounds = snug_field_bounds(field);
            double other =
                bounds.has_max ? 0.5 * (field->initial + bounds.max) : field->initial + 3;
            (void)set_field(object, field->name, other);
        }
    }
    check_round_trip(object);
    snug_object_free(object);
}

/* All kinds of a group. */
static inline void check_fields_of(snug_group group) {
    size_t count = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(group, count)) != NULL; count++) {
        check_fields(group, kind);
    }
    ck_assert_uint_eq(count, built_in_count(group));
}

#endif
