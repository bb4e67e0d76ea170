#include <math.h>
#include <stdio.h>

#include "lab/chart.h"

/* Sizes in pixels: a plot, the margins around it, and a line of the legend below all plots. */
enum { WIDTH = 340, HEIGHT = 260, LEFT = 56, RIGHT = 16, TOP = 40, BELOW = 48, LINE = 22 };
enum { PANEL = LEFT + WIDTH + RIGHT, ENTRY = 170, MOST_NAMES = 64, MOST_TICKS = 16 };

/* Okabe and Ito's palette, which colour-blind readers tell apart, black first, then grey. */
static const char *const colours[CHART_COLOURS] = {"#0072b2", "#d55e00", "#009e73",
                                                   "#cc79a7", "#e69f00", "#56b4e9",
                                                   "#000000", "#888888", "#a6761d"};

/* An axis: from `low` to `high`, as they are or as powers of ten, over `length` pixels. */
typedef struct axis {
    double low, high, length;
    bool logarithmic;
} axis;

static double scaled(const axis *a, double value) {
    return a->logarithmic ? log10(value) : value;
}

/* Returns the distance of a value from the low end in pixels. */
static double position(const axis *a, double value) {
    double low = scaled(a, a->low);
    return a->length * (scaled(a, value) - low) / (scaled(a, a->high) - low);
}

/* Returns the least of 1, 2 and 5 times a power of ten that makes at most six steps of a span. */
static double step_of(double span) {
    double power = pow(10.0, floor(log10(span / 6.0)));
    double ratio = span / 6.0 / power;
    return power * (ratio <= 1.0 ? 1.0 : ratio <= 2.0 ? 2.0 : ratio <= 5.0 ? 5.0 : 10.0);
}

/*
 * Sets ticks[] to the values of the ticks and returns their number. On a logarithmic axis they are
 * powers of ten, or of two where it spans less than two powers of ten.
 */
static size_t find_ticks(const axis *a, double ticks[MOST_TICKS]) {
    double low = a->low, high = a->high, base = 0.0, step = 1.0;
    if (a->logarithmic) {
        base = high / low < 1000.0 ? 2.0 : 10.0;
        low = log(low) / log(base);
        high = log(high) / log(base);
        step = fmax(1.0, ceil((high - low) / 10.0));
    } else {
        step = step_of(high - low);
    }
    double first = ceil(low / step - 1e-9);
    int count = (int)(floor(high / step + 1e-9) - first) + 1;
    count = count < MOST_TICKS ? count : MOST_TICKS;
    for (int i = 0; i < count; i++) {
        double tick = (first + i) * step;
        ticks[i] = a->logarithmic ? pow(base, tick) : tick;
    }
    return count > 0 ? (size_t)count : 0;
}

static axis across(const chart_panel *p) {
    axis a = {.low = HUGE_VAL, .high = -HUGE_VAL, .length = WIDTH, .logarithmic = p->log_x};
    for (size_t s = 0; s < p->count; s++) {
        for (size_t i = 0; i < p->series[s].count; i++) {
            a.low = fmin(a.low, p->series[s].x[i]);
            a.high = fmax(a.high, p->series[s].x[i]);
        }
    }
    if (!(a.low < a.high)) { /* one point, or none */
        a.low = isfinite(a.low) ? a.low : 1.0;
        a.high = 2.0 * a.low;
    }
    return a;
}

static axis upwards(const chart_panel *p) {
    return (axis){.low = p->low, .high = p->high, .length = HEIGHT, .logarithmic = p->log_y};
}

static void draw_frame(FILE *svg, const chart_panel *p, const axis *x, const axis *y) {
    double ticks[MOST_TICKS];
    fprintf(svg, "<g stroke=\"#e4e4e4\">\n");
    size_t count = find_ticks(x, ticks);
    for (size_t i = 0; i < count; i++) {
        fprintf(svg, "<path d=\"M%.1f 0V%d\"/>\n", position(x, ticks[i]), (int)HEIGHT);
    }
    count = find_ticks(y, ticks);
    for (size_t i = 0; i < count; i++) {
        fprintf(svg, "<path d=\"M0 %.1fH%d\"/>\n", HEIGHT - position(y, ticks[i]), (int)WIDTH);
    }
    fprintf(svg, "</g>\n<g font-size=\"12\" fill=\"#444444\">\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(svg, "<text x=\"-7\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>\n",
                HEIGHT - position(y, ticks[i]) + 4.0, ticks[i]);
    }
    count = find_ticks(x, ticks);
    for (size_t i = 0; i < count; i++) {
        fprintf(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.3g</text>\n",
                position(x, ticks[i]), HEIGHT + 18, ticks[i]);
    }
    fprintf(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n</g>\n", WIDTH / 2,
            HEIGHT + 36, p->x_label);
    fprintf(svg, "<rect width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#444444\"/>\n",
            (int)WIDTH, (int)HEIGHT);
    fprintf(svg,
            "<text x=\"%d\" y=\"-14\" text-anchor=\"middle\" font-size=\"15\" "
            "font-weight=\"bold\">%s</text>\n",
            WIDTH / 2, p->title);
}

/*
 * Returns how far up a value is drawn. One far outside is drawn a little outside: viewers disagree
 * on coordinates of a billion pixels, and 0 on a logarithmic axis is as far below as can be.
 */
static double height_of(const axis *y, double value) {
    double up = y->logarithmic && value <= 0.0 ? -HEIGHT : position(y, value);
    return isfinite(up) ? fmax(-HEIGHT, fmin(2.0 * HEIGHT, up)) : (double)NAN;
}

static void draw_dots(FILE *svg, const chart_series *s, const axis *x, const axis *y) {
    fprintf(svg, "<g stroke=\"none\" fill=\"%s\">\n", colours[s->colour % CHART_COLOURS]);
    for (size_t i = 0; i < s->count; i++) {
        double up = height_of(y, s->y[i]);
        if (!isnan(up)) {
            fprintf(svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", position(x, s->x[i]),
                    HEIGHT - up);
        }
    }
    fprintf(svg, "</g>\n");
}

static void draw_curve(FILE *svg, const chart_series *s, const axis *x, const axis *y) {
    bool pen_down = false;
    fprintf(svg, "<path stroke=\"%s\"%s d=\"", colours[s->colour % CHART_COLOURS],
            s->dashed ? " stroke-dasharray=\"6 4\"" : "");
    for (size_t i = 0; i < s->count; i++) {
        double up = height_of(y, s->y[i]);
        if (!isnan(up)) {
            fprintf(svg, "%c%.1f %.1f", pen_down ? 'L' : 'M', position(x, s->x[i]), HEIGHT - up);
        }
        pen_down = !isnan(up);
    }
    fprintf(svg, "\"/>\n");
    if (s->marked) {
        draw_dots(svg, s, x, y);
    }
}

static void draw_panel(FILE *svg, const chart_panel *p, size_t number) {
    const axis x = across(p), y = upwards(p);
    fprintf(svg, "<g transform=\"translate(%zu %d)\">\n", number * PANEL + LEFT, (int)TOP);
    draw_frame(svg, p, &x, &y);
    fprintf(svg, "<g clip-path=\"url(#plot)\" fill=\"none\" stroke-width=\"2\" "
                 "stroke-linejoin=\"round\">\n");
    for (size_t i = 0; i < p->count; i++) {
        draw_curve(svg, &p->series[i], &x, &y);
    }
    fprintf(svg, "</g>\n</g>\n");
}

/* Sets named[] to the curves of all panels that the legend names, each colour and dash once. */
static size_t legend_of(const chart_panel *panels, size_t count,
                        const chart_series *named[MOST_NAMES]) {
    size_t found = 0;
    for (size_t p = 0; p < count; p++) {
        for (size_t i = 0; i < panels[p].count && found < MOST_NAMES; i++) {
            const chart_series *s = &panels[p].series[i];
            bool known = s->name == NULL;
            for (size_t k = 0; k < found; k++) {
                known = known || (named[k]->colour == s->colour && named[k]->dashed == s->dashed);
            }
            if (!known) {
                named[found++] = s;
            }
        }
    }
    return found;
}

static void draw_legend(FILE *svg, const chart_series *const *named, size_t count, size_t columns) {
    fprintf(svg, "<g font-size=\"13\" stroke-width=\"2\">\n");
    for (size_t i = 0; i < count; i++) {
        size_t x = LEFT + i % columns * ENTRY, y = TOP + HEIGHT + BELOW + i / columns * LINE;
        fprintf(svg, "<path stroke=\"%s\"%s d=\"M%zu %zuh26\"/>\n",
                colours[named[i]->colour % CHART_COLOURS],
                named[i]->dashed ? " stroke-dasharray=\"6 4\"" : "", x, y + 8);
        fprintf(svg, "<text x=\"%zu\" y=\"%zu\">%s</text>\n", x + 32, y + 12, named[i]->name);
    }
    fprintf(svg, "</g>\n");
}

bool chart_write(const char *path, const char *title, const chart_panel *panels, size_t count) {
    const chart_series *named[MOST_NAMES];
    size_t names = legend_of(panels, count, named), width = count * PANEL;
    size_t columns = (width - LEFT) / ENTRY;
    size_t height = TOP + HEIGHT + BELOW + (names + columns - 1) / columns * LINE + 8;
    FILE *svg = fopen(path, "w");
    if (svg == NULL) {
        perror(path);
        return false;
    }
    fprintf(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
        "viewBox=\"0 0 %zu %zu\" role=\"img\" fill=\"#222222\" "
        "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n"
        "<title>%s</title>\n<rect width=\"%zu\" height=\"%zu\" fill=\"#ffffff\"/>\n"
        "<clipPath id=\"plot\"><rect x=\"-3\" y=\"-3\" width=\"%d\" height=\"%d\"/></clipPath>\n",
        width, height, width, height, title, width, height, WIDTH + 6, HEIGHT + 6);
    for (size_t i = 0; i < count; i++) {
        draw_panel(svg, &panels[i], i);
    }
    draw_legend(svg, named, names, columns);
    fprintf(svg, "</svg>\n");
    bool failed = ferror(svg) != 0;
    if (fclose(svg) != 0 || failed) {
        fprintf(stderr, "%s: cannot be written\n", path);
        return false;
    }
    return true;
}
