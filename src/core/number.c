#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/number.h"

static const char *skip_spaces(const char *text) {
    while (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n') {
        text++;
    }
    return text;
}

static const char *skip_sign(const char *text) {
    return text + (*text == '+' || *text == '-');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A decimal number: mantissa * 10^exponent, of the first digits that the mantissa can hold. */
typedef struct decimal {
    const char *start; /* of the number, past the spaces */
    uint64_t mantissa;
    int exponent;
    bool negative;
} decimal;

enum {
    MOST_EXPONENT = 22, /* 10^22 is the last power of ten that a double holds exactly */
    FAR_EXPONENT = 10000,
    WIDE_MANTISSA = 1 << 20
};

/* Digits, of which those before a point count into the exponent where the mantissa is full. */
static const char *read_digits(const char *p, decimal *d, bool fraction) {
    uint64_t mantissa = d->mantissa;
    int exponent = d->exponent;
    for (; is_digit(*p); p++) {
        if (mantissa <= (UINT64_MAX - 9) / 10) {
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
            exponent -= fraction;
        } else {
            exponent += !fraction && exponent < FAR_EXPONENT;
        }
    }
    d->mantissa = mantissa;
    d->exponent = exponent;
    return p;
}

/* What follows an e, or NULL where it is no whole number. */
static const char *read_exponent(const char *p, decimal *d) {
    bool negative = *p == '-';
    const char *start = skip_sign(p);
    int value = 0;
    for (p = start; is_digit(*p); p++) {
        value = value < FAR_EXPONENT ? value * 10 + (*p - '0') : value;
    }
    d->exponent += negative ? -value : value;
    return p == start ? NULL : p;
}

/* strtod() takes more than tables mean by a number: hexadecimal floats and words. */
static bool read_decimal(const char *text, decimal *d) {
    *d = (decimal){.start = skip_spaces(text)};
    d->negative = *d->start == '-';
    const char *start = skip_sign(d->start);
    const char *end = read_digits(start, d, false);
    size_t digits = (size_t)(end - start);
    if (*end == '.') {
        start = end + 1;
        end = read_digits(start, d, true);
        digits += (size_t)(end - start);
    }
    if (digits > 0 && (*end == 'e' || *end == 'E')) {
        end = read_exponent(end + 1, d);
    }
    return digits > 0 && end != NULL && *skip_spaces(end) == 0;
}

static bool is_number(const char *text) {
    decimal ignored;
    return read_decimal(text, &ignored);
}

/* The number that the C library reads, where a division in double may be off. */
static snug_cell_number read_slowly(const decimal *d, bool wide) {
    return (snug_cell_number){strtof(d->start, NULL), wide, strtod(d->start, NULL)};
}

/*
 * The float that is nearest to the number. As a double it is off by two roundings and by the digits
 * past the mantissa, together less than 2^-51 of it: where everything within 2^-50 rounds to
 * the same float, that is the nearest one. strtof() decides the few other cases, and those near
 * the ends of the range.
 */
static snug_cell_number nearest_float(const decimal *d) {
    static const double powers[MOST_EXPONENT + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int exponent = d->exponent;
    bool wide = d->mantissa >= WIDE_MANTISSA;
    if (d->mantissa == 0) {
        return (snug_cell_number){d->negative ? -0.0F : 0.0F, false, 0};
    }
    if (exponent < -MOST_EXPONENT || exponent > MOST_EXPONENT) {
        return read_slowly(d, wide);
    }
    double value = (double)d->mantissa;
    value = exponent < 0 ? value / powers[-exponent] : value * powers[exponent];
    if (!(value > (double)FLT_MIN * 2.0 && value < (double)FLT_MAX / 2.0)) {
        return read_slowly(d, wide);
    }
    float low = (float)(value * (1.0 - 0x1p-50)), high = (float)(value * (1.0 + 0x1p-50));
    if (low != high) {
        return read_slowly(d, wide);
    }
    return d->negative ? (snug_cell_number){-low, wide, -value}
                       : (snug_cell_number){low, wide, value};
}

/* Whether the text, without the spaces around it, is the word, in capitals or not. */
static bool is_word(const char *text, const char *word) {
    size_t n = strlen(word);
    return strncasecmp(text, word, n) == 0 && *skip_spaces(text + n) == 0;
}

static const char *const markers[] = {"NA",   "N/A",  "NaN", "null", "None",
                                      "#N/A", "<NA>", "?",   "-",    NULL};
enum { MARKERS = sizeof markers / sizeof *markers - 1 };

const char *snug_usual_marker(size_t index) {
    return markers[index < MARKERS ? index : MARKERS];
}

/* Whether a text, which begins with no space, is a usual marker of missing values. */
static bool is_marker(const char *text) {
    if (strchr("Nn#<?-", *text) == NULL) {
        return false; /* most strings begin otherwise */
    }
    for (size_t i = 0; i < MARKERS; i++) {
        if (is_word(text, markers[i])) {
            return true;
        }
    }
    return false;
}

/* What a text that is no number holds. */
static snug_cell_kind classify_word(const char *text) {
    const char *start = skip_spaces(text);
    if (*start == 0) {
        return SNUG_CELL_MISSING;
    }
    if (is_marker(start)) {
        return SNUG_CELL_MARKER;
    }
    const char *unsigned_text = skip_sign(start);
    if (is_word(unsigned_text, "inf") || is_word(unsigned_text, "infinity")) {
        return SNUG_CELL_INFINITE;
    }
    return SNUG_CELL_STRING;
}

snug_cell_kind snug_cell_classify(const char *text) {
    return is_number(text) ? SNUG_CELL_NUMBER : classify_word(text);
}

snug_cell_kind snug_cell_read(const char *text, snug_cell_number *number) {
    decimal d;
    if (!read_decimal(text, &d)) {
        return classify_word(text);
    }
    *number = nearest_float(&d);
    return SNUG_CELL_NUMBER;
}

double snug_parse_double(const char *text) {
    return strtod(text, NULL);
}

void snug_normalize_number(char *string) {
    if (!is_number(string)) {
        return;
    }
    double value = snug_parse_double(string);
    if (value != floor(value) || fabs(value) >= 1e15) {
        return;
    }
    char usual[24];
    int length = snprintf(usual, sizeof usual, "%.0f", value + 0.0); /* -0 + 0 is 0 */
    if (length > 0 && (size_t)length <= strlen(string)) {
        memcpy(string, usual, (size_t)length + 1);
    }
}

int snug_string_compare(const char *a, const char *b) {
    bool a_number = is_number(a), b_number = is_number(b);
    if (a_number != b_number) {
        return a_number ? -1 : 1;
    }
    if (a_number) {
        double x = snug_parse_double(a), y = snug_parse_double(b);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return strcmp(a, b);
}
