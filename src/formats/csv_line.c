#include <string.h>

#include "formats/csv_line.h"

static bool is_space(char c) {
    return c == ' ' || c == '\t';
}

static bool is_blank(const char *bytes, size_t n) {
    while (n > 0 && is_space(bytes[n - 1])) {
        n--;
    }
    return n == 0;
}

size_t snug_csv_line_length(const char *bytes, size_t n) {
    const char *newline = memchr(bytes, '\n', n);
    if (newline == NULL) {
        return 0;
    }
    size_t length = (size_t)(newline - bytes);
    size_t text = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    if (is_blank(bytes, text) || memchr(bytes, '"', text) != NULL ||
        memchr(bytes, '\r', text) != NULL || memchr(bytes, 0, text) != NULL) {
        return 0;
    }
    return length + 1;
}

char *snug_csv_line_field(char **at, const char *end, char delimiter) {
    char *start = *at, *stop = start;
    while (stop < end && *stop != delimiter) {
        stop++;
    }
    *at = stop < end ? stop + 1 : NULL;
    while (start < stop && is_space(*start)) {
        start++;
    }
    while (start < stop && is_space(stop[-1])) {
        stop--;
    }
    *stop = 0;
    return start;
}
