/* Objects from typed values of fields. The values themselves are in <snug/field_value.h>. */
#ifndef SNUG_KINDS_FIELD_VALUE_H
#define SNUG_KINDS_FIELD_VALUE_H

#include <snug/field_value.h> /* IWYU pragma: export */

#include "kinds/object.h"

/*
 * Makes an object of a kind by its name, in SNUG_GROUP_LAYER also a layer by the name of what it
 * wraps, with values of some of its fields; NULL: all defaults. Takes over the layers and schedules
 * in the values, also when it fails.
 *
 * Returns an object that the caller owns, or NULL; a wrong value is SNUG_ERROR_ARGUMENT:
 *
 *     dropout.rate: must be below 1 (got 1)
 */
snug_object *snug_object_make(snug_group group, const char *name, const snug_field_value *values);

#endif
