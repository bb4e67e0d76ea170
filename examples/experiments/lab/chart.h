/* Line charts as SVG, several panels side by side with one legend. */
#ifndef LAB_CHART_H
#define LAB_CHART_H

#include <stdbool.h>
#include <stddef.h>

/* One curve. Points that are not finite, or not above 0 on a logarithmic axis, are gaps. */
typedef struct chart_series {
    const char *name;    /* in the legend, which names each colour once; NULL: not there */
    const double *x, *y; /* count numbers each; borrowed */
    size_t count;
    int colour;  /* 0 to CHART_COLOURS - 1 */
    bool dashed; /* what theory predicts, beside what was measured */
    bool marked; /* with a dot at each point */
} chart_series;

enum { CHART_COLOURS = 9 };

/* One coordinate system. Curves outside of low to high are cut off. */
typedef struct chart_panel {
    const char *title, *x_label;
    double low, high; /* of the vertical axis */
    bool log_x, log_y;
    const chart_series *series;
    size_t count;
} chart_panel;

/* Writes the panels as one picture; returns whether that worked, and prints why it did not. */
bool chart_write(const char *path, const char *title, const chart_panel *panels, size_t count);

#endif
