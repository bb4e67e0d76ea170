/* What a field of a table holds: a number, a text, or nothing. */
#ifndef SNUG_CORE_NUMBER_H
#define SNUG_CORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum snug_cell_kind {
    SNUG_CELL_MISSING,  /* empty, "NA", "NaN" or "?" */
    SNUG_CELL_NUMBER,   /* decimal, with an exponent or without */
    SNUG_CELL_INFINITE, /* "inf", "infinity": a word for a number that is refused */
    SNUG_CELL_STRING    /* all else */
} snug_cell_kind;

snug_cell_kind snug_cell_classify(const char *text);

/*
 * The same, with the value of a SNUG_CELL_NUMBER in *value: the nearest float, infinite where it is
 * too large. The thread must be in the "C" locale (core/locale.h).
 */
snug_cell_kind snug_cell_read(const char *text, float *value);

/* The value of a SNUG_CELL_NUMBER. The locale as above. */
double snug_parse_double(const char *text);

/* The order of names: numbers first, by size, then texts by strcmp. The locale as above. */
int snug_string_compare(const char *a, const char *b);

#endif
