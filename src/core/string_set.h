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

/* Adds all of them. */
snug_status snug_string_set_add_all(snug_string_set *names, const snug_strings *texts);

/* Sorts by snug_string_compare(): indices change. */
void snug_string_set_sort(snug_string_set *names);

/* Frees what is in it and leaves it empty. */
void snug_string_set_clear(snug_string_set *names);

#endif
