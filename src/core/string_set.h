/* A list of different strings, each found by its text in constant time. */
#ifndef SNUG_CORE_STRING_SET_H
#define SNUG_CORE_STRING_SET_H

#include <stdint.h>

#include <snug/status.h>
#include <snug/strings.h>

/* All zero: empty. */
typedef struct snug_string_set {
    snug_strings list; /* owned */
    uint32_t *slots;   /* 1 + index into the list, or 0; open addressing */
    size_t slot_count; /* a power of two, or 0 */
} snug_string_set;

#define SNUG_NOT_IN_SET SIZE_MAX

/* The index of a text, or SNUG_NOT_IN_SET. */
size_t snug_string_set_find(const snug_string_set *names, const char *text);

/* Adds a copy of the text unless it is there; *index (unless NULL) is its index. */
snug_status snug_string_set_add(snug_string_set *names, const char *text, size_t *index);

/*
 * Adds strings to an empty set without the blanks around them, or as they are where two would be
 * the same without.
 */
snug_status snug_string_set_add_all_trimmed(snug_string_set *names, const snug_strings *strings);

/*
 * Returns the index of a string, or of what is left of it without the blanks around it; otherwise
 * SNUG_NOT_IN_SET. A string with blanks is not found where more than 255 bytes are left of it.
 */
size_t snug_string_set_find_trimmed(const snug_string_set *names, const char *string);

/* Sorts by snug_string_compare(): indices change. */
void snug_string_set_sort(snug_string_set *names);

/* Frees what is in it and leaves it empty. */
void snug_string_set_clear(snug_string_set *names);

#endif
