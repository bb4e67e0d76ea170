/* A list of different texts, each found by its text in constant time. */
#ifndef SNUG_DATA_NAMES_H
#define SNUG_DATA_NAMES_H

#include <stdint.h>

#include <snug/kind.h>

/* All zero: empty. */
typedef struct snug_names {
    snug_strings list; /* owned */
    uint32_t *slots;   /* 1 + index into the list, or 0; open addressing */
    size_t slot_count; /* a power of two, or 0 */
} snug_names;

#define SNUG_NO_NAME SIZE_MAX

/* The index of a text, or SNUG_NO_NAME. */
size_t snug_names_find(const snug_names *names, const char *text);

/* Adds a copy of the text unless it is there; *index (unless NULL) is where it stands. */
snug_status snug_names_add(snug_names *names, const char *text, size_t *index);

/* Adds all of them. */
snug_status snug_names_add_all(snug_names *names, const snug_strings *texts);

/* Sorts by snug_text_compare(): indices change. */
void snug_names_sort(snug_names *names);

/* Frees what is in it and leaves it empty. */
void snug_names_clear(snug_names *names);

/* Copies and frees plain lists. The copy is empty on failure. */
snug_status snug_strings_copy(snug_strings *copy, const snug_strings *strings);
void snug_strings_clear(snug_strings *strings);

#endif
