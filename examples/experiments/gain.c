/*
 * PyTorch's gain for SELU against LeCun normal weights. torch.nn.init.calculate_gain("selu") is
 * 3/4, so that weights have the variance (9/16)/fan_in; self-normalization needs 1/fan_in. Left:
 * the variance of the activations of 100 layers before training. Right: 32 layers in training.
 */
#include <stdio.h>
#include <stdlib.h>

#include "lab/chart.h"
#include "lab/lab.h"

enum { DEPTH = 100, COUNT = 2 };

typedef struct variant {
    const char *name, *init;
    double tau; /* the variance of the weights times fan_in */
} variant;

static const variant variants[COUNT] = {
    {"gain 1: LeCun normal", "\"lecun_normal\"", 1},
    {"gain 3/4", "{\"type\": \"lecun_normal\", \"gain\": 0.75}", 0.5625},
};

/* What became of a variant. */
typedef struct result {
    double variance[DEPTH];   /* of the activations of each layer */
    double theory[DEPTH + 1]; /* the same of infinitely wide layers, after that of the input */
    lab_course course;
} result;

/* Measures the outputs of each activation layer for standard normal inputs. */
static bool measure(const variant *v, const snug_dataset *inputs, uint64_t seed, result *found) {
    double means[2 * DEPTH], variances[2 * DEPTH];
    size_t width = snug_dataset_column_count(inputs);
    snug_model *model = lab_build(&(lab_network){
        .inputs = width, .depth = DEPTH, .width = width, .init = v->init, .activation = "selu"});
    bool ok = model != NULL && snug_model_init(model, seed) == SNUG_OK &&
              snug_model_statistics(model, inputs, means, variances) == SNUG_OK;
    for (size_t i = 0; ok && i < DEPTH; i++) {
        found->variance[i] = variances[2 * i + 1];
    }
    snug_model_free(model);
    return ok || lab_failed();
}

static bool predict(const variant *v, result *found) {
    const snug_theory_weights weights = {.tau = v->tau, .random = true};
    double means[DEPTH + 1] = {0};
    found->theory[0] = 1;
    return snug_theory_iterate("selu", &weights, DEPTH, means, found->theory) == SNUG_OK ||
           lab_failed();
}

static bool measure_all(const lab *run, result found[COUNT]) {
    size_t width = run->quick ? 64 : 256, rows = run->quick ? 64 : 512;
    float *x = malloc(rows * width * sizeof *x);
    if (x == NULL) {
        return false;
    }
    snug_random_normal(&(snug_random){.seed = run->seed}, 0, rows * width, x);
    snug_dataset *inputs = snug_dataset_from_arrays(x, rows, width, NULL);
    bool ok = inputs != NULL || lab_failed();
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok =
            measure(&variants[i], inputs, run->seed, &found[i]) && predict(&variants[i], &found[i]);
    }
    snug_dataset_free(inputs);
    free(x);
    return ok;
}

static bool train_all(const lab *run, size_t epochs, result found[COUNT]) {
    snug_dataset *train = NULL, *test = NULL;
    bool ok = lab_read(run, 10000, &train, &test);
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok = lab_train(&(lab_network){.inputs = snug_dataset_column_count(train),
                                      .depth = 32,
                                      .width = 64,
                                      .outputs = snug_dataset_class_count(train),
                                      .init = variants[i].init,
                                      .activation = "selu"},
                       &(lab_training){.train = train,
                                       .validation = test,
                                       .rate = 0.01,
                                       .batch_size = run->quick ? 16 : 100,
                                       .epochs = epochs,
                                       .seed = run->seed},
                       &found[i].course);
    }
    snug_dataset_free(test);
    snug_dataset_free(train);
    return ok;
}

static void print_tables(const result found[COUNT], size_t epochs) {
    static const size_t shown[] = {1, 2, 5, 10, 20, 50, 100};
    printf("%-24s", "variance at layer");
    for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
        printf("%10zu", shown[k]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        printf("\n%-24s", variants[i].name);
        for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
            printf("%10.3g", found[i].variance[shown[k] - 1]);
        }
        printf("\n%-24s", "  in theory");
        for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
            printf("%10.3g", found[i].theory[shown[k]]);
        }
    }
    printf("\n\n%-24s", "accuracy after epoch");
    for (size_t epoch = 1; epoch <= epochs; epoch++) {
        printf("%10zu", epoch);
    }
    for (size_t i = 0; i < COUNT; i++) {
        printf("\n%-24s", variants[i].name);
        for (size_t epoch = 0; epoch < epochs; epoch++) {
            printf("%10.3f", found[i].course.accuracy[epoch]);
        }
    }
    printf("\nof the test rows, for 32 layers of 64 units, gradient descent at 0.01\n");
}

static bool draw(const char *path, const result found[COUNT], size_t epochs) {
    chart_series variances[2 * COUNT], accuracies[COUNT];
    double numbers[DEPTH];
    for (size_t i = 0; i < DEPTH; i++) {
        numbers[i] = (double)i + 1.0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        variances[i] = (chart_series){.name = variants[i].name,
                                      .x = numbers,
                                      .y = found[i].variance,
                                      .count = DEPTH,
                                      .colour = (int)i};
        variances[COUNT + i] = variances[i];
        variances[COUNT + i].y = found[i].theory + 1;
        variances[COUNT + i].name = i == 0 ? "dashed: theory" : NULL;
        variances[COUNT + i].dashed = true;
        accuracies[i] = variances[i];
        accuracies[i].y = found[i].course.accuracy;
        accuracies[i].count = epochs;
        accuracies[i].marked = true;
    }
    const chart_panel panels[] = {
        {.title = "100 layers: variance",
         .x_label = "layer",
         .low = 0.01,
         .high = 10,
         .log_y = true,
         .series = variances,
         .count = 2 * (size_t)COUNT},
        {.title = "32 layers: test accuracy",
         .x_label = "epoch",
         .low = 0,
         .high = 1,
         .series = accuracies,
         .count = COUNT},
    };
    return chart_write(path, "SELU with a gain of 1 and of 3/4", panels, 2);
}

int main(int argc, char **argv) {
    lab run = lab_begin(argc, argv, "SELU's initial weights: a gain of 3/4 against 1", "gain.svg");
    static result found[COUNT];
    size_t epochs = 6;
    bool ok = measure_all(&run, found) && train_all(&run, epochs, found);
    if (ok) {
        print_tables(found, epochs);
        ok = draw(run.picture, found, epochs);
    }
    return lab_end(&run, ok);
}
