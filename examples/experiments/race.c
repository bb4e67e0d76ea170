/*
 * A race of plain networks with 32 hidden layers of 64 units on 10,000 images of Fashion-MNIST:
 * plain gradient descent at the same rate for all, so that only what activation and initial weights
 * do to the depth makes a difference.
 */
#include <stdio.h>

#include "lab/chart.h"
#include "lab/lab.h"

typedef struct runner {
    const char *name, *activation, *init;
} runner;

static const runner runners[] = {
    {"SELU", "selu", "\"lecun_normal\""},  {"ELU", "elu", "\"lecun_normal\""},
    {"tanh", "tanh", "\"lecun_normal\""},  {"ReLU, LeCun", "relu", "\"lecun_normal\""},
    {"ReLU, He", "relu", "\"he_normal\""}, {"sigmoid", "sigmoid", "\"lecun_normal\""},
};

enum { COUNT = sizeof runners / sizeof runners[0] };

static void print_table(const lab_course *found, size_t epochs) {
    printf("%-8s", "epoch");
    for (size_t i = 0; i < COUNT; i++) {
        printf("%13s", runners[i].name);
    }
    printf("\n");
    for (size_t epoch = 0; epoch < epochs; epoch++) {
        printf("%-8zu", epoch + 1);
        for (size_t i = 0; i < COUNT; i++) {
            printf("%13.3f", found[i].accuracy[epoch]);
        }
        printf("\n");
    }
    printf("share of the test rows that is right\n");
}

static bool draw(const char *path, const lab_course *found, size_t epochs) {
    chart_series curves[COUNT];
    double numbers[LAB_MOST_EPOCHS];
    for (size_t i = 0; i < epochs; i++) {
        numbers[i] = (double)i + 1.0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        curves[i] = (chart_series){.name = runners[i].name,
                                   .x = numbers,
                                   .y = found[i].accuracy,
                                   .count = epochs,
                                   .colour = (int)i,
                                   .marked = true};
    }
    const chart_panel panel = {.title = "32 layers: test accuracy",
                               .x_label = "epoch",
                               .low = 0,
                               .high = 1,
                               .series = curves,
                               .count = COUNT};
    return chart_write(path, "Test accuracy of networks of 32 layers", &panel, 1);
}

int main(int argc, char **argv) {
    lab run = lab_begin(argc, argv, "Networks of 32 layers of 64 units, gradient descent at 0.01",
                        "race.svg");
    lab_course found[COUNT];
    size_t epochs = run.quick ? 6 : 4;
    snug_dataset *data = NULL, *test = NULL;
    bool ok = lab_read(&run, 10000, &data, &test);
    for (size_t i = 0; ok && i < COUNT; i++) {
        ok = lab_train(&(lab_network){.inputs = snug_dataset_column_count(data),
                                      .depth = 32,
                                      .width = 64,
                                      .outputs = snug_dataset_class_count(data),
                                      .init = runners[i].init,
                                      .activation = runners[i].activation},
                       &(lab_training){.train = data,
                                       .validation = test,
                                       .rate = 0.01,
                                       .batch_size = run.quick ? 16 : 100,
                                       .epochs = epochs,
                                       .seed = run.seed},
                       &found[i]);
    }
    if (ok) {
        print_table(found, epochs);
        ok = draw(run.picture, found, epochs);
    }
    snug_dataset_free(test);
    snug_dataset_free(data);
    return lab_end(&run, ok);
}
