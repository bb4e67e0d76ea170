#include <stdarg.h>
#include <stdio.h>

#include "core/memory.h"
#include "report/svg.h"

/* Grows the buffer by n more characters and the 0 after them. */
static bool reserve(snug_svg *svg, size_t n) {
    size_t needed = 0;
    if (!snug_add(svg->size, n, &needed) || !snug_add(needed, 1, &needed)) {
        return false;
    }
    if (needed <= svg->capacity) {
        return true;
    }
    size_t capacity = 0;
    if (!snug_multiply(needed, 2, &capacity)) {
        return false;
    }
    char *text = snug_resize(svg->text, capacity, 1);
    if (text == NULL) {
        return false;
    }
    svg->text = text;
    svg->capacity = capacity;
    return true;
}

void snug_svg_add(snug_svg *svg, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    svg->failed = svg->failed || length < 0 || !reserve(svg, (size_t)length);
    if (svg->failed) {
        return;
    }
    va_start(arguments, format);
    vsnprintf(svg->text + svg->size, svg->capacity - svg->size, format, arguments);
    va_end(arguments);
    svg->size += (size_t)length;
}

/* How XML writes a character that it cannot have as it is, or NULL. */
static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)c < ' ' || c == '\x7f' ? "?" : NULL;
    }
}

void snug_svg_escape(snug_svg *svg, const char *text) {
    for (; *text != '\0'; text++) {
        const char *written = entity(*text);
        if (written != NULL) {
            snug_svg_add(svg, "%s", written);
        } else {
            snug_svg_add(svg, "%c", *text);
        }
    }
}

char *snug_svg_finish(snug_svg *svg) {
    char *text = svg->text;
    if (svg->failed) {
        snug_release(text);
        text = NULL;
    }
    *svg = (snug_svg){0};
    return text;
}
