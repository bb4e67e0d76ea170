/*
 * Rows of tables of fields (<snug/kind.h>), written in one line:
 *
 *     static const snug_field fields[] = {
 *         SNUG_REAL_FIELD(dropout_config, rate, 0.5, SNUG_FROM_BELOW(0, 1), "probability of 0"),
 *         SNUG_BOOL_FIELD(dense_config, bias, true, "whether b is there"),
 *         {SNUG_FIELD(dense_config, units, UNITS, "number of outputs"), .required = true},
 *         SNUG_FIELDS_END};
 *
 * A field has the name of its member in the struct of the configuration.
 */
#ifndef SNUG_KINDS_FIELD_MACROS_H
#define SNUG_KINDS_FIELD_MACROS_H

#include <math.h>
#include <stddef.h>

#include <snug/kind.h> /* IWYU pragma: export */

/* What every field has; `type` is the suffix of a SNUG_FIELD_ constant. */
#define SNUG_FIELD(config, member, type, help_line)                                                \
    .name = #member, .help = (help_line), .kind = SNUG_FIELD_##type,                               \
    .offset = offsetof(config, member)

/* Ranges. A bound that is called "above" or "below" is itself outside of the range. */
#define SNUG_ANY_NUMBER .open = 0
#define SNUG_AT_LEAST(low) .min = (low), .max = INFINITY
#define SNUG_ABOVE(low) .min = (low), .max = INFINITY, .open = SNUG_OPEN_MIN
#define SNUG_FROM_TO(low, high) .min = (low), .max = (high)
#define SNUG_FROM_BELOW(low, high) .min = (low), .max = (high), .open = SNUG_OPEN_MAX
#define SNUG_ABOVE_TO(low, high) .min = (low), .max = (high), .open = SNUG_OPEN_MIN
#define SNUG_ABOVE_BELOW(low, high)                                                                \
    .min = (low), .max = (high), .open = SNUG_OPEN_MIN | SNUG_OPEN_MAX

/* A row; `range` is one of the above. */
#define SNUG_REAL_FIELD(config, member, default, range, help_line)                                 \
    {SNUG_FIELD(config, member, REAL, help_line), .initial = (default), range}

#define SNUG_SIZE_FIELD(config, member, default, range, help_line)                                 \
    {SNUG_FIELD(config, member, SIZE, help_line), .initial = (default), range}

#define SNUG_BOOL_FIELD(config, member, default, help_line)                                        \
    {SNUG_FIELD(config, member, BOOL, help_line), .initial = (default)}

/* `names` ends with a NULL; the default is an index. */
#define SNUG_CHOICE_FIELD(config, member, default, names, help_line)                               \
    {SNUG_FIELD(config, member, CHOICE, help_line), .initial = (default), .choices = (names)}

#define SNUG_FIELDS_END {.kind = SNUG_FIELD_END}

#endif
