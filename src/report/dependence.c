/* Partial dependence as an SVG picture: a panel a column, up to three side by side. */
#include <math.h>
#include <string.h>

#include <snug/plot.h>

#include "core/locale.h"
#include "core/status.h"
#include "core/utf8.h"
#include "report/svg.h"

/* Sizes in pixels of a panel's plot and the margins around it, and panels in a row. */
enum { WIDTH = 300, HEIGHT = 200, LEFT = 66, RIGHT = 24, TOP = 42, BELOW = 44, ACROSS = 3 };
enum { PANEL = LEFT + WIDTH + RIGHT, ROW = TOP + HEIGHT + BELOW, LINE = 20 };

/* The most curves with names; more are drawn in gray. Colours of Okabe and Ito's palette. */
static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#000000"};
enum { COLOURS = sizeof colours / sizeof *colours };

/* Ticks along each axis, and the characters of the longest name of a category. */
enum { TICKS = 5, LETTERS = 12 };

/* The numbers on an axis. */
typedef struct range {
    double low, high;
} range;

static range range_of(const double *values, size_t count) {
    range r = {values[0], values[0]};
    for (size_t i = 1; i < count; i++) {
        r.low = fmin(r.low, values[i]);
        r.high = fmax(r.high, values[i]);
    }
    if (!(r.high > r.low)) { /* one number: in the middle */
        double half = r.low != 0.0 ? fabs(r.low) / 2.0 : 1.0;
        r = (range){r.low - half, r.low + half};
    }
    return r;
}

static double share(double value, range r) {
    return (value - r.low) / (r.high - r.low);
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* Returns where a point is across: a number in its range, a category in the middle of its part. */
static double across(const snug_dependence *d, range x, size_t point) {
    return d->values != NULL ? WIDTH * share(d->values[point], x)
                             : WIDTH * ((double)point + 0.5) / (double)d->points;
}

static double down(double value, range y) {
    return HEIGHT * (1.0 - share(value, y));
}

static void draw_ticks(snug_svg *svg, const snug_dependence *d, range x, range y) {
    snug_svg_add(svg, "<g font-size=\"11\" fill=\"#444444\">\n");
    for (int k = 0; k < TICKS; k++) {
        double part = (double)k / (TICKS - 1);
        snug_svg_add(svg, "<path stroke=\"#e4e4e4\" d=\"M0 %.2fH%d\"/>\n", HEIGHT * (1 - part),
                     (int)WIDTH);
        snug_svg_add(svg, "<text x=\"-8\" y=\"%.2f\" text-anchor=\"end\">%.4g</text>\n",
                     HEIGHT * (1 - part) + 4, y.low + part * (y.high - y.low));
        if (d->values != NULL) {
            snug_svg_add(svg, "<text x=\"%.2f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>\n",
                         WIDTH * part, HEIGHT + 17, x.low + part * (x.high - x.low));
        }
    }
    snug_svg_add(svg, "<path fill=\"none\" stroke=\"#444444\" d=\"M0 0V%dH%d\"/>\n</g>\n",
                 (int)HEIGHT, (int)WIDTH);
}

/* Writes the first characters of a name, which is UTF-8. */
static void add_start(snug_svg *svg, const char *name) {
    char start[4 * LETTERS + 1] = {0}; /* a character has at most 4 bytes */
    size_t end = 0;
    for (size_t i = 0; i < LETTERS && name[end] != '\0'; i++) {
        size_t length = snug_utf8_length(name + end, strlen(name + end));
        end += length > 0 ? length : 1;
    }
    memcpy(start, name, end);
    snug_svg_escape(svg, start);
}

/* Writes names of categories, of many only some. */
static void draw_categories(snug_svg *svg, const snug_dependence *d) {
    size_t step = 1 + (d->points - 1) / TICKS;
    snug_svg_add(svg, "<g font-size=\"11\" fill=\"#444444\">\n");
    for (size_t k = 0; d->categories != NULL && k < d->points; k += step) {
        snug_svg_add(svg, "<text x=\"%.2f\" y=\"%d\" text-anchor=\"middle\">",
                     across(d, (range){0, 1}, k), HEIGHT + 17);
        add_start(svg, d->categories[k]);
        snug_svg_add(svg, "</text>\n");
    }
    snug_svg_add(svg, "</g>\n");
}

/* Draws one output: a line through numbers, points alone for categories. */
static void draw_output(snug_svg *svg, const snug_dependence *d, range x, range y, size_t output) {
    const char *colour = output < COLOURS ? colours[output] : "#999999";
    if (d->values != NULL) {
        snug_svg_add(svg, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"", colour);
        for (size_t k = 0; k < d->points; k++) {
            snug_svg_add(svg, "%c%.2f %.2f", k == 0 ? 'M' : 'L', across(d, x, k),
                         down(d->predictions[k * d->outputs + output], y));
        }
        snug_svg_add(svg, "\"/>\n");
    }
    for (size_t k = 0; k < d->points; k++) {
        snug_svg_add(svg, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%d\" fill=\"%s\"/>\n",
                     across(d, x, k), down(d->predictions[k * d->outputs + output], y),
                     d->values != NULL ? 2 : 4, colour);
    }
}

static void draw_panel(snug_svg *svg, const snug_dependence *d, size_t number) {
    range y = range_of(d->predictions, d->points * d->outputs);
    range x = d->values != NULL ? range_of(d->values, d->points) : (range){0, 1};
    snug_svg_add(svg, "<g transform=\"translate(%zu %zu)\">\n", number % ACROSS * PANEL + LEFT,
                 number / ACROSS * ROW + TOP);
    snug_svg_add(svg,
                 "<text x=\"%d\" y=\"-14\" text-anchor=\"middle\" font-size=\"15\" "
                 "font-weight=\"bold\">",
                 WIDTH / 2);
    snug_svg_escape(svg, d->column);
    snug_svg_add(svg, "</text>\n");
    draw_ticks(svg, d, x, y);
    draw_categories(svg, d);
    for (size_t j = 0; j < d->outputs; j++) {
        draw_output(svg, d, x, y, j);
    }
    snug_svg_add(svg, "</g>\n");
}

/* Writes the name of each output in its colour, below the panels. */
static void draw_legend(snug_svg *svg, const snug_dependence *d, size_t top) {
    snug_svg_add(svg, "<g font-size=\"13\">\n");
    for (size_t j = 0; j < d->outputs && j < COLOURS; j++) {
        snug_svg_add(svg, "<text x=\"%d\" y=\"%zu\" fill=\"%s\">", (int)LEFT,
                     top + (j + 1) * LINE - 4, colours[j]);
        snug_svg_escape(svg, d->names[j]);
        snug_svg_add(svg, "</text>\n");
    }
    snug_svg_add(svg, "</g>\n");
}

char *snug_plot_dependence(const snug_dependence *columns, size_t count) {
    if (columns == NULL || count == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a plot needs at least one column");
        return NULL;
    }
    locale_t before = snug_locale_enter();
    snug_svg svg = {0};
    size_t lines = columns[0].outputs < COLOURS ? columns[0].outputs : COLOURS;
    size_t panels = (count + ACROSS - 1) / ACROSS * ROW;
    size_t width = (count < ACROSS ? count : ACROSS) * PANEL, height = panels + lines * LINE + 8;
    snug_svg_add(&svg,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
                 "viewBox=\"0 0 %zu %zu\" role=\"img\" fill=\"#222222\" "
                 "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n"
                 "<title>Mean prediction by the value of a column</title>\n"
                 "<rect width=\"%zu\" height=\"%zu\" fill=\"#ffffff\"/>\n",
                 width, height, width, height, width, height);
    for (size_t i = 0; i < count; i++) {
        draw_panel(&svg, &columns[i], i);
    }
    draw_legend(&svg, &columns[0], panels);
    snug_svg_add(&svg, "</svg>\n");
    snug_locale_leave(before);
    return snug_svg_finish(&svg);
}
