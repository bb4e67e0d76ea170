/* Walks over the kinds of a group which a new kind joins without an edit here. */
#ifndef SNUG_TESTS_SUPPORT_REGISTRY_H
#define SNUG_TESTS_SUPPORT_REGISTRY_H

#include <check.h>

#include "kinds/builtin_kinds.h"
#include "kinds/object.h"

/* Returns how many built-in kinds a group has: as many as a walk over the group must meet. */
static inline size_t built_in_count(snug_group group) {
    size_t count = 0;
    for (const snug_kind *const *kind = snug_builtin_kinds(group); *kind != NULL; kind++) {
        count++;
    }
    ck_assert_uint_gt(count, 0);
    return count;
}

#endif
