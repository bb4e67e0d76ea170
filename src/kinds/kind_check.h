/* What makes a descriptor of a kind complete. */
#ifndef SNUG_KINDS_KIND_CHECK_H
#define SNUG_KINDS_KIND_CHECK_H

#include <snug/kind.h>

/*
 * Checks that a descriptor of a group has everything that the library relies on. Fails with
 * SNUG_ERROR_ARGUMENT; the message names the kind, the field and what is wrong.
 */
snug_status snug_kind_check(snug_group group, const snug_kind *kind);

#endif
