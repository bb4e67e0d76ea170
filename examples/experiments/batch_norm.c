/*
 * SELU without normalization layers against ReLU with batch normalization, 8, 16 and 32 layers
 * deep: the same width, data and optimizer, each with the learning rate that is best on the
 * validation rows. The paper's figure 1 has such curves for MNIST and CIFAR-10.
 */
#include <stdio.h>

#include "lab/chart.h"
#include "lab/lab.h"

static const size_t depths[] = {8, 16, 32};
static const double rates[] = {0.003, 0.01, 0.03, 0.1};

enum { DEPTHS = 3, RATES = 4, METHODS = 2 };

typedef struct method {
    const char *name, *init, *between, *activation;
} method;

static const method methods[METHODS] = {
    {"SELU", "\"lecun_normal\"", NULL, "selu"},
    {"batch norm, ReLU", "\"he_normal\"", "batch_norm", "relu"},
};

/* A network with the best of the learning rates. */
typedef struct result {
    lab_course course;
    double rate;
} result;

/* Trains with each rate and keeps what had the best validation accuracy at the end. */
static bool train_best(const method *m, size_t depth, lab_training *training, result *best) {
    const lab_network network = {.inputs = snug_dataset_column_count(training->train),
                                 .depth = depth,
                                 .width = 64,
                                 .outputs = snug_dataset_class_count(training->train),
                                 .init = m->init,
                                 .between = m->between,
                                 .activation = m->activation};
    size_t last = training->epochs - 1;
    for (size_t i = 0; i < RATES; i++) {
        lab_course course;
        training->rate = rates[i];
        if (!lab_train(&network, training, &course)) {
            return false;
        }
        if (i == 0 || course.accuracy[last] > best->course.accuracy[last]) {
            *best = (result){.course = course, .rate = rates[i]};
        }
    }
    return true;
}

static void print_table(result found[DEPTHS][METHODS], size_t epochs) {
    printf("%-8s%-20s%8s%18s%22s%16s%12s\n", "layers", "network", "rate", "training loss",
           "validation accuracy", "test accuracy", "seconds");
    for (size_t d = 0; d < DEPTHS; d++) {
        for (size_t m = 0; m < METHODS; m++) {
            const result *r = &found[d][m];
            printf("%-8zu%-20s%8g%18.4f%22.3f%16.3f%12.1f\n", depths[d], methods[m].name, r->rate,
                   r->course.loss[epochs - 1], r->course.accuracy[epochs - 1], r->course.test,
                   r->course.seconds);
        }
    }
    printf("after %zu epochs, at the rate that is best on the validation rows\n", epochs);
}

static bool draw(const char *path, result found[DEPTHS][METHODS], size_t epochs) {
    static const char *const titles[DEPTHS] = {"8 layers: training loss", "16 layers", "32 layers"};
    double numbers[LAB_MOST_EPOCHS];
    chart_series curves[DEPTHS][METHODS];
    chart_panel panels[DEPTHS];
    for (size_t i = 0; i < epochs; i++) {
        numbers[i] = (double)i + 1.0;
    }
    for (size_t d = 0; d < DEPTHS; d++) {
        for (size_t m = 0; m < METHODS; m++) {
            curves[d][m] = (chart_series){.name = methods[m].name,
                                          .x = numbers,
                                          .y = found[d][m].course.loss,
                                          .count = epochs,
                                          .colour = (int)m,
                                          .marked = true};
        }
        panels[d] = (chart_panel){.title = titles[d],
                                  .x_label = "epoch",
                                  .low = 0.05,
                                  .high = 5,
                                  .log_y = true,
                                  .series = curves[d],
                                  .count = METHODS};
    }
    return chart_write(path, "Training loss of SELU and of batch normalization", panels, DEPTHS);
}

int main(int argc, char **argv) {
    lab run = lab_begin(argc, argv, "SELU against batch normalization, layers of 64 units",
                        "batch_norm.svg");
    static result found[DEPTHS][METHODS];
    snug_dataset *all = NULL, *train = NULL, *validation = NULL, *test = NULL;
    bool ok = lab_read(&run, 12000, &all, &test) &&
              (snug_dataset_split(all, 1.0 / 6, run.seed, &train, &validation) == SNUG_OK ||
               lab_failed());
    lab_training training = {.train = train,
                             .validation = validation,
                             .test = test,
                             .batch_size = run.quick ? 32 : 100,
                             .epochs = run.quick ? 2 : 10,
                             .seed = run.seed};
    for (size_t d = 0; ok && d < DEPTHS; d++) {
        for (size_t m = 0; ok && m < METHODS; m++) {
            ok = train_best(&methods[m], depths[d], &training, &found[d][m]);
        }
    }
    if (ok) {
        print_table(found, training.epochs);
        ok = draw(run.picture, found, training.epochs);
    }
    snug_dataset_free(validation);
    snug_dataset_free(train);
    snug_dataset_free(test);
    snug_dataset_free(all);
    return lab_end(&run, ok);
}
