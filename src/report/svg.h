/* A growing string, into which pictures are written. */
#ifndef SNUG_REPORT_SVG_H
#define SNUG_REPORT_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

/* Starts as {0}. After a failure everything added is dropped, so that a chain needs one check. */
typedef struct snug_svg {
    char *text;
    size_t size, capacity;
    bool failed;
} snug_svg;

/*
 * Appends a string formatted as by printf(); numbers follow the thread's locale, which must be "C".
 */
void snug_svg_add(snug_svg *svg, const char *format, ...) SNUG_PRINTF(2, 3);

/* Appends a string with &, <, > and quotes escaped for XML, and control characters as '?'. */
void snug_svg_escape(snug_svg *svg, const char *text);

/*
 * Returns the whole string, to be released with snug_release(); NULL and an error message after a
 * failure.
 */
char *snug_svg_finish(snug_svg *svg);

#endif
