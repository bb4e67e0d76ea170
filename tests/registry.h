/* Walks over the kinds of a group which a new kind joins without an edit here. */
#ifndef SNUG_TESTS_REGISTRY_H
#define SNUG_TESTS_REGISTRY_H

#include <stdio.h>
#include <string.h>

#include <check.h>

#include <snug/kind.h>

/* How many kinds of a group the registry names: its lines "    X(optimizer, adam)". */
static inline size_t built_in_count(const char *group) {
    char line[256], start[64];
    size_t count = 0;
    FILE *registry = fopen(SNUG_TEST_DIR "/../src/model/registry.c", "r");
    ck_assert_ptr_nonnull(registry);
    snprintf(start, sizeof start, "X(%s, ", group);
    while (fgets(line, sizeof line, registry) != NULL) {
        count += strstr(line, start) != NULL;
    }
    fclose(registry);
    ck_assert_uint_gt(count, 0);
    return count;
}

#endif
