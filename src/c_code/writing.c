#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "c_code/writing.h"
#include "core/utf8.h"

enum { NUMBERS_PER_LINE = 6, COMMENT_SIZE = 80 };

const char *snug_c_number(char text[SNUG_C_NUMBER_SIZE], float value) {
    if (isnan(value) || isinf(value)) {
        /* C99 has no literal for them; compilers compute these while they compile. */
        const char *quotient = isnan(value) ? "(0.0f / 0.0f)" : "(1.0f / 0.0f)";
        snprintf(text, SNUG_C_NUMBER_SIZE, "%s%s", value < 0 ? "-" : "", quotient);
        return text;
    }
    const int length = snprintf(text, SNUG_C_NUMBER_SIZE, "%.9g", (double)value);
    /* "1f" is no number of C. */
    snprintf(text + length, SNUG_C_NUMBER_SIZE - (size_t)length, "%s",
             strpbrk(text, ".e") == NULL ? ".0f" : "f");
    return text;
}

void snug_c_write_float(FILE *file, size_t i, float value) {
    char number[SNUG_C_NUMBER_SIZE];
    fputs(i == 0 ? "" : i % NUMBERS_PER_LINE == 0 ? ",\n    " : ", ", file);
    fputs(snug_c_number(number, value), file);
}

void snug_c_write_floats(FILE *file, size_t count, const float *values) {
    fputc('{', file);
    for (size_t i = 0; i < count; i++) {
        snug_c_write_float(file, i, values[i]);
    }
    fputc('}', file);
}

void snug_c_write_string(FILE *file, const char *string) {
    char before = '\0';
    fputc('"', file);
    for (; *string != '\0'; before = *string, string++) {
        const unsigned char c = (unsigned char)*string;
        if (c < ' ' || c > '~') {
            fprintf(file, "\\%03o", c); /* of three digits, so that digits may follow */
        } else if (c == '"' || c == '\\' || (c == '?' && before == '?')) {
            fprintf(file, "\\%c", c);
        } else {
            fputc(c, file);
        }
    }
    fputc('"', file);
}

/* Whether two characters side by side begin or end a comment, or begin a trigraph. */
static bool is_special(char first, char second) {
    return (first == '*' && second == '/') || (first == '/' && second == '*') ||
           (first == '?' && second == '?');
}

void snug_c_write_comment(FILE *file, const char *name) {
    char printable[COMMENT_SIZE], before = '\0';
    snug_utf8_printable(name, printable, sizeof printable);
    for (const char *c = printable; *c != '\0'; before = *c, c++) {
        if (is_special(before, *c)) {
            fputc(' ', file);
        }
        fputc(*c, file);
    }
}

static bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void snug_c_word(char word[SNUG_C_WORD_SIZE], const char *string) {
    /* Numbers that make names different are appended later. */
    const size_t longest = SNUG_C_WORD_SIZE - 24;
    size_t length = 0;
    for (; *string != '\0' && length < longest; string++) {
        if (is_word_character(*string)) {
            word[length++] = *string;
        } else if (length > 0 && word[length - 1] != '_') {
            word[length++] = '_';
        }
    }
    while (length > 0 && word[length - 1] == '_') {
        length--;
    }
    word[length] = '\0';
}

void snug_c_capitalize(char *string) {
    for (; *string != '\0'; string++) {
        if (*string >= 'a' && *string <= 'z') {
            *string = (char)(*string - 'a' + 'A');
        }
    }
}
