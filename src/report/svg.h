/* Text that grows: what pictures and reports are written into. */
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

/* Appends what printf's format gives; numbers follow the thread's locale, which is to be "C". */
void snug_svg_add(snug_svg *svg, const char *format, ...) SNUG_PRINTF(2, 3);

/* Appends text with &, <, > and quotes written as XML has them, and control characters as '?'. */
void snug_svg_escape(snug_svg *svg, const char *text);

/* The whole text, release with snug_release(); NULL with the sentence set after a failure. */
char *snug_svg_finish(snug_svg *svg);

#endif
