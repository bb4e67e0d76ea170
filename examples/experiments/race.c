/*
 * A race of plain networks with 32 hidden layers of 64 units on 10,000 images of Fashion-MNIST:
 * plain gradient descent at the same rate for all, so that only what activation and initial weights
 * do to the depth makes a difference.
 */
#include <stdio.h>

#include "lab/chart.h"
#include "lab/lab.h"

enum { EPOCHS = 4, MOST_EPOCHS = 30 };

typedef struct runner {
    const char *name, *activation, *init;
} runner;

static const runner runners[] = {
    {"SELU", "selu", "\"lecun_normal\""},  {"ELU", "elu", "\"lecun_normal\""},
    {"tanh", "tanh", "\"lecun_normal\""},  {"ReLU, LeCun", "relu", "\"lecun_normal\""},
    {"ReLU, He", "relu", "\"he_normal\""}, {"sigmoid", "sigmoid", "\"lecun_normal\""},
};

enum { COUNT = sizeof runners / sizeof runners[0] };

/* The share of the test rows that is right, after each epoch. */
typedef struct course {
    double accuracy[MOST_EPOCHS];
    size_t epochs;
} course;

static bool train(const runner *r, const lab *run, const snug_dataset *data,
                  const snug_dataset *test, course *found) {
    snug_history *history = NULL;
    snug_model *model = lab_build(&(lab_network){.inputs = snug_dataset_column_count(data),
                                                 .depth = 32,
                                                 .width = 64,
                                                 .outputs = snug_dataset_class_count(data),
                                                 .init = r->init,
                                                 .activation = r->activation});
    if (model == NULL) {
        return false;
    }
    snug_status status = snug_fit(model, data,
                                  &(snug_fit_options){.optimizer = snug_sgd(0.01, 0),
                                                      .batch_size = run->quick ? 16 : 100,
                                                      .epochs = found->epochs,
                                                      .validation_data = test,
                                                      .seed = run->seed},
                                  &history);
    for (size_t i = 0; status == SNUG_OK && i < found->epochs; i++) {
        found->accuracy[i] = snug_metrics_get(snug_history_validation(history, i + 1), "accuracy");
    }
    snug_history_free(history);
    snug_model_free(model);
    return status == SNUG_OK || lab_failed();
}

static void print_table(const course *found) {
    printf("%-8s", "epoch");
    for (size_t i = 0; i < COUNT; i++) {
        printf("%13s", runners[i].name);
    }
    printf("\n");
    for (size_t epoch = 0; epoch < found[0].epochs; epoch++) {
        printf("%-8zu", epoch + 1);
        for (size_t i = 0; i < COUNT; i++) {
            printf("%13.3f", found[i].accuracy[epoch]);
        }
        printf("\n");
    }
    printf("share of the test rows that is right\n");
}

static bool draw(const char *path, const course *found) {
    chart_series curves[COUNT];
    double epochs[MOST_EPOCHS];
    for (size_t i = 0; i < found[0].epochs; i++) {
        epochs[i] = (double)i + 1.0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        curves[i] = (chart_series){.name = runners[i].name,
                                   .x = epochs,
                                   .y = found[i].accuracy,
                                   .count = found[i].epochs,
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
    course found[COUNT] = {0};
    snug_dataset *data = NULL, *test = NULL;
    bool ok = lab_read(&run, 10000, &data, &test);
    for (size_t i = 0; ok && i < COUNT; i++) {
        found[i].epochs = run.quick ? 6 : EPOCHS;
        ok = train(&runners[i], &run, data, test, &found[i]);
    }
    if (ok) {
        print_table(found);
        ok = draw(run.picture, found);
    }
    snug_dataset_free(test);
    snug_dataset_free(data);
    return lab_end(&run, ok);
}
