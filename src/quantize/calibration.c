#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/compute.h"
#include "quantize/calibration.h"
#include "quantize/pointwise.h"

enum { BINS = 1024, SIDES = 22 };

/* The numbers of a value: their range, and how many are in each of BINS equal parts of it. */
typedef struct histogram {
    double min, max;
    uint32_t *bins; /* owned; NULL: the value is not needed as int8 */
} histogram;

typedef struct calibration {
    const snug_graph *graph;
    const snug_node_part *parts;
    histogram *histograms; /* of each node */
    double *memory;        /* for snug_pointwise() */
    double expected[BINS]; /* what the middle of each bin should become */
} calibration;

/* ---- counting -------------------------------------------------------------------------------- */

static void observe_range(void *user, size_t node, const float *result) {
    const calibration *c = user;
    histogram *h = &c->histograms[node];
    size_t count = c->graph->nodes[node].rows * c->graph->nodes[node].columns;
    for (size_t i = 0; h->bins != NULL && i < count; i++) {
        double x = (double)result[i];
        if (isfinite(x)) {
            h->min = x < h->min ? x : h->min;
            h->max = x > h->max ? x : h->max;
        }
    }
}

static void observe_bins(void *user, size_t node, const float *result) {
    const calibration *c = user;
    histogram *h = &c->histograms[node];
    size_t count = c->graph->nodes[node].rows * c->graph->nodes[node].columns;
    double per_bin = BINS / (h->max > h->min ? h->max - h->min : 1);
    for (size_t i = 0; h->bins != NULL && i < count; i++) {
        double x = (double)result[i];
        if (isfinite(x)) {
            size_t bin = (size_t)((x - h->min) * per_bin);
            bin = bin < BINS ? bin : BINS - 1;
            h->bins[bin] += h->bins[bin] < UINT32_MAX;
        }
    }
}

/* Counts the numbers of all values. */
static snug_status count_numbers(calibration *c, size_t samples, const float *x) {
    for (size_t n = 0; n < c->graph->count; n++) {
        c->histograms[n] = (histogram){INFINITY, -INFINITY, NULL};
        if (c->parts[n].int8) {
            c->histograms[n].bins = snug_alloc(BINS, sizeof *c->histograms[n].bins);
            if (c->histograms[n].bins == NULL) {
                return SNUG_ERROR_MEMORY;
            }
        }
    }
    float *output = snug_alloc(samples, c->graph->output.columns * sizeof *output);
    if (output == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_graph_compute(c->graph, samples, x, output, observe_range, c);
    if (status == SNUG_OK) {
        status = snug_graph_compute(c->graph, samples, x, output, observe_bins, c);
    }
    snug_release(output);
    return status;
}

/* ---- choosing a range ------------------------------------------------------------------------ */

/*
 * Returns the only node that is looked up by a value, if nothing else reads the value as int8;
 * otherwise the value itself.
 */
static size_t find_table(const calibration *c, size_t value) {
    bool linear = c->graph->nodes[value].operation == SNUG_OPERATION_LINEAR;
    size_t found = value;
    if (c->parts[value].is_float && !linear) {
        return value;
    }
    for (size_t n = value + 1; n < c->graph->count; n++) {
        const snug_node_part *part = &c->parts[n];
        if (part->domain == SNUG_DOMAIN_INTEGERS && part->root == value) {
            if (part->int8 && found != value) {
                return value;
            }
            found = part->int8 ? n : found;
            continue;
        }
        for (size_t i = 0; i < c->graph->nodes[n].input_count; i++) {
            if (c->graph->nodes[n].inputs[i] == value && part->domain == SNUG_DOMAIN_INTEGERS) {
                return value;
            }
        }
    }
    return found;
}

static double middle(const histogram *h, size_t bin) {
    return h->min + ((double)bin + 0.5) / BINS * (h->max - h->min);
}

/* Returns the sum of squared errors of node `table`, where its root has a scale. */
static double squared_error(const calibration *c, const histogram *h, size_t table,
                            snug_int8_scale scale) {
    double sum = 0, numbers[256];
    for (int32_t q = -128; q < 128; q++) {
        numbers[q + 128] =
            snug_pointwise(c->graph, c->parts, table, snug_int8_number(scale, q), c->memory);
    }
    for (size_t bin = 0; bin < BINS; bin++) {
        if (h->bins[bin] > 0) {
            double error =
                numbers[snug_int8_quantize(scale, middle(h, bin)) + 128] - c->expected[bin];
            sum += h->bins[bin] * error * error;
        }
    }
    return sum;
}

/* Returns side k of a range: ever less of it, the last 0. */
static double side(double whole, size_t k) {
    return k == SIDES - 1 ? 0 : whole * pow(0.87, (double)k);
}

static snug_int8_scale search_least_error(calibration *c, size_t node) {
    const histogram *h = &c->histograms[node];
    size_t table = find_table(c, node);
    double least = INFINITY;
    snug_int8_scale best = snug_int8_scale_of(h->min, h->max);
    for (size_t bin = 0; bin < BINS; bin++) {
        c->expected[bin] = snug_pointwise(c->graph, c->parts, table, middle(h, bin), c->memory);
    }
    for (size_t i = 0; i < (h->min < 0 ? SIDES : 1); i++) {
        for (size_t k = 0; k < (h->max > 0 ? SIDES : 1); k++) {
            snug_int8_scale scale = snug_int8_scale_of(side(h->min, i), side(h->max, k));
            double error = squared_error(c, h, table, scale);
            if (error < least) {
                least = error;
                best = scale;
            }
        }
    }
    return best;
}

/* Leaves 0.05 % of the numbers out on each side. */
static snug_int8_scale take_percentile(const histogram *h) {
    double total = 0, below = 0, above = 0;
    size_t first = 0, last = BINS - 1;
    for (size_t bin = 0; bin < BINS; bin++) {
        total += h->bins[bin];
    }
    while (first < BINS && below + h->bins[first] <= 0.0005 * total) {
        below += h->bins[first++];
    }
    while (last > 0 && above + h->bins[last] <= 0.0005 * total) {
        above += h->bins[last--];
    }
    return snug_int8_scale_of(middle(h, first), middle(h, last));
}

static snug_status choose_scale(calibration *c, size_t node, snug_calibration_method method,
                                snug_int8_scale *scale) {
    const histogram *h = &c->histograms[node];
    if (!(h->min <= h->max)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: no number is finite on the calibration data",
                         c->graph->sections[c->graph->nodes[node].section]);
    }
    *scale = method == SNUG_CALIBRATE_SQUARED_ERROR ? search_least_error(c, node)
             : method == SNUG_CALIBRATE_PERCENTILE  ? take_percentile(h)
                                                    : snug_int8_scale_of(h->min, h->max);
    return SNUG_OK;
}

snug_status snug_calibrate(const snug_graph *graph, const snug_node_part *parts, size_t samples,
                           const float *x, snug_calibration_method method,
                           snug_int8_scale *scales) {
    calibration c = {.graph = graph, .parts = parts};
    c.histograms = snug_alloc(graph->count, sizeof *c.histograms);
    c.memory = snug_alloc(graph->count, sizeof *c.memory);
    snug_status status = c.histograms != NULL && c.memory != NULL ? count_numbers(&c, samples, x)
                                                                  : SNUG_ERROR_MEMORY;
    for (size_t n = 0; status == SNUG_OK && n < graph->count; n++) {
        if (parts[n].int8) {
            status = choose_scale(&c, n, method, &scales[n]);
        }
    }
    for (size_t n = 0; c.histograms != NULL && n < graph->count; n++) {
        snug_release(c.histograms[n].bins);
    }
    snug_release(c.histograms);
    snug_release(c.memory);
    return status;
}
