/* What a cell of a table holds: a number, a string, a marker of a missing value, or nothing. */
#ifndef SNUG_CORE_NUMBER_H
#define SNUG_CORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum snug_cell_kind {
    SNUG_CELL_MISSING,  /* empty, or blanks alone */
    SNUG_CELL_MARKER,   /* what people write for a missing value: NA, n/a, null, None, NaN, ?, - */
    SNUG_CELL_NUMBER,   /* decimal, with an exponent or without */
    SNUG_CELL_INFINITE, /* "inf", "infinity": a word for a number that is refused */
    SNUG_CELL_STRING    /* everything else */
} snug_cell_kind;

/*
 * Returns what a cell holds, by its characters. Whether a marker is a missing value depends on the
 * column: see tables/table_cells.h.
 */
snug_cell_kind snug_cell_classify(const char *text);

/*
 * Returns one of the markers that SNUG_CELL_MARKER is, as it is mostly written, or NULL beyond the
 * last. A cell may have it in capitals or not.
 */
const char *snug_usual_marker(size_t index);

/* The value of a SNUG_CELL_NUMBER. */
typedef struct snug_cell_number {
    float nearest; /* the nearest float, infinite where the number is too large for one */
    /*
     * It is written with so many digits, without the point, that they make a number of at least
     * 2^20: a float is off by more than a thirtieth of the last digit, or has lost it.
     */
    bool wide;
    double value; /* the nearest double, or of 17 digits and more a neighbour of it */
} snug_cell_number;

/*
 * Classifies a cell and reads it: *number becomes the value of a SNUG_CELL_NUMBER. The thread must
 * be in the "C" locale (core/locale.h).
 */
snug_cell_kind snug_cell_read(const char *text, snug_cell_number *number);

/* Returns the value of a SNUG_CELL_NUMBER. The thread must be in the "C" locale. */
double snug_parse_double(const char *text);

/*
 * Writes a whole number below 10^15, such as +1, 1.0 or 1e0, in its usual form, "1", in place, so
 * that equal numbers are equal strings. Leaves other strings, and numbers whose usual form is
 * longer, as they are. The thread must be in the "C" locale.
 */
void snug_normalize_number(char *string);

/*
 * Compares two names for sorting: numbers come first, by size, then strings by strcmp(). The thread
 * must be in the "C" locale.
 */
int snug_string_compare(const char *a, const char *b);

#endif
