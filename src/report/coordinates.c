/* The coordinate check as an SVG picture: a panel a step, the sizes of layers against the width. */
#include <math.h>
#include <stdio.h>

#include <snug/plot.h>

#include "core/memory.h"
#include "core/status.h"
#include "report/lines.h"

/* The most steps that are drawn, spread over all. */
enum { MOST_PANELS = 6 };

/* Lines with their points, for every panel and layer. */
typedef struct drawing {
    size_t panels, layers, widths;
    double *x, *y; /* widths; panels x layers x widths */
    snug_line *lines;
    char (*names)[96]; /* of layers */
    char titles[MOST_PANELS][64];
} drawing;

static snug_status allocate(drawing *d) {
    size_t lines = 0, points = 0;
    if (!snug_multiply(d->panels, d->layers, &lines) || !snug_multiply(lines, d->widths, &points)) {
        snug_fail_memory(SIZE_MAX);
        return SNUG_ERROR_MEMORY;
    }
    d->x = snug_alloc(d->widths, sizeof *d->x);
    d->y = snug_alloc(points, sizeof *d->y);
    d->lines = snug_alloc(lines, sizeof *d->lines);
    d->names = snug_alloc(d->layers, sizeof *d->names);
    return d->x != NULL && d->y != NULL && d->lines != NULL && d->names != NULL ? SNUG_OK
                                                                                : SNUG_ERROR_MEMORY;
}

/* Returns the step that panel number `panel` shows: the first is 0, and the last the last. */
static size_t step_of(const drawing *d, size_t panel, size_t steps) {
    return d->panels > 1 ? panel * steps / (d->panels - 1) : 0;
}

static void fill(drawing *d, const snug_coordinates *widths) {
    for (size_t k = 0; k < d->widths; k++) {
        d->x[k] = (double)widths[k].width;
    }
    for (size_t i = 0; i < d->layers; i++) {
        snprintf(d->names[i], sizeof d->names[i], "%zu %s", i, widths[0].layers[i].type);
    }
    for (size_t panel = 0; panel < d->panels; panel++) {
        size_t step = step_of(d, panel, widths[0].steps);
        snprintf(d->titles[panel], sizeof d->titles[panel], "after %zu steps", step);
        for (size_t i = 0; i < d->layers; i++) {
            double *y = d->y + (panel * d->layers + i) * d->widths;
            for (size_t k = 0; k < d->widths; k++) {
                y[k] = widths[k].sizes[step * d->layers + i];
            }
            d->lines[panel * d->layers + i] = (snug_line){.name = d->names[i],
                                                          .x = d->x,
                                                          .y = y,
                                                          .count = d->widths,
                                                          .colour = snug_line_colour(i)};
        }
    }
}

/* Returns the least and the largest number above 0 of all panels, or 0 for both. */
static void find_range(const drawing *d, double *least, double *most) {
    *least = *most = 0;
    for (size_t k = 0; k < d->panels * d->layers * d->widths; k++) {
        if (isfinite(d->y[k]) && d->y[k] > 0) {
            *least = *most > 0 ? fmin(*least, d->y[k]) : d->y[k];
            *most = fmax(*most, d->y[k]);
        }
    }
}

/* All panels have one scale, so that steps can be compared. */
static char *draw(const drawing *d) {
    snug_line_panel panels[MOST_PANELS];
    double least, most;
    find_range(d, &least, &most);
    for (size_t i = 0; i < d->panels; i++) {
        panels[i] = (snug_line_panel){.title = d->titles[i],
                                      .x_title = "width",
                                      .log_x = true,
                                      .log_y = true,
                                      .lines = d->lines + i * d->layers,
                                      .count = d->layers,
                                      .least = least,
                                      .most = most};
    }
    return snug_draw_lines("Mean absolute outputs of each layer against the width", panels,
                           d->panels);
}

char *snug_plot_coordinates(const snug_coordinates *widths, size_t count) {
    drawing d = {.widths = count};
    char *text = NULL;
    for (size_t k = 0; k < count; k++) {
        if (widths == NULL || widths[k].layer_count != widths[0].layer_count ||
            widths[k].steps != widths[0].steps) {
            count = 0;
        }
    }
    if (count == 0 || widths[0].layer_count == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT,
                  "a plot needs coordinate checks of one model, each of as many steps");
        return NULL;
    }
    d.layers = widths[0].layer_count;
    d.panels = widths[0].steps + 1 < MOST_PANELS ? widths[0].steps + 1 : MOST_PANELS;
    if (allocate(&d) == SNUG_OK) {
        fill(&d, widths);
        text = draw(&d);
    }
    snug_release(d.x);
    snug_release(d.y);
    snug_release(d.lines);
    snug_release(d.names);
    return text;
}
