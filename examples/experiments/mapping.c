/*
 * What one layer makes of the variance of its inputs, for random weights of variance 1/fan_in (He:
 * 2/fan_in) and inputs of mean 0: the second moment E f(z)^2 for z ~ N(0, variance). Where a curve
 * crosses the diagonal is a fixed point; it attracts where the curve is flatter than the diagonal.
 */
#include <math.h>
#include <stdio.h>

#include "lab/chart.h"
#include "lab/lab.h"

enum { POINTS = 81 };

typedef struct variant {
    const char *name, *activation;
    double tau; /* the variance of the weights times fan_in */
} variant;

static const variant variants[] = {
    {"SELU", "selu", 1},
    {"ELU", "elu", 1},
    {"tanh", "tanh", 1},
    {"ReLU, He", "relu", 2},
};

enum { COUNT = sizeof variants / sizeof variants[0] };

/* Sets y[i] to the second moment after one layer of inputs of variance x[i]. */
static bool follow(const variant *v, const double *x, double *y) {
    const snug_theory_weights weights = {.tau = v->tau, .random = true};
    for (size_t i = 0; i < POINTS; i++) {
        snug_theory_layer layer;
        if (snug_theory_activation(v->activation, &weights, 0, x[i], &layer) != SNUG_OK) {
            return lab_failed();
        }
        y[i] = layer.second_moment;
    }
    return true;
}

static void print_table(const double *x, double y[COUNT][POINTS]) {
    printf("%-12s", "before");
    for (size_t i = 0; i < COUNT; i++) {
        printf("%12s", variants[i].name);
    }
    printf("\n");
    for (size_t k = 0; k < POINTS; k += 10) {
        printf("%-12.3g", x[k]);
        for (size_t i = 0; i < COUNT; i++) {
            printf("%12.4g", y[i][k]);
        }
        printf("\n");
    }
    printf("second moments, before and after one layer\n");
}

int main(int argc, char **argv) {
    lab run = lab_begin(argc, argv, "The second moment after one layer", "mapping.svg");
    static double x[POINTS], y[COUNT][POINTS];
    chart_series curves[COUNT + 1];
    bool ok = true;
    for (size_t i = 0; i < POINTS; i++) {
        x[i] = pow(10.0, ((double)i - 40.0) / 20.0); /* 0.01 to 100 */
    }
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok = follow(&variants[i], x, y[i]);
        curves[i] = (chart_series){
            .name = variants[i].name, .x = x, .y = y[i], .count = POINTS, .colour = (int)i};
    }
    curves[COUNT] = (chart_series){
        .name = "no change", .x = x, .y = x, .count = POINTS, .colour = 7, .dashed = true};
    const chart_panel panel = {.title = "second moment after a layer",
                               .x_label = "before it",
                               .low = 0.01,
                               .high = 100,
                               .log_x = true,
                               .log_y = true,
                               .series = curves,
                               .count = COUNT + 1};
    if (ok) {
        print_table(x, y);
        ok = chart_write(run.picture, "The second moment after one layer", &panel, 1);
    }
    return lab_end(&run, ok);
}
