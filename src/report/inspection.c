/* Mean and variance of activations and gradients against depth, measured and predicted, as SVG. */
#include <math.h>

#include <snug/plot.h>

#include "core/memory.h"
#include "core/status.h"
#include "report/lines.h"

/* The curves: what of a layer they show. */
typedef enum curve {
    MEAN,
    MEAN_PREDICTED,
    VARIANCE,
    VARIANCE_PREDICTED,
    GRADIENT,
    GRADIENT_PREDICTED,
    CURVES
} curve;

/* A variance whose largest value is so many times the least is drawn on a logarithmic axis. */
#define LINEAR_RATIO 20

static double value_of(const snug_layer_statistics *layer, curve which) {
    switch (which) {
    case MEAN:
        return layer->mean;
    case MEAN_PREDICTED:
        return layer->theory.mean;
    case VARIANCE:
        return layer->variance;
    case VARIANCE_PREDICTED:
        return layer->theory.variance;
    case GRADIENT:
        return layer->gradient_variance;
    default:
        return layer->theory.gradient_variance;
    }
}

/* Returns whether the values of two neighbouring curves differ by large factors. */
static bool is_wide(const double *values, size_t count) {
    double least = (double)INFINITY, most = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        if (values[i] > 0) {
            least = fmin(least, values[i]);
            most = fmax(most, values[i]);
        }
    }
    return most > LINEAR_RATIO * least;
}

/* `values` are the layers' numbers, and then each curve, `count` numbers each. */
static char *draw(const double *values, size_t count, bool gradients) {
    static const char *const titles[] = {"mean of activations", "variance of activations",
                                         "variance of gradients"};
    snug_line lines[CURVES];
    snug_line_panel panels[CURVES / 2];
    for (size_t i = 0; i < CURVES; i++) {
        bool predicted = i % 2 == 1;
        lines[i] = (snug_line){.name = predicted ? "predicted by the theory" : "measured",
                               .x = values,
                               .y = values + (1 + i) * count,
                               .count = count,
                               .colour = snug_line_colour(i % 2),
                               .dashed = predicted};
    }
    for (size_t i = 0; i < CURVES / 2; i++) {
        panels[i] = (snug_line_panel){.title = titles[i],
                                      .x_title = "layer",
                                      .log_y = i > 0 && is_wide(lines[2 * i].y, count),
                                      .lines = &lines[2 * i],
                                      .count = 2};
    }
    /* What self-normalization keeps, and so much around it that chance is not taken for more. */
    panels[0].least = -0.5;
    panels[0].most = 0.5;
    panels[1].least = 0.5;
    panels[1].most = 2;
    panels[1].reference = 1;
    panels[0].referred = panels[1].referred = true;
    return snug_draw_lines("Mean and variance of each layer, measured and predicted", panels,
                           gradients ? 3 : 2);
}

char *snug_plot_inspection(const snug_inspection *inspection) {
    size_t count = snug_inspection_layer_count(inspection);
    if (count == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a plot needs an inspection with a layer");
        return NULL;
    }
    double *values = snug_alloc(count, (1 + CURVES) * sizeof *values);
    if (values == NULL) {
        return NULL;
    }
    bool gradients = false;
    for (size_t i = 0; i < count; i++) {
        const snug_layer_statistics *layer = snug_inspection_layer(inspection, i);
        values[i] = (double)i;
        for (size_t k = 0; k < CURVES; k++) {
            values[(1 + k) * count + i] = value_of(layer, (curve)k);
        }
        gradients = gradients || isfinite(layer->gradient_variance);
    }
    char *text = draw(values, count, gradients);
    snug_release(values);
    return text;
}
