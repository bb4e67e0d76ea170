/* Panels of lines through points, side by side, with linear or logarithmic axes, as SVG. */
#ifndef SNUG_REPORT_LINES_H
#define SNUG_REPORT_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A line through points; those that are not finite, or not above 0 on a logarithmic axis, break it.
 */
typedef struct snug_line {
    const char *name; /* in the legend; NULL: none */
    const double *x, *y;
    size_t count;
    const char *colour; /* "#0072b2" */
    bool dashed;        /* and with a mark on those points alone that no line leads to */
} snug_line;

typedef struct snug_line_panel {
    const char *title, *x_title;
    bool log_x, log_y;
    const snug_line *lines;
    size_t count;
    double least, most; /* the y axis shows these, too, unless both are 0 */
    bool referred;      /* a thin line is drawn at y = reference, where the axis shows it */
    double reference;
} snug_line_panel;

/* Colours of Okabe and Ito's palette, which colour-blind readers tell apart; index from 0. */
const char *snug_line_colour(size_t index);

/*
 * Returns a picture of panels, whose legend is that of the lines of the first, to be freed with
 * snug_release(); `title` is for readers that cannot see it. NULL without memory.
 */
char *snug_draw_lines(const char *title, const snug_line_panel *panels, size_t count);

#endif
