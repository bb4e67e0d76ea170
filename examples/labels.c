/*
 * Several labels a row, each a yes or a no: three of the columns of a table are the targets. Two
 * tables may be given, to train on and to be evaluated on: labels TRAIN.csv TEST.csv
 */
#include <stdio.h>
#include <stdlib.h>

#include <snug/snug.h>

enum { LABELS = 3 };

/* Rows of a table, whose last columns are the labels. */
typedef struct table {
    size_t rows, features;
    float *x, *y;
} table;

static snug_status take_apart(const snug_dataset *all, table *t) {
    size_t columns = snug_dataset_column_count(all);
    float *row = malloc(columns * sizeof *row);
    t->rows = snug_dataset_row_count(all);
    t->features = columns - LABELS;
    t->x = malloc(t->rows * t->features * sizeof *t->x);
    t->y = malloc(t->rows * LABELS * sizeof *t->y);
    for (size_t i = 0; row != NULL && t->x != NULL && t->y != NULL && i < t->rows; i++) {
        snug_dataset_row(all, i, row);
        for (size_t j = 0; j < columns; j++) {
            *(j < t->features ? &t->x[i * t->features + j] : &t->y[i * LABELS + j - t->features]) =
                row[j];
        }
    }
    free(row);
    return row != NULL && t->x != NULL && t->y != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* The table's rows as a dataset that borrows from *t; NULL on failure. */
static snug_dataset *read(const char *path, table *t) {
    snug_dataset *all = snug_dataset_read_csv(path, &(snug_csv_options){.task = SNUG_TASK_NONE});
    snug_dataset *data = NULL;
    if (all != NULL && take_apart(all, t) == SNUG_OK) {
        data = snug_dataset_from_values(t->x, t->rows, t->features, t->y, LABELS);
    }
    snug_dataset_free(all);
    return data;
}

static snug_status train(snug_model *net, const snug_dataset *rows) {
    static const char *const layers[] = {
        "{\"type\": \"dense\", \"units\": 64, \"l2\": 0.001}", "selu",
        "{\"type\": \"dense\", \"units\": 32, \"l2\": 0.001}", "selu",
        "{\"type\": \"dense\", \"units\": 3, \"l2\": 0.001}"};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        snug_model_add(net, snug_layer_new(layers[i]));
    }
    return snug_fit(net, rows,
                    &(snug_fit_options){.loss = snug_binary_cross_entropy(),
                                        .optimizer = snug_adam(0.01),
                                        .schedule = snug_schedule_new("cosine"),
                                        .epochs = 100,
                                        .seed = 6},
                    NULL);
}

int main(int count, char **arguments) {
    table tables[2] = {{0}};
    snug_dataset *data = read(count > 2 ? arguments[1] : "data/labels.csv", &tables[0]);
    snug_dataset *rest = data, *test = NULL;
    snug_metrics metrics = {0};
    snug_status status = data != NULL ? SNUG_OK : snug_error_status();
    if (status == SNUG_OK && count > 2) {
        test = read(arguments[2], &tables[1]);
        status = test != NULL ? SNUG_OK : snug_error_status();
    } else if (status == SNUG_OK) {
        status = snug_dataset_split(data, 0.2, 1, &rest, &test);
    }
    snug_model *net = data != NULL ? snug_model_new(snug_dataset_column_count(data)) : NULL;
    if (status == SNUG_OK) {
        status = train(net, rest);
    }
    if (status == SNUG_OK) {
        status = snug_evaluate(net, test, &metrics);
    }
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
    }

    double accuracy = snug_metrics_get(&metrics, "accuracy");
    printf("%zu rows: accuracy %.4f (all labels right), hamming_loss %.4f\n", metrics.rows,
           accuracy, snug_metrics_get(&metrics, "hamming_loss"));
    snug_model_free(net);
    snug_dataset_free(test);
    if (rest != data) {
        snug_dataset_free(rest);
    }
    snug_dataset_free(data);
    for (size_t i = 0; i < 2; i++) {
        free(tables[i].x);
        free(tables[i].y);
    }
    return status == SNUG_OK && accuracy >= 0.5 ? 0 : 1;
}
