/*
 * Several labels a row, each a yes or a no: three of the columns of a table are the targets. Two
 * tables may be given, to train on and to test on: labels TRAIN.csv TEST.csv
 */
#include <stdio.h>

#include <snug/snug.h>

static snug_dataset *read_table(const char *path) {
    static const char *const labels[] = {"ring", "wave", "same", NULL};
    return snug_dataset_read_csv(path, &(snug_csv_options){.targets = labels});
}

static snug_layer *dense(size_t units) {
    return snug_layer_make(
        "dense", SNUG_FIELDS(snug_number("units", (double)units), snug_number("l2", 0.001)));
}

static snug_model *build(const snug_dataset *rows) {
    snug_model *net = snug_model_new(snug_dataset_column_count(rows));
    snug_model_add(net, dense(64));
    snug_model_add(net, snug_selu());
    snug_model_add(net, dense(32));
    snug_model_add(net, snug_selu());
    snug_model_add(net, dense(snug_dataset_output_count(rows)));
    return net; /* it keeps the first error, which snug_fit() returns */
}

static snug_status train(snug_model *net, const snug_dataset *rows) {
    return snug_fit(net, rows,
                    &(snug_fit_options){.loss = snug_binary_cross_entropy(),
                                        .optimizer = snug_adam(0.01),
                                        .schedule = snug_schedule_cosine(0),
                                        .epochs = 100,
                                        .seed = 6},
                    NULL);
}

int main(int count, char **arguments) {
    snug_dataset *data = read_table(count > 2 ? arguments[1] : "data/labels.csv");
    snug_dataset *rest = NULL, *test = NULL;
    snug_metrics metrics = {0};
    snug_status status = data != NULL ? SNUG_OK : snug_error_status();
    if (status == SNUG_OK && count > 2) {
        test = read_table(arguments[2]);
        status = test != NULL ? SNUG_OK : snug_error_status();
    } else if (status == SNUG_OK) {
        status = snug_dataset_split(data, 0.2, 1, &rest, &test);
    }
    snug_model *net = data != NULL ? build(data) : NULL;
    if (status == SNUG_OK) {
        status = train(net, rest != NULL ? rest : data);
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
    snug_dataset_free(rest);
    snug_dataset_free(data);
    return status == SNUG_OK && accuracy >= 0.5 ? 0 : 1;
}
