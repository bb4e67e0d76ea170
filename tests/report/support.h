/* Pictures as strings: whether they are XML, and what is in them. */
#ifndef SNUG_TESTS_REPORT_SUPPORT_H
#define SNUG_TESTS_REPORT_SUPPORT_H

#include <stddef.h>

/* Returns how often a part is in a string. */
size_t occurrences(const char *text, const char *part);

/* Checks that the tags of a picture are balanced, and that no number in it is infinite or NaN. */
void check_well_formed(const char *svg);

#endif
