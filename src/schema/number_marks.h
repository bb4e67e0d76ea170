/*
 * Which of . and , is the decimal mark of a table, by the numbers of its columns.
 *
 * 1.5 and 0,125 have a decimal mark. A mark that is in a number twice separates thousands, and so
 * does the one that is before the other: 1,234,567 and 1,234.5. Either may be the mark of 1,234.
 * It separates thousands where its column has whole numbers too, all below 1000, and no number with
 * a decimal mark of that kind: 999 and 1,000.
 */
#ifndef SNUG_SCHEMA_NUMBER_MARKS_H
#define SNUG_SCHEMA_NUMBER_MARKS_H

#include <stdbool.h>
#include <stddef.h>

enum { SNUG_MARKED_SIZE = 8 /* bytes of a number such as 123,456 */ };

/* Numbers with one of the two marks, by what the mark is. */
typedef struct snug_mark_counts {
    size_t decimals, groups;
    size_t open;                  /* either, as in 1,234 */
    size_t zeros;                 /* those of them that end with 0, as few decimal fractions do */
    char first[SNUG_MARKED_SIZE]; /* of them, or "" */
} snug_mark_counts;

/* The cells of one column. All zero: none so far. */
typedef struct snug_column_marks {
    snug_mark_counts points, commas;
    size_t below_1000, large; /* whole numbers without a mark */
    size_t others;            /* digits with marks that are no number: 01.02.2024 */
} snug_column_marks;

/* What was found; all zero but for the decimal mark where nothing was left open. */
typedef struct snug_decimal_choice {
    char decimal;  /* '.' or ',' */
    char unsure;   /* the mark that may be the decimal mark as well as separate thousands, or 0 */
    size_t column; /* with a number of that mark */
    char example[SNUG_MARKED_SIZE]; /* the number, without a sign */
} snug_decimal_choice;

/* Counts a cell, with or without a currency sign or % around it; what is no number is ignored. */
void snug_column_marks_add(snug_column_marks *column, const char *cell);

/*
 * Returns the decimal mark of a table whose fields are separated by `delimiter`. In a file of
 * commas 1.234 is not taken for 1234.
 */
snug_decimal_choice snug_decimal_choose(const snug_column_marks *columns, size_t count,
                                        char delimiter);

#endif
