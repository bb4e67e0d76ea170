#include <stddef.h>
#include <string.h>

#include "core/number.h"
#include "schema/notation.h"

bool snug_notation_is_plain(const snug_notation *notation) {
    return notation->decimal != ',' && !notation->formatted;
}

/* A cell that is rewritten. */
typedef struct rewriting {
    const char *at; /* the next character of the cell */
    char *plain;
    size_t length; /* of what was written */
    char decimal;
    bool formatted, sign, symbol; /* a + or -, a currency or percent sign has been read */
} rewriting;

/* ---- characters ------------------------------------------------------------------------------ */

/* Returns the length of the one of `strings` that the text begins with, or 0. */
static size_t match(const char *text, const char *const *strings) {
    for (; *strings != NULL; strings++) {
        size_t length = strlen(*strings);
        if (strncmp(text, *strings, length) == 0) {
            return length;
        }
    }
    return 0;
}

/* Blanks, and those that do not break a line: U+00A0, U+2009, U+202F. */
static size_t blank_length(const char *text) {
    static const char *const blanks[] = {" ", "\t", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF",
                                         NULL};
    return match(text, blanks);
}

static const char *const symbols[] = {
    "$", "%", "\xE2\x82\xAC" /* euro */, "\xC2\xA3" /* pound */, "\xC2\xA5" /* yen */, NULL};

static size_t symbol_length(const char *text) {
    return match(text, symbols);
}

const char *snug_notation_skip_signs(const char *text) {
    for (;;) {
        size_t length = blank_length(text) + symbol_length(text);
        length = *text == '+' || *text == '-' ? 1 : length;
        if (length == 0) {
            return text;
        }
        text += length;
    }
}

const char *snug_notation_symbol(const char *text) {
    for (size_t i = 0; symbols[i] != NULL; i++) {
        if (strstr(text, symbols[i]) != NULL) {
            return symbols[i];
        }
    }
    return "";
}

/* Separators of groups of digits; that which is the decimal mark is none. */
static size_t separator_length(const char *text, char decimal) {
    static const char *const quotes[] = {"'", "\xE2\x80\x99", NULL};
    if (*text == '.' || *text == ',') {
        return *text != decimal;
    }
    size_t length = match(text, quotes);
    return length > 0 ? length : blank_length(text);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *text) {
    size_t count = 0;
    while (is_digit(text[count])) {
        count++;
    }
    return count;
}

/* ---- parts of a number ----------------------------------------------------------------------- */

static void put(rewriting *r, const char *characters, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (r->length < SNUG_PLAIN_SIZE) {
            r->plain[r->length] = characters[i];
        }
        r->length++; /* a length of more than the size tells that it did not fit */
    }
}

/* Blanks, one + or -, and one symbol, in any order. */
static void read_signs(rewriting *r) {
    for (;;) {
        size_t blank = blank_length(r->at), symbol = symbol_length(r->at);
        if (blank > 0) {
            r->at += blank;
        } else if ((*r->at == '+' || *r->at == '-') && !r->sign) {
            put(r, r->at++, 1);
            r->sign = true;
        } else if (symbol > 0 && r->formatted && !r->symbol) {
            r->at += symbol;
            r->symbol = true;
        } else {
            return;
        }
    }
}

/*
 * Digits before the decimal mark, in groups or not. All groups have one separator and three digits,
 * but the first one to three, without a leading zero: 0,123 is no 123.
 */
static size_t read_whole(rewriting *r) {
    size_t count = count_digits(r->at);
    bool grouped = r->formatted && count >= 1 && count <= 3 && *r->at != '0';
    put(r, r->at, count);
    r->at += count;
    const char *separator = r->at;
    size_t length = grouped ? separator_length(separator, r->decimal) : 0;
    while (length > 0 && strncmp(r->at, separator, length) == 0 &&
           count_digits(r->at + length) == 3) {
        put(r, r->at + length, 3);
        r->at += length + 3;
    }
    return count;
}

static size_t read_fraction(rewriting *r) {
    if (*r->at != r->decimal) {
        return 0;
    }
    size_t count = count_digits(++r->at);
    put(r, ".", 1);
    put(r, r->at, count);
    r->at += count;
    return count;
}

static void read_exponent(rewriting *r) {
    if (*r->at != 'e' && *r->at != 'E') {
        return;
    }
    size_t sign = r->at[1] == '+' || r->at[1] == '-', count = count_digits(r->at + 1 + sign);
    if (count > 0) {
        put(r, r->at, 1 + sign + count);
        r->at += 1 + sign + count;
    }
}

/* Whether the cell is a number, which has been written. */
static bool read_number(rewriting *r) {
    read_signs(r);
    size_t digits = read_whole(r);
    digits += read_fraction(r);
    read_exponent(r);
    r->sign = true; /* none may follow */
    read_signs(r);
    put(r, "", 1);
    return digits > 0 && *r->at == 0 && r->length <= SNUG_PLAIN_SIZE;
}

const char *snug_notation_rewrite(const snug_notation *notation, const char *cell,
                                  char plain[SNUG_PLAIN_SIZE]) {
    rewriting r = {.at = cell,
                   .plain = plain,
                   .decimal = notation->decimal == ',' ? ',' : '.',
                   .formatted = notation->formatted};
    if (read_number(&r)) {
        return plain;
    }
    bool other = r.decimal == ',' && snug_cell_classify(cell) == SNUG_CELL_NUMBER;
    return other ? "(another notation)" : cell;
}
