#include <stdbool.h>
#include <string.h>

#include <check.h>

#include "report/support.h"

size_t occurrences(const char *text, const char *part) {
    size_t count = 0;
    for (const char *p = text; (p = strstr(p, part)) != NULL; p += strlen(part)) {
        count++;
    }
    return count;
}

/* ---- well-formed XML ------------------------------------------------------------------------- */

enum { DEPTH = 8, NAME = 16 };

/* One tag from its '<' to its '>': opens and closes on a stack of names. */
static size_t follow_tag(const char *tag, const char *end, char stack[DEPTH][NAME], size_t depth) {
    bool closes = tag[1] == '/', single = end[-1] == '/';
    const char *name = tag + (closes ? 2 : 1);
    size_t length = strcspn(name, " />"), quotes = 0;
    ck_assert(length > 0 && length < NAME);
    for (const char *p = tag + 1; p < end; p++) {
        ck_assert(*p != '<');
        quotes += *p == '"';
    }
    ck_assert_uint_eq(quotes % 2, 0);
    if (closes) {
        ck_assert_uint_gt(depth, 0);
        ck_assert_uint_eq(strlen(stack[depth - 1]), length);
        ck_assert_mem_eq(stack[depth - 1], name, length);
        return depth - 1;
    }
    if (single) {
        return depth;
    }
    ck_assert_uint_lt(depth, DEPTH);
    memcpy(stack[depth], name, length);
    stack[depth][length] = '\0';
    return depth + 1;
}

void check_well_formed(const char *svg) {
    char stack[DEPTH][NAME];
    size_t depth = 0, tags = 0;
    for (const char *tag = strchr(svg, '<'); tag != NULL; tags++) {
        const char *end = strchr(tag, '>');
        ck_assert_ptr_nonnull(end);
        depth = follow_tag(tag, end, stack, depth);
        tag = strchr(end, '<');
        ck_assert_msg(tag == NULL || depth > 0, "more than one root");
    }
    ck_assert_uint_eq(depth, 0);
    ck_assert_uint_gt(tags, 20);
    ck_assert_ptr_null(strstr(svg, "nan"));
    ck_assert_ptr_null(strstr(svg, "inf"));
}
