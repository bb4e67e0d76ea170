/*
 * Mean and variance of the activations of 100 layers without training: what an activation and its
 * initial weights do to a standard normal input from layer to layer. SELU with weights of variance
 * 1/fan_in keeps mean 0 and variance 1 (Klambauer et al. 2017). Standardized activations have the
 * same fixed point, but it has to attract: that of tanh does, those of GELU and ReLU repel. Dashed:
 * what the theory of infinitely wide layers predicts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab/chart.h"
#include "lab/lab.h"

enum { DEPTH = 100 };

#define STANDARDIZED(name) "{\"type\": \"standardized\", \"of\": \"" name "\"}"

typedef struct variant {
    const char *name, *activation, *init;
    double tau; /* the variance of the weights times fan_in */
} variant;

static const variant variants[] = {
    {"SELU", "selu", "\"lecun_normal\"", 1},
    {"ELU", "elu", "\"lecun_normal\"", 1},
    {"tanh", "tanh", "\"lecun_normal\"", 1},
    {"ReLU, LeCun", "relu", "\"lecun_normal\"", 1},
    {"ReLU, He", "relu", "\"he_normal\"", 2},
    {"standardized tanh", STANDARDIZED("tanh"), "\"lecun_normal\"", 1},
    {"standardized GELU", STANDARDIZED("gelu"), "\"lecun_normal\"", 1},
    {"standardized ReLU", STANDARDIZED("relu"), "\"lecun_normal\"", 1},
};

enum { COUNT = sizeof variants / sizeof variants[0] };

/* Of each layer, from 1 on, measured and in theory; theory begins with the input. */
typedef struct course {
    double mean[DEPTH], variance[DEPTH];
    double theory_mean[DEPTH + 1], theory_variance[DEPTH + 1];
} course;

/* Follows mean and variance through layers with infinitely many units. */
static bool predict(const variant *v, course *found) {
    const snug_theory_weights weights = {.tau = v->tau, .random = true};
    found->theory_mean[0] = 0;
    found->theory_variance[0] = 1;
    return snug_theory_iterate(v->activation, &weights, DEPTH, found->theory_mean,
                               found->theory_variance) == SNUG_OK ||
           lab_failed();
}

/* Measures the outputs of each activation layer over all rows and units. */
static bool measure(const variant *v, const snug_dataset *inputs, size_t width, uint64_t seed,
                    course *found) {
    double means[2 * DEPTH], variances[2 * DEPTH];
    snug_model *model = lab_build(&(lab_network){.inputs = width,
                                                 .depth = DEPTH,
                                                 .width = width,
                                                 .init = v->init,
                                                 .activation = v->activation});
    bool ok = model != NULL && snug_model_init(model, seed) == SNUG_OK &&
              snug_model_statistics(model, inputs, means, variances) == SNUG_OK;
    for (size_t i = 0; ok && i < DEPTH; i++) {
        found->mean[i] = means[2 * i + 1];
        found->variance[i] = variances[2 * i + 1];
    }
    snug_model_free(model);
    return ok || lab_failed();
}

/* Prints one line: numbers of the layers that the table shows. */
static void print_line(const char *name, const char *what, const double *layers) {
    static const size_t shown[] = {1, 2, 5, 10, 20, 50, 100};
    printf("%-20s%-11s", name, what);
    for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
        if (layers == NULL) {
            printf("%10zu", shown[k]);
        } else {
            printf("%10.3g", layers[shown[k] - 1]);
        }
    }
    printf("\n");
}

static void print_tables(const course *found) {
    print_line("variance", "layer", NULL);
    for (size_t i = 0; i < COUNT; i++) {
        print_line(variants[i].name, "measured", found[i].variance);
        print_line("", "theory", found[i].theory_variance + 1);
    }
    printf("\n");
    print_line("mean", "layer", NULL);
    for (size_t i = 0; i < COUNT; i++) {
        print_line(variants[i].name, "measured", found[i].mean);
    }
    printf("over all rows and units of a layer's activations\n");
}

static bool draw(const char *path, const course *found) {
    chart_series means[COUNT], variances[2 * COUNT];
    double layers[DEPTH];
    for (size_t i = 0; i < DEPTH; i++) {
        layers[i] = (double)i + 1.0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        chart_series curve = {
            .name = variants[i].name, .x = layers, .count = DEPTH, .colour = (int)i};
        means[i] = variances[i] = variances[COUNT + i] = curve;
        means[i].y = found[i].mean;
        variances[i].y = found[i].variance;
        variances[COUNT + i].y = found[i].theory_variance + 1;
        variances[COUNT + i].name = i == 0 ? "dashed: theory" : NULL;
        variances[COUNT + i].dashed = true;
    }
    const chart_panel panels[] = {
        {.title = "mean",
         .x_label = "layer",
         .low = -0.5,
         .high = 0.75,
         .series = means,
         .count = COUNT},
        {.title = "variance",
         .x_label = "layer",
         .low = 1e-4,
         .high = 10,
         .log_y = true,
         .series = variances,
         .count = 2 * (size_t)COUNT},
    };
    return chart_write(path, "Mean and variance of activations against depth", panels, 2);
}

int main(int argc, char **argv) {
    lab run = lab_begin(argc, argv, "Activations of 100 layers, before training", "depth.svg");
    size_t width = run.quick ? 64 : 512, rows = run.quick ? 128 : 1000;
    static course found[COUNT];
    float *x = malloc(rows * width * sizeof *x);
    bool ok = x != NULL;
    snug_dataset *inputs = NULL;
    if (ok) {
        snug_random_normal(&(snug_random){.seed = run.seed}, 0, rows * width, x);
        inputs = snug_dataset_from_arrays(x, rows, width, NULL);
        ok = inputs != NULL || lab_failed();
    }
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok = measure(&variants[i], inputs, width, run.seed, &found[i]) &&
             predict(&variants[i], &found[i]);
    }
    if (ok) {
        print_tables(found);
        ok = draw(run.picture, found);
    }
    snug_dataset_free(inputs);
    free(x);
    return lab_end(&run, ok);
}
