/*
 * Warnings: what the library assumed about a user's data, such as that a column holds categories.
 *
 * Each is printed once, by the log callback, and kept: a dataset keeps those of reading it, a
 * history those of the run. A message says where, what was assumed, and which option changes it:
 *
 *     table.csv:7: column "age": holds "n/a", taken for a missing value; "missing_values" lists
 *     others
 */
#ifndef SNUG_CORE_WARNINGS_H
#define SNUG_CORE_WARNINGS_H

#include <stdbool.h>

#include <snug/status.h>
#include <snug/strings.h>

/* All zero: empty, and warnings are no errors. */
typedef struct snug_warnings {
    snug_strings list; /* owned, in the order in which they came */
    size_t capacity;   /* of the list */
    bool strict;       /* a warning is an error */
} snug_warnings;

/*
 * Keeps a warning, printed as by printf(), and sends it to the log callback, unless the list has it
 * already. Where warnings are errors it fails with the message and SNUG_ERROR_DATA instead. Fails
 * without memory. `warnings` NULL: the log callback alone.
 */
snug_status snug_warn(snug_warnings *warnings, const char *format, ...) SNUG_PRINTF(2, 3);

/* Returns the warning number `index`, from 0; NULL past the last. */
const char *snug_warnings_get(const snug_warnings *warnings, size_t index);

/* Frees the warnings and leaves the list empty. */
void snug_warnings_clear(snug_warnings *warnings);

#endif
