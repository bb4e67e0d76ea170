#include <math.h>

#include "core/locale.h"
#include "report/lines.h"
#include "report/svg.h"

/* Sizes in pixels of a panel's plot and the margins around it, and of a line of the legend. */
enum { WIDTH = 380, HEIGHT = 250, LEFT = 70, RIGHT = 20, TOP = 42, BELOW = 48, LINE = 20 };
enum { PANEL = LEFT + WIDTH + RIGHT, ACROSS = 3 };

/* About how many ticks an axis has. */
enum { TICKS = 6 };

/* What an axis shows; of logarithmic ones, the decimal logarithms. */
typedef struct axis {
    bool logarithmic;
    double low, high;
} axis;

const char *snug_line_colour(size_t index) {
    static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                          "#e69f00", "#56b4e9", "#000000"};
    return colours[index % (sizeof colours / sizeof *colours)];
}

/* ---- scales ---------------------------------------------------------------------------------- */

/* Returns where a number is on the axis; not finite where it has no place. */
static double scaled(const axis *a, double value) {
    if (!a->logarithmic) {
        return value;
    }
    return value > 0 ? log10(value) : (double)NAN;
}

static void include(axis *a, double value) {
    double at = scaled(a, value);
    if (isfinite(at)) {
        a->low = fmin(a->low, at);
        a->high = fmax(a->high, at);
    }
}

/* Returns the axis of the x or y of all lines, with some space around them. */
static axis axis_of(const snug_line_panel *panel, bool vertical) {
    axis a = {vertical ? panel->log_y : panel->log_x, (double)INFINITY, (double)-INFINITY};
    for (size_t i = 0; i < panel->count; i++) {
        for (size_t k = 0; k < panel->lines[i].count; k++) {
            include(&a, vertical ? panel->lines[i].y[k] : panel->lines[i].x[k]);
        }
    }
    if (vertical && panel->most > panel->least) {
        include(&a, panel->least);
        include(&a, panel->most);
    }
    if (!(a.high >= a.low)) {
        a.low = a.high = 0;
    }
    /* Around one number so much that both ends differ from it, however large it is. */
    double half = a.high > a.low ? 0.04 * (a.high - a.low) : fmax(0.5, 0.04 * fabs(a.high));
    a.low -= half;
    a.high += half;
    return a;
}

/* Returns the least of 1, 2 and 5 times a power of ten that makes at most TICKS steps of a span. */
static double step_of(const axis *a) {
    double least = (a->high - a->low) / TICKS, power = pow(10, floor(log10(least)));
    double ratio = least / power;
    return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
}

static double across(const axis *x, double value) {
    return WIDTH * (scaled(x, value) - x->low) / (x->high - x->low);
}

static double down(const axis *y, double value) {
    return HEIGHT * (y->high - scaled(y, value)) / (y->high - y->low);
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* Draws a tick of either axis with its number, and a line of the grid. */
static void draw_tick(snug_svg *svg, const axis *a, double at, bool vertical) {
    double number = a->logarithmic ? pow(10, at) : at;
    if (vertical) {
        double y = down(&(axis){false, a->low, a->high}, at);
        snug_svg_add(svg, "<path stroke=\"#e4e4e4\" d=\"M0 %.2fH%d\"/>\n", y, (int)WIDTH);
        snug_svg_add(svg, "<text x=\"-8\" y=\"%.2f\" text-anchor=\"end\">%.4g</text>\n", y + 4,
                     number);
    } else {
        double x = across(&(axis){false, a->low, a->high}, at);
        snug_svg_add(svg, "<path stroke=\"#e4e4e4\" d=\"M%.2f 0V%d\"/>\n", x, (int)HEIGHT);
        snug_svg_add(svg, "<text x=\"%.2f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>\n", x,
                     HEIGHT + 17, number);
    }
}

/* Draws 1, 2 and 5 times powers of ten, or of many powers only some. */
static void draw_powers(snug_svg *svg, const axis *a, bool vertical) {
    static const double multiples[] = {1, 2, 5};
    double span = a->high - a->low;
    int stride = (int)ceil(span / TICKS);
    for (int k = (int)floor(a->low); k <= a->high; k++) {
        for (size_t i = 0; i < (span > 2 ? 1 : 3); i++) {
            double at = k + log10(multiples[i]);
            if (at >= a->low && at <= a->high && k % stride == 0) {
                draw_tick(svg, a, at, vertical);
            }
        }
    }
}

/* Draws round numbers at equal distances; on a logarithmic axis their logarithms are not. */
static void draw_ticks(snug_svg *svg, const axis *a, bool vertical) {
    if (a->logarithmic && a->high - a->low > 1) {
        draw_powers(svg, a, vertical);
        return;
    }
    axis numbers = *a;
    if (a->logarithmic) {
        numbers = (axis){false, pow(10, a->low), pow(10, a->high)};
    }
    double step = step_of(&numbers);
    double first = ceil(numbers.low / step);
    int ticks = (int)floor(numbers.high / step - first) + 1;
    for (int k = 0; k < ticks; k++) {
        double number = (first + k) * step;
        /* 0 and not -0 */
        draw_tick(svg, a, a->logarithmic ? log10(number) : number == 0 ? 0 : number, vertical);
    }
}

/* Draws the numbers of an axis that has few: each of the points' own. */
static void draw_points_as_ticks(snug_svg *svg, const axis *x, const snug_line *line) {
    for (size_t k = 0; k < line->count; k++) {
        if (isfinite(scaled(x, line->x[k]))) {
            draw_tick(svg, x, scaled(x, line->x[k]), false);
        }
    }
}

/* Returns whether point k of a line is drawn; no line leads to those that are not. */
static bool is_drawn(const snug_line *line, size_t k, const axis *x, const axis *y) {
    return k < line->count && isfinite(across(x, line->x[k])) && isfinite(down(y, line->y[k]));
}

/* Draws a dot on each point or, of a dashed line, a ring on those without neighbours. */
static void draw_marks(snug_svg *svg, const snug_line *line, const axis *x, const axis *y) {
    for (size_t k = 0; k < line->count; k++) {
        bool alone = !(k > 0 && is_drawn(line, k - 1, x, y)) && !is_drawn(line, k + 1, x, y);
        if (!is_drawn(line, k, x, y) || (line->dashed && !alone)) {
            continue;
        }
        double a = across(x, line->x[k]), d = down(y, line->y[k]);
        if (line->dashed) {
            snug_svg_add(svg,
                         "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"4.5\" fill=\"none\" stroke=\"%s\" "
                         "stroke-width=\"1.5\"/>\n",
                         a, d, line->colour);
        } else {
            snug_svg_add(svg, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"2.5\" fill=\"%s\"/>\n", a, d,
                         line->colour);
        }
    }
}

static void draw_line(snug_svg *svg, const snug_line *line, const axis *x, const axis *y) {
    bool pen_down = false;
    snug_svg_add(svg,
                 "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s stroke-linejoin=\"round\" "
                 "d=\"",
                 line->colour, line->dashed ? " stroke-dasharray=\"7 4\"" : "");
    for (size_t k = 0; k < line->count; k++) {
        bool drawn = is_drawn(line, k, x, y);
        if (drawn) {
            snug_svg_add(svg, "%c%.2f %.2f", pen_down ? 'L' : 'M', across(x, line->x[k]),
                         down(y, line->y[k]));
        }
        pen_down = drawn;
    }
    snug_svg_add(svg, "\"/>\n");
    draw_marks(svg, line, x, y);
}

static void draw_reference(snug_svg *svg, const snug_line_panel *panel, const axis *y) {
    double at = scaled(y, panel->reference);
    if (panel->referred && at >= y->low && at <= y->high) {
        snug_svg_add(svg, "<path stroke=\"#888888\" d=\"M0 %.2fH%d\"/>\n",
                     down(y, panel->reference), (int)WIDTH);
    }
}

static void draw_panel(snug_svg *svg, const snug_line_panel *panel, size_t number) {
    axis x = axis_of(panel, false), y = axis_of(panel, true);
    snug_svg_add(svg, "<g transform=\"translate(%zu %zu)\">\n", number % ACROSS * PANEL + LEFT,
                 number / ACROSS * (TOP + HEIGHT + BELOW) + TOP);
    snug_svg_add(svg,
                 "<text x=\"%d\" y=\"-14\" text-anchor=\"middle\" font-size=\"15\" "
                 "font-weight=\"bold\">",
                 WIDTH / 2);
    snug_svg_escape(svg, panel->title);
    snug_svg_add(svg, "</text>\n<g font-size=\"11\" fill=\"#444444\">\n");
    if (panel->log_x && panel->count > 0) {
        draw_points_as_ticks(svg, &x, &panel->lines[0]);
    } else {
        draw_ticks(svg, &x, false);
    }
    draw_ticks(svg, &y, true);
    snug_svg_add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", WIDTH / 2, HEIGHT + 36);
    snug_svg_escape(svg, panel->x_title);
    snug_svg_add(svg, "</text>\n<path fill=\"none\" stroke=\"#444444\" d=\"M0 0V%dH%d\"/>\n</g>\n",
                 (int)HEIGHT, (int)WIDTH);
    draw_reference(svg, panel, &y);
    for (size_t i = 0; i < panel->count; i++) {
        draw_line(svg, &panel->lines[i], &x, &y);
    }
    snug_svg_add(svg, "</g>\n");
}

/* Draws the names of a panel's lines below each other. */
static void draw_legend(snug_svg *svg, const snug_line_panel *panel, size_t top) {
    snug_svg_add(svg, "<g font-size=\"13\">\n");
    for (size_t i = 0; i < panel->count; i++) {
        const snug_line *line = &panel->lines[i];
        size_t y = top + i * LINE;
        if (line->name == NULL) {
            continue;
        }
        snug_svg_add(svg, "<path stroke=\"%s\" stroke-width=\"2\"%s d=\"M%d %zuh36\"/>\n",
                     line->colour, line->dashed ? " stroke-dasharray=\"7 4\"" : "", (int)LEFT, y);
        snug_svg_add(svg, "<text x=\"%d\" y=\"%zu\">", LEFT + 44, y + 4);
        snug_svg_escape(svg, line->name);
        snug_svg_add(svg, "</text>\n");
    }
    snug_svg_add(svg, "</g>\n");
}

char *snug_draw_lines(const char *title, const snug_line_panel *panels, size_t count) {
    snug_svg svg = {0};
    locale_t before = snug_locale_enter();
    size_t width = (count < ACROSS ? count : ACROSS) * PANEL;
    size_t plots = (count + ACROSS - 1) / ACROSS * (TOP + HEIGHT + BELOW);
    size_t height = plots + panels[0].count * LINE + LINE;
    snug_svg_add(&svg,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
                 "viewBox=\"0 0 %zu %zu\" role=\"img\" fill=\"#222222\" "
                 "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n<title>",
                 width, height, width, height);
    snug_svg_escape(&svg, title);
    snug_svg_add(&svg, "</title>\n<rect width=\"%zu\" height=\"%zu\" fill=\"#ffffff\"/>\n", width,
                 height);
    for (size_t i = 0; i < count; i++) {
        draw_panel(&svg, &panels[i], i);
    }
    draw_legend(&svg, &panels[0], plots + LINE / 2);
    snug_svg_add(&svg, "</svg>\n");
    char *text = snug_svg_finish(&svg);
    snug_locale_leave(before);
    return text;
}
