/* Activations and their derivatives as an SVG picture, a panel each, side by side. */
#include <math.h>
#include <string.h>

#include <snug/activation.h>
#include <snug/plot.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_print.h"
#include "kinds/object.h"
#include "report/svg.h"

/* Sizes in pixels: a plot, the margins around it, and the legend below all plots. */
enum { WIDTH = 300, HEIGHT = 260, LEFT = 46, RIGHT = 18, TOP = 46, BELOW = 44, LEGEND = 40 };
enum { PANEL = LEFT + WIDTH + RIGHT };

/* Curves run over [-REACH, REACH]; jumps are sought in all samples, every STRIDE-th is drawn. */
enum { REACH = 5, SAMPLES = 4001, STRIDE = 16 };

/* Blue and vermillion of Okabe and Ito's palette, which colour-blind readers tell apart. */
#define CURVE_STYLE "stroke=\"#0072b2\" stroke-width=\"2.5\""
#define SLOPE_STYLE "stroke=\"#d55e00\" stroke-width=\"2.5\" stroke-dasharray=\"7 4\""

/* The values on the vertical axis, and the distance of its ticks. */
typedef struct range {
    double low, high, step;
} range;

typedef struct panel {
    snug_object *object;
    float *y, *slope; /* SAMPLES each, in one block */
    range range;
} panel;

/* ---- curves ---------------------------------------------------------------------------------- */

/* x of a sample: 0 and the whole numbers are hit exactly. */
static double abscissa(size_t i) {
    return REACH * (2.0 * (double)i / (SAMPLES - 1) - 1.0);
}

/* Widens a range to hold what is finite. */
static void include(range *r, const float *values) {
    for (size_t i = 0; i < SAMPLES; i++) {
        if (isfinite(values[i])) {
            r->low = fmin(r->low, (double)values[i]);
            r->high = fmax(r->high, (double)values[i]);
        }
    }
}

/* Sets y and the slope at x; softmax, for one, has no curve, since it works on whole rows. */
static snug_status find_curves(panel *p, const char *spec, const float *x) {
    const snug_activation_kind *kind = (const snug_activation_kind *)snug_object_kind(p->object);
    if (kind->derivative == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: is not elementwise, and so has no curve",
                         kind->base.name);
    }
    return snug_activation_apply(spec, SAMPLES, x, p->y, p->slope);
}

static snug_status sample(panel *p, const char *spec) {
    float *x = snug_alloc(SAMPLES, sizeof *x);
    p->y = snug_alloc(2 * (size_t)SAMPLES, sizeof *p->y);
    p->object = snug_object_parse(SNUG_GROUP_ACTIVATION, spec);
    snug_status status = SNUG_OK;
    if (x == NULL || p->y == NULL || p->object == NULL) {
        status = snug_error_status();
    } else {
        p->slope = p->y + SAMPLES;
        for (size_t i = 0; i < SAMPLES; i++) {
            x[i] = (float)abscissa(i);
        }
        status = find_curves(p, spec, x);
        include(&p->range, p->y);
        include(&p->range, p->slope);
    }
    snug_release(x);
    return status;
}

/* Whether the curve jumps from sample i to the next: by far more than before it and after it. */
static bool jumps(const float *values, size_t i, const range *r) {
    double here = fabs((double)values[i + 1] - (double)values[i]);
    double before = i == 0 ? 0.0 : fabs((double)values[i] - (double)values[i - 1]);
    double after = i + 2 == SAMPLES ? 0.0 : fabs((double)values[i + 2] - (double)values[i + 1]);
    return here > 4.0 * fmax(before, after) && here > 0.002 * (r->high - r->low);
}

/* ---- scales ---------------------------------------------------------------------------------- */

/* The least of 1, 2 and 5 times a power of ten that makes at most eight steps of a span. */
static double nice_step(double span) {
    double power = pow(10.0, floor(log10(span / 8.0)));
    double ratio = span / 8.0 / power;
    return power * (ratio <= 1.0 ? 1.0 : ratio <= 2.0 ? 2.0 : ratio <= 5.0 ? 5.0 : 10.0);
}

/* Rounds outwards to half steps, so that no curve touches the border. */
static range nice_range(range data) {
    double span = data.high - data.low;
    double step = nice_step(span > 0.0 ? span : 2.0);
    return (range){
        .low = step * floor(2.0 * data.low / step - 0.25) / 2.0,
        .high = step * ceil(2.0 * data.high / step + 0.25) / 2.0,
        .step = step,
    };
}

/* One scale for all panels makes them comparable, where none gets less than half of it. */
static void choose_ranges(panel *panels, size_t count) {
    range all = panels[0].range;
    double least = all.high - all.low;
    for (size_t i = 1; i < count; i++) {
        const range *r = &panels[i].range;
        all.low = fmin(all.low, r->low);
        all.high = fmax(all.high, r->high);
        least = fmin(least, r->high - r->low);
    }
    bool shared = 2.0 * least >= all.high - all.low;
    for (size_t i = 0; i < count; i++) {
        panels[i].range = nice_range(shared ? all : panels[i].range);
    }
}

static double across(double x) {
    return WIDTH * (x + REACH) / (2.0 * REACH);
}

static double down(double y, const range *r) {
    return HEIGHT * (r->high - y) / (r->high - r->low);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_line(snug_svg *svg, double x1, double y1, double x2, double y2) {
    snug_svg_add(svg, "<path d=\"M%.2f %.2fL%.2f %.2f\"/>\n", x1, y1, x2, y2);
}

/* A number with a true minus sign; what rounding left of 0 is 0. */
static void draw_number(snug_svg *svg, double x, double y, const char *anchor, double value) {
    snug_svg_add(svg, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">%s%.6g</text>\n", x, y,
                 anchor, value < 0.0 ? "&#8722;" : "", fabs(value));
}

/* The first and last tick of the vertical axis, as multiples of its step. */
static int first_tick(const range *r) {
    return (int)ceil(r->low / r->step - 1e-9);
}
static int last_tick(const range *r) {
    return (int)floor(r->high / r->step + 1e-9);
}

static void draw_grid(snug_svg *svg, const range *r) {
    snug_svg_add(svg, "<g stroke=\"#e4e4e4\">\n");
    for (int x = -REACH; x <= REACH; x++) {
        draw_line(svg, across(x), 0.0, across(x), HEIGHT);
    }
    for (int k = first_tick(r); k <= last_tick(r); k++) {
        double y = down(k * r->step, r);
        draw_line(svg, 0.0, y, WIDTH, y);
    }
    snug_svg_add(svg, "</g>\n");
}

/* Through the origin, with ticks. */
static void draw_axes(snug_svg *svg, const range *r) {
    double zero = down(0.0, r), middle = across(0.0);
    snug_svg_add(svg, "<g stroke=\"#444444\">\n");
    draw_line(svg, 0.0, zero, WIDTH, zero);
    draw_line(svg, middle, 0.0, middle, HEIGHT);
    for (int x = -REACH; x <= REACH; x++) {
        draw_line(svg, across(x), zero - 3.0, across(x), zero + 3.0);
    }
    for (int k = first_tick(r); k <= last_tick(r); k++) {
        double y = down(k * r->step, r);
        draw_line(svg, middle - 3.0, y, middle + 3.0, y);
    }
    snug_svg_add(svg, "</g>\n");
}

/* Along the border, where no curve crosses them. */
static void draw_numbers(snug_svg *svg, const range *r) {
    snug_svg_add(svg, "<g font-size=\"12\" fill=\"#444444\">\n");
    for (int x = -REACH; x <= REACH; x++) {
        draw_number(svg, across(x), HEIGHT + 19.0, "middle", x);
    }
    for (int k = first_tick(r); k <= last_tick(r); k++) {
        draw_number(svg, -8.0, down(k * r->step, r) + 4.0, "end", k * r->step);
    }
    snug_svg_add(
        svg, "<text x=\"%.2f\" y=\"%d\" text-anchor=\"middle\" font-style=\"italic\">x</text>\n",
        across(0.0), HEIGHT + 36);
    snug_svg_add(svg, "</g>\n");
}

static void draw_curve(snug_svg *svg, const float *values, const range *r, const char *style) {
    bool pen_down = false;
    snug_svg_add(svg, "<path fill=\"none\" stroke-linejoin=\"round\" %s d=\"", style);
    for (size_t i = 0; i < SAMPLES; i++) {
        bool starts = i > 0 && jumps(values, i - 1, r);
        bool ends = i + 1 < SAMPLES && jumps(values, i, r);
        if (!isfinite(values[i])) {
            pen_down = false;
        } else if (i % STRIDE == 0 || starts || ends || !pen_down) {
            snug_svg_add(svg, "%c%.2f %.2f", pen_down && !starts ? 'L' : 'M', across(abscissa(i)),
                         down((double)values[i], r));
            pen_down = true;
        }
    }
    snug_svg_add(svg, "\"/>\n");
}

/* ", alpha = 1.5": the fields that differ from their defaults. */
static bool draw_parameters(snug_svg *svg, const cJSON *object, const cJSON *defaults) {
    const cJSON *field = NULL;
    bool written = true;
    cJSON_ArrayForEach(field, object) {
        if (!cJSON_Compare(field, snug_json_get(defaults, field->string), true)) {
            char *value = snug_json_print(field, false);
            written = written && value != NULL;
            snug_svg_add(svg, ", ");
            snug_svg_escape(svg, field->string);
            snug_svg_add(svg, " = ");
            snug_svg_escape(svg, value == NULL ? "" : value);
            snug_release(value);
        }
    }
    return written;
}

static void draw_title(snug_svg *svg, const snug_object *object) {
    snug_object *plain = snug_object_new(SNUG_GROUP_ACTIVATION, object->kind);
    cJSON *defaults = plain == NULL ? NULL : snug_object_write(plain);
    cJSON *json = snug_object_write(object);
    snug_svg_add(svg,
                 "<text x=\"%.2f\" y=\"-16\" text-anchor=\"middle\" font-size=\"16\">"
                 "<tspan font-weight=\"bold\">",
                 WIDTH / 2.0);
    snug_svg_escape(svg, object->kind->name);
    snug_svg_add(svg, "</tspan>");
    if (defaults == NULL || json == NULL || !draw_parameters(svg, json, defaults)) {
        svg->failed = true;
    }
    snug_svg_add(svg, "</text>\n");
    cJSON_Delete(json);
    cJSON_Delete(defaults);
    snug_object_free(plain);
}

static void draw_panel(snug_svg *svg, const panel *p, size_t place) {
    snug_svg_add(svg, "<g transform=\"translate(%zu %d)\">\n", place * PANEL + LEFT, (int)TOP);
    draw_title(svg, p->object);
    draw_grid(svg, &p->range);
    draw_axes(svg, &p->range);
    draw_numbers(svg, &p->range);
    draw_curve(svg, p->y, &p->range, CURVE_STYLE);
    draw_curve(svg, p->slope, &p->range, SLOPE_STYLE);
    snug_svg_add(svg, "</g>\n");
}

static void draw_legend(snug_svg *svg, double middle, double y) {
    snug_svg_add(svg, "<g transform=\"translate(%.2f %.2f)\" font-size=\"14\">\n", middle, y);
    snug_svg_add(svg, "<path fill=\"none\" " CURVE_STYLE " d=\"M-104 0h36\"/>\n");
    snug_svg_add(svg, "<text x=\"-60\" y=\"5\"><tspan font-style=\"italic\">f</tspan>"
                      "(<tspan font-style=\"italic\">x</tspan>)</text>\n");
    snug_svg_add(svg, "<path fill=\"none\" " SLOPE_STYLE " d=\"M16 0h36\"/>\n");
    snug_svg_add(svg, "<text x=\"60\" y=\"5\"><tspan font-style=\"italic\">f</tspan>&#8242;"
                      "(<tspan font-style=\"italic\">x</tspan>)</text>\n");
    snug_svg_add(svg, "</g>\n");
}

static char *draw(const panel *panels, size_t count) {
    snug_svg svg = {0};
    size_t width = count * PANEL, height = TOP + HEIGHT + BELOW + LEGEND;
    snug_svg_add(&svg,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" "
                 "viewBox=\"0 0 %zu %zu\" role=\"img\" fill=\"#222222\" "
                 "font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n"
                 "<title>Activation functions and their derivatives</title>\n"
                 "<rect width=\"%zu\" height=\"%zu\" fill=\"#ffffff\"/>\n",
                 width, height, width, height, width, height);
    for (size_t i = 0; i < count; i++) {
        draw_panel(&svg, &panels[i], i);
    }
    draw_legend(&svg, (double)width / 2.0, TOP + HEIGHT + BELOW + LEGEND / 2.0);
    snug_svg_add(&svg, "</svg>\n");
    return snug_svg_finish(&svg);
}

/* ---- the whole picture ----------------------------------------------------------------------- */

static void free_panels(panel *panels, size_t count) {
    for (size_t i = 0; panels != NULL && i < count; i++) {
        snug_object_free(panels[i].object);
        snug_release(panels[i].y);
    }
    snug_release(panels);
}

char *snug_plot_activations(const char *const *specs, size_t count) {
    if (specs == NULL || count == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a plot needs at least one activation");
        return NULL;
    }
    locale_t before = snug_locale_enter();
    panel *panels = snug_alloc(count, sizeof *panels);
    snug_status status = panels == NULL ? SNUG_ERROR_MEMORY : SNUG_OK;
    for (size_t i = 0; status == SNUG_OK && i < count; i++) {
        status = sample(&panels[i], specs[i]);
    }
    char *text = NULL;
    if (status == SNUG_OK) {
        choose_ranges(panels, count);
        text = draw(panels, count);
    }
    free_panels(panels, count);
    snug_locale_leave(before);
    return text;
}
