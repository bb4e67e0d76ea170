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
    bool parenthesis;             /* one is open */
    bool behind, negative;        /* the digits have been read; a minus was behind them */
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

/* Returns the length of - or U+2212. */
static size_t minus_length(const char *text) {
    static const char *const minuses[] = {"-", "\xE2\x88\x92", NULL};
    return match(text, minuses);
}

const char *snug_notation_skip_signs(const char *text) {
    for (;;) {
        size_t length = blank_length(text) + symbol_length(text) + minus_length(text);
        length = *text == '+' || *text == '(' || *text == ')' ? 1 : length;
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

/*
 * Reads a sign, or a parenthesis, which is a minus: (5) is -5. In formatted numbers a minus may be
 * behind the digits, too. Returns whether there was one.
 */
static bool read_sign(rewriting *r) {
    size_t minus = r->formatted || *r->at == '-' ? minus_length(r->at) : 0;
    bool opens = r->formatted && *r->at == '(';
    if (r->behind && r->parenthesis && *r->at == ')') {
        r->parenthesis = false;
        r->at++;
        return true;
    }
    if (r->sign || (r->behind ? minus == 0 : minus == 0 && !opens && *r->at != '+')) {
        return false;
    }
    r->sign = true;
    r->parenthesis = opens;
    r->negative = r->behind;
    if (!r->behind) {
        put(r, *r->at == '+' ? "+" : "-", 1);
    }
    r->at += minus > 0 ? minus : 1;
    return true;
}

/* Blanks, one + or -, and one symbol, in any order. */
static void read_signs(rewriting *r) {
    for (;;) {
        size_t blank = blank_length(r->at), symbol = symbol_length(r->at);
        if (blank > 0) {
            r->at += blank;
        } else if (symbol > 0 && r->formatted && !r->symbol) {
            r->at += symbol;
            r->symbol = true;
        } else if (!read_sign(r)) {
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
    r->sign = r->sign || !r->formatted; /* then none may follow */
    r->behind = true;
    read_signs(r);
    put(r, "", 1);
    if (digits == 0 || *r->at != 0 || r->parenthesis || r->length + r->negative > SNUG_PLAIN_SIZE) {
        return false;
    }
    if (r->negative) {
        memmove(r->plain + 1, r->plain, r->length);
        r->plain[0] = '-';
    }
    return true;
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
