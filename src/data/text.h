/* What a field of a table holds: a number, a text, or nothing. */
#ifndef SNUG_DATA_TEXT_H
#define SNUG_DATA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/kind.h>

typedef enum snug_text_kind {
    SNUG_TEXT_MISSING,  /* empty, "NA", "NaN" or "?" */
    SNUG_TEXT_NUMBER,   /* decimal, with an exponent or without */
    SNUG_TEXT_INFINITE, /* "inf", "infinity": a word for a number that is refused */
    SNUG_TEXT_WORD      /* all else */
} snug_text_kind;

snug_text_kind snug_text_classify(const char *text);

/*
 * The same, with the value of a SNUG_TEXT_NUMBER in *value: the nearest float, infinite where it is
 * too large. The thread must be in the "C" locale (core/locale.h).
 */
snug_text_kind snug_text_read(const char *text, float *value);

/* The value of a SNUG_TEXT_NUMBER. The locale as above. */
double snug_text_double(const char *text);

/* The order of names: numbers first, by size, then texts by strcmp. The locale as above. */
int snug_text_compare(const char *a, const char *b);

#endif
