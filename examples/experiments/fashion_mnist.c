/*
 * Fashion-MNIST by networks of SELU. Settings are compared on a sixth of the training rows; then
 * several networks of the best one, which differ in their seeds, are trained on all of them, and
 * the mean of their predictions is an ensemble. The test rows are looked at once, at the end.
 *
 * A network of dense layers does not know which pixels are neighbours. It learns from copies of the
 * training images, moved by a pixel, that this changes nothing.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lab/chart.h"
#include "lab/lab.h"

enum { MEMBERS = 5 };

/* A network, and how it is trained: AdamW, its rate falling to 0 along half a cosine. */
typedef struct setting {
    size_t depth, width;
    double input_dropout, dropout;
    double weight_decay, label_smoothing;
    size_t epochs;
} setting;

static const setting settings[] = {
    {.depth = 3,
     .width = 512,
     .input_dropout = 0.1,
     .dropout = 0.05,
     .weight_decay = 0.05,
     .label_smoothing = 0.1,
     .epochs = 8},
    {.depth = 2,
     .width = 768,
     .input_dropout = 0.1,
     .dropout = 0.05,
     .weight_decay = 0.05,
     .label_smoothing = 0.1,
     .epochs = 8},
    {.depth = 2,
     .width = 768,
     .input_dropout = 0.1,
     .dropout = 0.1,
     .weight_decay = 0.05,
     .label_smoothing = 0.1,
     .epochs = 8},
};

enum { COUNT = sizeof settings / sizeof settings[0] };

/* The accuracy of the validation rows after each epoch. */
typedef struct course {
    double accuracy[LAB_MOST_EPOCHS];
    size_t epochs;
} course;

/* ---- copies of images ------------------------------------------------------------------------ */

/* How a copy is moved, in pixels: not, right, left, down, up. */
static const struct {
    int right, down;
} moves[] = {{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}};

enum { COPIES = sizeof moves / sizeof moves[0] };

/* Training images with their moved copies; the dataset borrows the arrays. */
typedef struct copies {
    uint8_t *pixels;
    int32_t *classes;
    snug_dataset *data;
} copies;

static void free_copies(copies *c) {
    snug_dataset_free(c->data);
    free(c->pixels);
    free(c->classes);
}

/* Moves an image of side x side pixels; what comes in from outside is 0. */
static void move(size_t side, const float *image, int right, int down, uint8_t *moved) {
    for (size_t i = 0; i < side; i++) {
        for (size_t j = 0; j < side; j++) {
            /* Above the first row or column the numbers wrap around to large ones. */
            size_t row = i - (size_t)down, column = j - (size_t)right;
            bool inside = row < side && column < side;
            moved[i * side + j] = inside ? (uint8_t)image[row * side + column] : 0;
        }
    }
}

static bool holds_bytes(const float *image, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!(image[i] >= 0 && image[i] <= 255)) {
            return false;
        }
    }
    return true;
}

/* Makes copies of all images, which must be squares of numbers from 0 to 255. */
static bool copy_images(const snug_dataset *data, copies *c) {
    size_t rows = snug_dataset_row_count(data), columns = snug_dataset_column_count(data);
    size_t side = (size_t)lround(sqrt((double)columns));
    float *image = calloc(columns, sizeof *image);
    *c = (copies){.pixels = calloc(rows * COPIES, columns),
                  .classes = calloc(rows * COPIES, sizeof *c->classes)};
    bool ok = image != NULL && c->pixels != NULL && c->classes != NULL && side * side == columns;
    for (size_t i = 0; ok && i < rows; i++) {
        ok = snug_dataset_row(data, i, image) == SNUG_OK && holds_bytes(image, columns);
        for (size_t k = 0; ok && k < COPIES; k++) {
            move(side, image, moves[k].right, moves[k].down,
                 c->pixels + (i * COPIES + k) * columns);
            c->classes[i * COPIES + k] = snug_dataset_class(data, i);
        }
    }
    free(image);
    if (!ok) {
        fprintf(stderr,
                "the rows must be square images of numbers from 0 to 255, or memory is out\n");
        return false;
    }
    c->data = snug_dataset_from_bytes(c->pixels, rows * COPIES, columns, c->classes);
    return c->data != NULL || lab_failed();
}

/* ---- training -------------------------------------------------------------------------------- */

static snug_model *build(const setting *s, const snug_dataset *data) {
    char input[64], hidden[64];
    snprintf(input, sizeof input, "{\"type\": \"dropout\", \"rate\": %g}", s->input_dropout);
    snprintf(hidden, sizeof hidden, "{\"type\": \"alpha_dropout\", \"rate\": %g}", s->dropout);
    return lab_build(&(lab_network){.inputs = snug_dataset_column_count(data),
                                    .depth = s->depth,
                                    .width = s->width,
                                    .outputs = snug_dataset_class_count(data),
                                    .before = input,
                                    .init = "\"lecun_normal\"",
                                    .activation = "selu",
                                    .after = hidden});
}

/* Returns a new trained model, which the caller owns, or NULL; validation and found may be NULL. */
static snug_model *train(const setting *s, const snug_dataset *data, const snug_dataset *validation,
                         uint64_t seed, course *found) {
    char loss[96];
    snug_history *history = NULL;
    snug_model *model = build(s, data);
    if (model == NULL) {
        return NULL;
    }
    snprintf(loss, sizeof loss, "{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": %g}",
             s->label_smoothing);
    snug_fit_options options = {.loss = snug_loss_new(loss),
                                .optimizer = snug_adamw(0.001, s->weight_decay),
                                .schedule = snug_schedule_new("cosine"),
                                .epochs = s->epochs,
                                .batch_size = 128,
                                .validation_data = validation,
                                .seed = seed};
    snug_status status = snug_fit(model, data, &options, &history);
    for (size_t i = 0; status == SNUG_OK && found != NULL && i < s->epochs; i++) {
        found->accuracy[i] = snug_metrics_get(snug_history_validation(history, i + 1), "accuracy");
    }
    snug_history_free(history);
    if (status != SNUG_OK) {
        lab_failed();
        snug_model_free(model);
        return NULL;
    }
    return model;
}

/* Trains all settings on a part of the training rows; sets *best to that of the best validation. */
static bool choose(const setting *all, const lab *run, const snug_dataset *data,
                   course found[COUNT], size_t *best) {
    snug_dataset *rest = NULL, *validation = NULL;
    copies training = {0};
    bool ok =
        snug_dataset_split(data, 1.0 / 6, run->seed, &rest, &validation) == SNUG_OK || lab_failed();
    ok = ok && copy_images(rest, &training);
    printf("%-8s%-8s%15s%9s%14s%17s%9s%22s\n", "layers", "units", "input dropout", "dropout",
           "weight decay", "label smoothing", "epochs", "validation accuracy");
    *best = 0;
    for (size_t i = 0; ok && i < COUNT; i++) {
        const setting *s = &all[i];
        snug_model *model = train(s, training.data, validation, run->seed, &found[i]);
        snug_model_free(model);
        ok = model != NULL;
        if (!ok) {
            break;
        }
        found[i].epochs = s->epochs;
        double accuracy = found[i].accuracy[s->epochs - 1];
        if (accuracy > found[*best].accuracy[found[*best].epochs - 1]) {
            *best = i;
        }
        printf("%-8zu%-8zu%15g%9g%14g%17g%9zu%22.4f\n", s->depth, s->width, s->input_dropout,
               s->dropout, s->weight_decay, s->label_smoothing, s->epochs, accuracy);
    }
    free_copies(&training);
    snug_dataset_free(validation);
    snug_dataset_free(rest);
    return ok;
}

static bool print_accuracy(const char *name, const snug_model *model, const snug_dataset *test) {
    snug_metrics metrics;
    if (snug_evaluate(model, test, &metrics) != SNUG_OK) {
        return lab_failed();
    }
    printf("%-24s%10.4f\n", name, snug_metrics_get(&metrics, "accuracy"));
    return true;
}

/* Trains the members on all training rows, and evaluates the first and the ensemble. */
static bool test_members(const setting *s, const lab *run, const snug_dataset *data,
                         const snug_dataset *test) {
    snug_model *members[MEMBERS] = {NULL}, *ensemble = NULL;
    copies training;
    bool ok = copy_images(data, &training);
    for (size_t i = 0; ok && i < MEMBERS; i++) {
        members[i] = train(s, training.data, NULL, run->seed + i, NULL);
        ok = members[i] != NULL;
    }
    if (ok) {
        printf("\n%-24s%10s\n", "trained on all rows", "test");
        ensemble = snug_model_new_ensemble(members, MEMBERS);
        ok = ensemble != NULL && print_accuracy("one network", members[0], test) &&
             print_accuracy("ensemble of 5", ensemble, test);
    }
    snug_model_free(ensemble);
    for (size_t i = 0; i < MEMBERS; i++) {
        snug_model_free(members[i]);
    }
    free_copies(&training);
    return ok;
}

static bool draw(const char *path, const course found[COUNT]) {
    static const char *const names[] = {"setting 1", "setting 2", "setting 3"};
    chart_series curves[COUNT];
    double numbers[LAB_MOST_EPOCHS];
    for (size_t i = 0; i < LAB_MOST_EPOCHS; i++) {
        numbers[i] = (double)i + 1.0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        curves[i] = (chart_series){.name = names[i],
                                   .x = numbers,
                                   .y = found[i].accuracy,
                                   .count = found[i].epochs,
                                   .colour = (int)i};
    }
    const chart_panel panel = {.title = "validation accuracy",
                               .x_label = "epoch",
                               .low = 0.8,
                               .high = 0.92,
                               .series = curves,
                               .count = COUNT};
    return chart_write(path, "Validation accuracy of the settings on Fashion-MNIST", &panel, 1);
}

int main(int argc, char **argv) {
    lab run =
        lab_begin(argc, argv, "Fashion-MNIST with a self-normalizing network", "fashion_mnist.svg");
    setting tried[COUNT];
    static course found[COUNT];
    size_t best = 0;
    snug_dataset *data = NULL, *test = NULL;
    for (size_t i = 0; i < COUNT; i++) {
        tried[i] = settings[i];
        tried[i].width = run.quick ? 32 : tried[i].width;
        tried[i].epochs = run.quick ? 3 : tried[i].epochs;
    }
    bool ok = lab_read(&run, SIZE_MAX, &data, &test) && choose(tried, &run, data, found, &best) &&
              test_members(&tried[best], &run, data, test) && draw(run.picture, found);
    snug_dataset_free(test);
    snug_dataset_free(data);
    return lab_end(&run, ok);
}
