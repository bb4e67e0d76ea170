#include <stdint.h>
#include <string.h>

#include "core/utf8.h"

/*
 * What the first two bytes of a character of several bytes can be, and how many follow the first.
 */
static const struct {
    unsigned char lead_min, lead_max, second_min, second_max;
    size_t more;
} forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2}, {0xE1, 0xEC, 0x80, 0xBF, 2},
    {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2}, {0xF0, 0xF0, 0x90, 0xBF, 3},
    {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
};

static bool continues(const unsigned char *bytes, size_t more) {
    for (size_t i = 2; i <= more; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return false;
        }
    }
    return true;
}

size_t snug_utf8_length(const char *text, size_t n) {
    const unsigned char *bytes = (const unsigned char *)text;
    if (n == 0 || bytes[0] < 0x80) {
        return n == 0 ? 0 : 1;
    }
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if (bytes[0] < forms[f].lead_min || bytes[0] > forms[f].lead_max) {
            continue;
        }
        bool valid = n > forms[f].more && bytes[1] >= forms[f].second_min &&
                     bytes[1] <= forms[f].second_max && continues(bytes, forms[f].more);
        return valid ? forms[f].more + 1 : 0;
    }
    return 0;
}

bool snug_utf8_valid(const char *string) {
    size_t n = strlen(string);
    for (size_t at = 0, length; at < n; at += length) {
        length = snug_utf8_length(string + at, n - at);
        if (length == 0) {
            return false;
        }
    }
    return true;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* The number of a character of `length` bytes. */
static uint32_t code_point(const char *text, size_t length) {
    const unsigned char *bytes = (const unsigned char *)text;
    uint32_t code = length == 1 ? bytes[0] : bytes[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        code = code << 6 | (bytes[i] & 0x3FU);
    }
    return code;
}

/*
 * Control characters, marks and overrides of the writing direction, line and paragraph separators.
 */
static bool is_unsafe(uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/* Writes each of n bytes as \x1B; returns how many bytes that are. */
static size_t escape(const char *bytes, size_t n, char *out) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < n; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        const char code[] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        memcpy(out + i * sizeof code, code, sizeof code);
    }
    return 4 * n;
}

void snug_utf8_printable(const char *string, char *out, size_t size) {
    enum { LONGEST = 16 }; /* four bytes, each as four */
    size_t n = strlen(string), used = 0;
    for (size_t at = 0, length; at < n; at += length) {
        char piece[LONGEST];
        size_t valid = snug_utf8_length(string + at, n - at), written;
        length = valid > 0 ? valid : 1;
        if (valid == 0 || is_unsafe(code_point(string + at, valid))) {
            written = escape(string + at, length, piece);
        } else {
            memcpy(piece, string + at, written = length);
        }
        if (used + written >= size) {
            break;
        }
        memcpy(out + used, piece, written);
        used += written;
    }
    out[used] = 0;
}
