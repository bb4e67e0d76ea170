#include "data/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *skip_spaces(const char *text) {
    while (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\n')
        text++;
    return text;
}

static const char *skip_sign(const char *text) {
    return text + (*text == '+' || *text == '-');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static const char *skip_digits(const char *text) {
    while (is_digit(*text))
        text++;
    return text;
}

/* strtod() takes more than tables mean by a number: hexadecimal floats and words. */
static bool is_number(const char *text) {
    const char *start = skip_sign(skip_spaces(text));
    const char *end = skip_digits(start);
    size_t digits = (size_t)(end - start);
    if (*end == '.') {
        start = end + 1;
        end = skip_digits(start);
        digits += (size_t)(end - start);
    }
    if (digits == 0)
        return false;
    if (*end == 'e' || *end == 'E') {
        start = skip_sign(end + 1);
        end = skip_digits(start);
        if (end == start)
            return false;
    }
    return *skip_spaces(end) == 0;
}

/* Whether the text, without the spaces around it, is the word, in capitals or not. */
static bool is_word(const char *text, const char *word) {
    size_t n = strlen(word);
    return strncasecmp(text, word, n) == 0 && *skip_spaces(text + n) == 0;
}

snug_text_kind snug_text_classify(const char *text) {
    if (is_number(text))
        return SNUG_TEXT_NUMBER;
    const char *start = skip_spaces(text);
    if (*start == 0 || strcmp(start, "NA") == 0 || strcmp(start, "?") == 0 || is_word(start, "nan"))
        return SNUG_TEXT_MISSING;
    const char *unsigned_text = skip_sign(start);
    if (is_word(unsigned_text, "inf") || is_word(unsigned_text, "infinity"))
        return SNUG_TEXT_INFINITE;
    return SNUG_TEXT_WORD;
}

float snug_text_float(const char *text) {
    static const float powers[] = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f};
    enum { EXACT_DIGITS = 7 };
    const char *start = skip_spaces(text), *p = skip_sign(start);
    uint32_t digits = 0, mantissa = 0, fraction = 0;
    bool point = false;
    for (; digits <= EXACT_DIGITS; p++) {
        if (*p == '.') {
            point = true;
        } else if (is_digit(*p)) {
            digits++;
            fraction += point;
            mantissa = mantissa * 10 + (uint32_t)(*p - '0');
        } else {
            break;
        }
    }
    /* Seven digits and their power of ten are exact as floats, so that one division rounds once. */
    if (*p != 0 || digits > EXACT_DIGITS)
        return strtof(start, NULL);
    float value = (float)mantissa / powers[fraction];
    return *start == '-' ? -value : value;
}

double snug_text_double(const char *text) {
    return strtod(text, NULL);
}

int snug_text_compare(const char *a, const char *b) {
    bool a_number = is_number(a), b_number = is_number(b);
    if (a_number != b_number)
        return a_number ? -1 : 1;
    if (a_number) {
        double x = snug_text_double(a), y = snug_text_double(b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return strcmp(a, b);
}
