/*
 * Blanks around a cell or a name of a table: spaces and tabs. They are no part of it, quoted or
 * not, in every format: people cannot see them, and exporters add and lose them.
 */
#ifndef SNUG_CORE_TRIM_H
#define SNUG_CORE_TRIM_H

#include <stdbool.h>
#include <stddef.h>

static inline bool snug_is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Returns where bytes[*n] begin past the blanks around them; *n becomes the number that is left. */
static inline const char *snug_trim(const char *bytes, size_t *n) {
    const char *start = bytes, *end = bytes + *n;
    while (start < end && snug_is_blank(*start)) {
        start++;
    }
    while (start < end && snug_is_blank(end[-1])) {
        end--;
    }
    *n = (size_t)(end - start);
    return start;
}

#endif
