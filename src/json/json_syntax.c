#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "core/utf8.h"
#include "json/json_syntax.h"

enum {
    DEEPEST = 200,      /* of objects and arrays in each other */
    LONGEST_NUMBER = 63 /* characters that cJSON can hold */
};

typedef struct scanner {
    const char *name, *text;
    size_t at, n;
    size_t first_line;  /* number of the first line of the text in its file */
    snug_status status; /* of a failure */
    size_t depth;
    size_t values, most; /* so far, and at most */
} scanner;

static bool scan_value(scanner *s);

/* ---- characters ------------------------------------------------------------------------------ */

/* The byte at the place, or -1 at the end. */
static int peek(const scanner *s) {
    return s->at < s->n ? (unsigned char)s->text[s->at] : -1;
}

static bool take(scanner *s, char c) {
    if (peek(s) != c) {
        return false;
    }
    s->at++;
    return true;
}

static bool is_digit(int c) {
    return c >= '0' && c <= '9';
}

static void skip_space(scanner *s) {
    while (s->at < s->n && memchr(" \t\n\r", s->text[s->at], 4) != NULL) {
        s->at++;
    }
}

/* Says what is wrong at the place; columns count characters from 1. */
static bool fail_here(const scanner *s, const char *what) {
    size_t line = s->first_line, column = 1;
    for (size_t i = 0; i < s->at; i++) {
        if (s->text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)s->text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    snug_fail(s->status, "%s:%zu:%zu: %s", s->name, line, column, what);
    return false;
}

/* "expected a value, found "x"" */
static bool fail_expected(const scanner *s, const char *expected) {
    char what[96], found[] = "\"?\"";
    int c = peek(s);
    bool plain = c > ' ' && c < 0x7F;
    found[1] = (char)c;
    snprintf(what, sizeof what, "expected %s, found %s", expected,
             c < 0   ? "the end"
             : plain ? found
                     : "another character");
    return fail_here(s, what);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static int hex_digit(int c) {
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

/* The four digits of a \u; -1 where they are none. */
static int scan_hex(scanner *s) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(peek(s));
        if (digit < 0) {
            return -1;
        }
        code = code * 16 + digit;
        s->at++;
    }
    return code;
}

/* What follows \u: one code unit, or a surrogate pair. */
static bool scan_unicode(scanner *s) {
    int code = scan_hex(s);
    if (code < 0) {
        return fail_here(s, "\\u needs four hexadecimal digits");
    }
    if (code == 0) {
        return fail_here(s, "a string cannot hold the character \\u0000");
    }
    if (code >= 0xDC00 && code <= 0xDFFF) {
        return fail_here(s, "\\u has the second half of a surrogate pair without the first");
    }
    if (code >= 0xD800 && code <= 0xDBFF) {
        int second = take(s, '\\') && take(s, 'u') ? scan_hex(s) : -1;
        if (second < 0xDC00 || second > 0xDFFF) {
            return fail_here(s, "\\u has the first half of a surrogate pair without the second");
        }
    }
    return true;
}

static bool scan_escape(scanner *s) {
    if (take(s, 'u')) {
        return scan_unicode(s);
    }
    int c = peek(s);
    if (c < 0 || c == 0 || strchr("\"\\/bfnrt", c) == NULL) {
        return fail_here(s, "unknown escape; a backslash is written as \\\\");
    }
    s->at++;
    return true;
}

static bool scan_utf8(scanner *s) {
    size_t length = snug_utf8_length(s->text + s->at, s->n - s->at);
    s->at += length;
    return length > 0 || fail_here(s, "the string is not UTF-8");
}

static bool scan_text(scanner *s) {
    s->at++; /* the opening quote */
    for (;;) {
        int c = peek(s);
        if (c < 0) {
            return fail_here(s, "a string is not closed by a double quote");
        }
        if (c < ' ') {
            return fail_here(s,
                             "a string cannot hold a line break or a control character as it is");
        }
        if (c >= 0x80) {
            if (!scan_utf8(s)) {
                return false;
            }
            continue;
        }
        s->at++;
        if (c == '"') {
            return true;
        }
        if (c == '\\' && !scan_escape(s)) {
            return false;
        }
    }
}

/* ---- numbers and words ----------------------------------------------------------------------- */

static bool scan_digits(scanner *s) {
    if (!is_digit(peek(s))) {
        return fail_expected(s, "a digit");
    }
    while (is_digit(peek(s))) {
        s->at++;
    }
    return true;
}

static bool scan_number(scanner *s) {
    size_t start = s->at;
    take(s, '-');
    if (take(s, '0')) {
        if (is_digit(peek(s))) {
            return fail_here(s, "a number cannot begin with a zero and another digit");
        }
    } else if (!scan_digits(s)) {
        return false;
    }
    if (take(s, '.') && !scan_digits(s)) {
        return false;
    }
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+')) {
            take(s, '-');
        }
        if (!scan_digits(s)) {
            return false;
        }
    }
    if (s->at - start > LONGEST_NUMBER) {
        return fail_here(s, "a number has more than 63 characters");
    }
    return true;
}

static bool scan_word(scanner *s) {
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if (s->n - s->at >= length && memcmp(s->text + s->at, words[i], length) == 0) {
            s->at += length;
            return true;
        }
    }
    return fail_expected(s, "a value");
}

/* ---- objects and arrays ---------------------------------------------------------------------- */

static bool scan_member(scanner *s) {
    skip_space(s);
    if (peek(s) != '"') {
        return fail_expected(s, "a key in double quotes");
    }
    if (!scan_text(s)) {
        return false;
    }
    skip_space(s);
    if (!take(s, ':')) {
        return fail_expected(s, "\":\"");
    }
    return scan_value(s);
}

/* The part between { and }, or [ and ]. */
static bool scan_items(scanner *s, char close, bool (*scan_item)(scanner *s),
                       const char *expected) {
    if (s->depth == DEEPEST) {
        return fail_here(s, "more than 200 objects and arrays are nested");
    }
    s->depth++;
    s->at++;
    skip_space(s);
    if (!take(s, close)) {
        do {
            if (!scan_item(s)) {
                return false;
            }
            skip_space(s);
        } while (take(s, ','));
        if (!take(s, close)) {
            return fail_expected(s, expected);
        }
    }
    s->depth--;
    return true;
}

static bool count_value(scanner *s) {
    char what[64];
    if (s->values++ < s->most) {
        return true;
    }
    snprintf(what, sizeof what, "there are more than %zu values", s->most);
    return fail_here(s, what);
}

static bool scan_value(scanner *s) {
    skip_space(s);
    if (!count_value(s)) {
        return false;
    }
    int c = peek(s);
    if (c == '{') {
        return scan_items(s, '}', scan_member, "\",\" or \"}\"");
    }
    if (c == '[') {
        return scan_items(s, ']', scan_value, "\",\" or \"]\"");
    }
    if (c == '"') {
        return scan_text(s);
    }
    if (c == '-' || is_digit(c)) {
        return scan_number(s);
    }
    return scan_word(s);
}

static snug_status check(scanner s) {
    const char *text = s.text;
    size_t n = s.n;
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        s.at = 3; /* the mark that some editors put in front of UTF-8 */
    }
    if (!scan_value(&s)) {
        return s.status;
    }
    skip_space(&s);
    if (s.at < n) {
        fail_expected(&s, "nothing after the value");
        return s.status;
    }
    return SNUG_OK;
}

snug_status snug_json_check_syntax(const char *name, const char *text, size_t n, size_t most) {
    return check((scanner){.name = name,
                           .text = text,
                           .n = n,
                           .first_line = 1,
                           .status = SNUG_ERROR_CONFIG,
                           .most = most});
}

snug_status snug_json_check_line(const char *path, size_t line, const char *text, size_t n) {
    return check((scanner){.name = path,
                           .text = text,
                           .n = n,
                           .first_line = line,
                           .status = SNUG_ERROR_DATA,
                           .most = n});
}
