/* What a cell of a table holds: a number, a string, or nothing. */
#ifndef SNUG_CORE_NUMBER_H
#define SNUG_CORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum snug_cell_kind {
    SNUG_CELL_MISSING,  /* empty, "NA", "NaN" or "?" */
    SNUG_CELL_NUMBER,   /* decimal, with an exponent or without */
    SNUG_CELL_INFINITE, /* "inf", "infinity": a word for a number that is refused */
    SNUG_CELL_STRING    /* everything else */
} snug_cell_kind;

/* Returns what a cell holds, by its characters. */
snug_cell_kind snug_cell_classify(const char *text);

/*
 * Classifies a cell and reads it: *value becomes the value of a SNUG_CELL_NUMBER, the nearest
 * float, infinite where it is too large. The thread must be in the "C" locale (core/locale.h).
 */
snug_cell_kind snug_cell_read(const char *text, float *value);

/* Returns the value of a SNUG_CELL_NUMBER. The thread must be in the "C" locale. */
double snug_parse_double(const char *text);

/*
 * Compares two names for sorting: numbers come first, by size, then strings by strcmp(). The thread
 * must be in the "C" locale.
 */
int snug_string_compare(const char *a, const char *b);

#endif
