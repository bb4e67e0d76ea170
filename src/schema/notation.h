/*
 * How people write numbers: 1234.5, 1.234,5, $1,234.50, 45 %. A cell in such a notation is
 * rewritten as 1234.5 is, the plain notation, which core/number.h reads.
 */
#ifndef SNUG_SCHEMA_NOTATION_H
#define SNUG_SCHEMA_NOTATION_H

#include <stdbool.h>

/* All zero: the plain notation. */
typedef struct snug_notation {
    char decimal; /* '.' or ','; 0: '.' */
    /*
     * Besides plain numbers, digits may be in groups of three (1,234 1.234 1'234 "1 234", each with
     * a decimal mark other than the separator), and one sign of a currency ($ € £ ¥) or % may
     * precede or follow the number. Such signs are left out: 45% is 45. A minus may be U+2212 and
     * may follow the number, and a number in parentheses has one: (5) and 5- are -5.
     */
    bool formatted;
} snug_notation;

enum { SNUG_PLAIN_SIZE = 128 /* bytes of a number in plain notation; longer ones are strings */ };

/* Returns whether a notation is the plain one, in which a cell need not be rewritten. */
bool snug_notation_is_plain(const snug_notation *notation);

/*
 * Returns a cell as it would be in plain notation: a number in `plain`, everything else as it is,
 * but a string that is no number for "1.5" where the decimal mark is a comma.
 */
const char *snug_notation_rewrite(const snug_notation *notation, const char *cell,
                                  char plain[SNUG_PLAIN_SIZE]);

/* Returns what of a cell is behind blanks, +, - and parentheses, and signs of a currency or %. */
const char *snug_notation_skip_signs(const char *text);

/* Returns the sign of a currency or % that a number has, always the same pointer; "": none. */
const char *snug_notation_symbol(const char *text);

#endif
