/*
 * A deep self-normalizing network from an experiment file: it is trained, saved, loaded again, and
 * the loaded one classifies test rows. The mean and variance of each layer's outputs show how SELU
 * with LeCun's normal weights starts near 0 and 1 in every layer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <snug/snug.h>

enum { LAYERS = 16 };

typedef struct experiment {
    snug_experiment *file;
    snug_model *net;
    snug_dataset *train, *validation, *test;
} experiment;

static snug_status print_statistics(const char *when, const snug_model *net,
                                    const snug_dataset *data) {
    double means[LAYERS], variances[LAYERS];
    snug_layer_info layer;
    if (snug_model_layer_count(net) > LAYERS) {
        return SNUG_ERROR_ARGUMENT;
    }
    snug_status status = snug_model_statistics(net, data, means, variances);
    printf("%s:\n  layer   outputs      mean  variance\n", when);
    for (size_t i = 0; status == SNUG_OK && i < snug_model_layer_count(net); i++) {
        status = snug_model_layer(net, i, &layer);
        printf("  %-7s %7zu %9.3f %9.3f\n", layer.type, layer.outputs, means[i], variances[i]);
    }
    return status;
}

static snug_status train(experiment *e) {
    snug_fit_options options;
    snug_status status = snug_experiment_options(e->file, &options);
    if (status != SNUG_OK) {
        return status;
    }
    options.validation_data = e->validation;
    /* snug_fit() does these two itself; here the model is looked at in between. */
    snug_model_fit_scaler(e->net, e->train, options.scaling);
    snug_model_init(e->net, options.seed);
    print_statistics("before training", e->net, e->train);
    return snug_fit(e->net, e->train, &options, NULL);
}

/* Saves the model in a file of its own in the directory for temporary ones, and loads it again. */
static snug_model *save_and_load(const snug_model *net) {
    char path[4096];
    const char *directory = getenv("TMPDIR");
    snug_model *loaded = NULL;
    snprintf(path, sizeof path, "%s/snug-XXXXXX",
             directory != NULL && *directory ? directory : "/tmp");
    int file = mkstemp(path);
    if (file < 0) {
        perror(path);
        return NULL;
    }
    close(file);
    if (snug_model_save(net, path) == SNUG_OK) {
        loaded = snug_model_load(path);
    }
    remove(path);
    return loaded;
}

/* Classifies the first rows of the data. */
static snug_status classify(const snug_model *net, const snug_dataset *data, size_t rows) {
    snug_status status = SNUG_ERROR_MEMORY;
    snug_session *session = snug_session_new(net, 1);
    float *x = malloc(snug_dataset_column_count(data) * sizeof *x);
    float *p = malloc(snug_model_output_count(net) * sizeof *p);
    for (size_t i = 0; session != NULL && x != NULL && p != NULL && i < rows; i++) {
        snug_dataset_row(data, i, x);
        status = snug_predict(session, x, 1, p);
        if (status != SNUG_OK) {
            break;
        }
        size_t class = snug_model_predicted_class(net, p);
        printf("a %s is taken for a %s with probability %.3f\n",
               snug_dataset_class_name(data, (size_t)snug_dataset_class(data, i)),
               snug_model_class_name(net, class), (double)p[class]);
    }
    free(p);
    free(x);
    snug_session_free(session);
    return status;
}

static double run(experiment *e) {
    snug_metrics metrics = {0};
    e->file = snug_experiment_read("self_normalizing_mlp.json", NULL, 0);
    if (e->file == NULL ||
        snug_experiment_load(e->file, &e->net, &e->train, &e->validation, &e->test) ||
        train(e) != SNUG_OK) {
        return 0.0;
    }
    snug_model *loaded = save_and_load(e->net);
    if (loaded != NULL &&
        print_statistics("trained and loaded again, on the test rows", loaded, e->test) ==
            SNUG_OK &&
        classify(loaded, e->test, 5) == SNUG_OK) {
        snug_evaluate(loaded, e->test, &metrics);
    }
    snug_model_free(loaded);
    return metrics.rows > 0 ? snug_metrics_get(&metrics, "accuracy") : 0.0;
}

int main(void) {
    experiment e = {0};
    double accuracy = run(&e);
    printf("accuracy of the loaded model: %.3f\n", accuracy);
    if (accuracy < 0.9) {
        fprintf(stderr, "that is too low: %s\n", snug_error());
    }
    snug_dataset_free(e.test);
    snug_dataset_free(e.validation);
    snug_dataset_free(e.train);
    snug_model_free(e.net);
    snug_experiment_free(e.file);
    return accuracy >= 0.9 ? 0 : 1;
}
