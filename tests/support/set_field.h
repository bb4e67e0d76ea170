/* Changing one field of an object. */
#ifndef SNUG_TESTS_SUPPORT_SET_FIELD_H
#define SNUG_TESTS_SUPPORT_SET_FIELD_H

#include "core/status.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/object.h"

/*
 * Sets a field that is stored as a number (a choice by its index), as the reader of JSON does, and
 * returns what the field's type says of the value; SNUG_ERROR_ARGUMENT for any other field.
 */
static inline snug_status set_field(snug_object *object, const char *name, double value) {
    const snug_field *field = snug_fields_find(object->kind->fields, name);
    const snug_field_type *type = field != NULL ? snug_field_type_of(field->kind) : NULL;
    if (type == NULL || type->store == NULL) {
        return SNUG_ERROR_ARGUMENT;
    }
    return type->store(field, (char *)object->config + field->offset, value, name);
}

#endif
