/* Names in error messages: the known name nearest to a misspelled one, or the list of all. */
#ifndef SNUG_CORE_SPELLING_H
#define SNUG_CORE_SPELLING_H

#include <stddef.h>

/*
 * Returns the one of `count` names that is nearest to `name` by edit distance: the number of
 * insertions, deletions, substitutions and swaps of neighbours (Damerau 1964, in the restricted
 * form that edits no part twice). NULL when none is near enough to be meant.
 */
const char *snug_nearest_name(const char *name, const char *const *names, size_t count);

/*
 * Writes `"a", "b"` into buffer[size], ended by a NUL byte; names that do not fit are replaced by
 * " ...".
 */
void snug_quote_names(const char *const *names, size_t count, char *buffer, size_t size);

#endif
