/* Lists of strings. */
#ifndef SNUG_CORE_STRING_LIST_H
#define SNUG_CORE_STRING_LIST_H

#include <snug/status.h>
#include <snug/strings.h>

/* Makes an empty list, whose content is overwritten, with capacity for `count` strings. */
snug_status snug_strings_reserve(snug_strings *strings, size_t count);

/* Returns the length of a list that NULL ends; 0 for NULL. */
size_t snug_list_length(const char *const *list);

/* Appends a copy of a string to a list with capacity left. On failure the list is unchanged. */
snug_status snug_strings_append(snug_strings *strings, const char *string);

/* Makes `copy`, whose content is overwritten, a copy of a list. It is empty on failure. */
snug_status snug_strings_copy(snug_strings *copy, const snug_strings *strings);

/* Frees the strings and leaves the list empty. */
void snug_strings_clear(snug_strings *strings);

#endif
