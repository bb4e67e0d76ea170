/*
 * Dropout in 100 layers of SELU, as it is in training: alpha dropout sets units to SELU's lowest
 * value and then scales and shifts all, so that mean and variance stay (Klambauer et al. 2017,
 * section 3); usual dropout sets them to 0 and scales the others by 1/(1 - rate), which raises the
 * variance of each layer.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab/chart.h"
#include "lab/lab.h"

static const size_t depths[] = {1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100};

enum { DEPTHS = sizeof depths / sizeof depths[0] };

typedef struct variant {
    const char *name, *layer;
} variant;

static const variant variants[] = {
    {"no dropout", NULL},
    {"alpha dropout 0.05", "{\"type\": \"alpha_dropout\", \"rate\": 0.05}"},
    {"alpha dropout 0.1", "{\"type\": \"alpha_dropout\", \"rate\": 0.1}"},
    {"dropout 0.05", "{\"type\": \"dropout\", \"rate\": 0.05}"},
    {"dropout 0.1", "{\"type\": \"dropout\", \"rate\": 0.1}"},
};

enum { COUNT = sizeof variants / sizeof variants[0] };

/* Of the last layer of networks of each depth. */
typedef struct course {
    double mean[DEPTHS], variance[DEPTHS];
} course;

/* Sets the mean and the variance of n numbers. */
static void moments_of(const float *y, size_t n, double *mean, double *variance) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)y[i];
        squares += (double)y[i] * (double)y[i];
    }
    *mean = sum / (double)n;
    *variance = squares / (double)n - *mean * *mean;
}

/* Runs the rows forward as in training, through the first layers of the same network. */
static bool measure(const variant *v, const float *x, size_t rows, size_t width, uint64_t seed,
                    course *found) {
    for (size_t i = 0; i < DEPTHS; i++) {
        const float *y = NULL;
        snug_model *model = lab_build(&(lab_network){.inputs = width,
                                                     .depth = depths[i],
                                                     .width = width,
                                                     .init = "\"lecun_normal\"",
                                                     .activation = "selu",
                                                     .after = v->layer});
        bool ok = model != NULL && snug_model_init(model, seed) == SNUG_OK;
        snug_session *session = ok ? snug_session_new_training(model, rows, seed) : NULL;
        ok = session != NULL && snug_forward(session, x, rows, 0, &y) == SNUG_OK;
        if (ok) {
            moments_of(y, rows * width, &found->mean[i], &found->variance[i]);
        }
        snug_session_free(session);
        snug_model_free(model);
        if (!ok) {
            return lab_failed();
        }
    }
    return true;
}

static void print_table(const course *found) {
    printf("%-7s", "layer");
    for (size_t i = 0; i < COUNT; i++) {
        printf("%22s", variants[i].name);
    }
    printf("\n");
    for (size_t k = 0; k < DEPTHS; k++) {
        printf("%-7zu", depths[k]);
        for (size_t i = 0; i < COUNT; i++) {
            printf("%11.4f%11.4f", found[i].mean[k], found[i].variance[k]);
        }
        printf("\n");
    }
    printf("mean and variance of the outputs in training, over all rows and units\n");
}

static bool draw(const char *path, const course *found) {
    chart_series means[COUNT], variances[COUNT];
    double layers[DEPTHS];
    for (size_t k = 0; k < DEPTHS; k++) {
        layers[k] = (double)depths[k];
    }
    for (size_t i = 0; i < COUNT; i++) {
        means[i] = (chart_series){.name = variants[i].name,
                                  .x = layers,
                                  .y = found[i].mean,
                                  .count = DEPTHS,
                                  .colour = (int)i};
        variances[i] = means[i];
        variances[i].y = found[i].variance;
    }
    const chart_panel panels[] = {
        {.title = "mean",
         .x_label = "layer",
         .low = -0.2,
         .high = 0.4,
         .series = means,
         .count = COUNT},
        {.title = "variance",
         .x_label = "layer",
         .low = 0.6,
         .high = 1.8,
         .series = variances,
         .count = COUNT},
    };
    return chart_write(path, "Mean and variance under dropout against depth", panels, 2);
}

int main(int argc, char **argv) {
    lab run =
        lab_begin(argc, argv, "Dropout in 100 layers of SELU, in training", "alpha_dropout.svg");
    size_t width = run.quick ? 64 : 256, rows = run.quick ? 64 : 512;
    static course found[COUNT];
    float *x = malloc(rows * width * sizeof *x);
    bool ok = x != NULL;
    if (ok) {
        snug_random_normal(&(snug_random){.seed = run.seed}, 0, rows * width, x);
    }
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok = measure(&variants[i], x, rows, width, run.seed, &found[i]);
    }
    if (ok) {
        print_table(found);
        ok = draw(run.picture, found);
    }
    free(x);
    return lab_end(&run, ok);
}
