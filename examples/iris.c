/*
 * A multilayer perceptron built in C, trained on Iris and evaluated on rows that it has not seen.
 */
#include <stdio.h>

#include <snug/snug.h>

static snug_model *build(const snug_dataset *data) {
    snug_model *net = snug_model_new(snug_dataset_column_count(data));
    snug_model_add(net, snug_dense(16));
    snug_model_add(net, snug_selu());
    snug_model_add(net, snug_dense(16));
    snug_model_add(net, snug_selu());
    snug_model_add(net, snug_dense(snug_dataset_class_count(data)));
    return net; /* it keeps the first error, which snug_fit() returns */
}

static snug_status train(snug_model *net, const snug_dataset *rows, snug_history **history) {
    return snug_fit(net, rows,
                    &(snug_fit_options){.loss = snug_softmax_cross_entropy(),
                                        .optimizer = snug_adam(0.005),
                                        .epochs = 60,
                                        .batch_size = 16,
                                        .validation = 0.1,
                                        .seed = 42},
                    history);
}

int main(void) {
    snug_dataset *iris =
        snug_dataset_read_csv("data/iris.csv", &(snug_csv_options){.target = "species"});
    snug_dataset *rest = NULL, *test = NULL;
    snug_model *net = NULL;
    snug_history *history = NULL;
    snug_metrics metrics = {0};

    snug_status status =
        iris != NULL ? snug_dataset_split(iris, 0.2, 1, &rest, &test) : snug_error_status();
    if (status == SNUG_OK) {
        net = build(iris);
        status = train(net, rest, &history);
    }
    if (status == SNUG_OK) {
        size_t last = snug_history_epoch_count(history);
        printf("validation accuracy after %zu epochs: %.3f\n", last,
               snug_metrics_get(snug_history_validation(history, last), "accuracy"));
        status = snug_evaluate(net, test, &metrics);
    }

    double accuracy = snug_metrics_get(&metrics, "accuracy");
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
    } else {
        printf("test accuracy on %zu rows: %.3f\n", metrics.rows, accuracy);
    }

    snug_history_free(history);
    snug_model_free(net);
    snug_dataset_free(test);
    snug_dataset_free(rest);
    snug_dataset_free(iris);
    return status == SNUG_OK && accuracy >= 0.9 ? 0 : 1;
}
