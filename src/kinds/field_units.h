/*
 * Named units: "classes" and "targets", whose numbers are known only when the data and the loss
 * are. Until then a field of type UNITS holds SNUG_UNITS_CLASSES or SNUG_UNITS_TARGETS.
 */
#ifndef SNUG_KINDS_FIELD_UNITS_H
#define SNUG_KINDS_FIELD_UNITS_H

#include <stddef.h>

#include <snug/status.h>

/* The numbers that named units have with some data; 0: the data has none of these. */
typedef struct snug_data_units {
    size_t classes; /* SNUG_UNITS_CLASSES */
    size_t targets; /* SNUG_UNITS_TARGETS */
} snug_data_units;

/* Returns "classes" or "targets" where units are named so; NULL where they are a number. */
const char *snug_units_name(size_t units);

/* Fails where units are not known because there is no data, or none that has them. */
snug_status snug_units_check(size_t units);

#endif
