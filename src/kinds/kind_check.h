/*
 * Which descriptors of kinds are complete. Built-in kinds pass the check in the tests, and a
 * program's own kinds when they are registered, so that the library can rely on them without
 * looking again: a name in lower case, a summary of one line, fields inside of the configuration
 * with defaults in their ranges, and the functions that the group needs.
 */
#ifndef SNUG_KINDS_KIND_CHECK_H
#define SNUG_KINDS_KIND_CHECK_H

#include <snug/kind.h>

/*
 * Checks that a descriptor of a group has everything that the library relies on. Fails with
 * SNUG_ERROR_ARGUMENT and the kind, the field and what is wrong:
 *
 *     layer "broken": needs plan()
 */
snug_status snug_kind_check(snug_group group, const snug_kind *kind);

#endif
