/*
 * A table to a fitted model: what is seen of the table, the experiment that a recipe makes of it,
 * and how well the model that it trains does on rows that it has not seen.
 */
#include <stdio.h>

#include <snug/snug.h>

static void print(const snug_suggestion *seen) {
    printf("%zu rows, %zu features, %zu classes: %s\n", seen->rows, seen->features,
           seen->class_count, seen->task_reason);
    for (size_t i = 0; i < seen->column_count; i++) {
        if (seen->columns[i].use == SNUG_USE_IGNORED) {
            printf("%s is ignored: %s\n", seen->columns[i].name, seen->columns[i].reason);
        }
    }
    for (size_t i = 0; i < seen->notes.count; i++) {
        printf("%s\n", seen->notes.items[i]);
    }
}

int main(void) {
    snug_suggestion *seen = NULL;
    snug_model *model = NULL;
    snug_dataset *train = NULL, *validation = NULL, *test = NULL;
    snug_fit_options options;
    snug_metrics metrics = {0};

    snug_experiment *wine = snug_experiment_suggest(
        "data/wine.csv", &(snug_suggest_options){.recipe = "tabular-fast", .test = 0.2}, &seen);
    if (wine != NULL) {
        print(seen);
    }
    snug_status status = snug_experiment_load(wine, &model, &train, &validation, &test);
    if (status == SNUG_OK) {
        status = snug_experiment_options(wine, &options);
    }
    if (status == SNUG_OK) {
        options.validation_data = validation;
        status = snug_fit(model, train, &options, NULL);
    }
    if (status == SNUG_OK) {
        status = snug_evaluate(model, test, &metrics);
    }

    double accuracy = snug_metrics_get(&metrics, "accuracy");
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
    } else {
        printf("test accuracy on %zu rows: %.3f\n", metrics.rows, accuracy);
    }

    snug_suggestion_free(seen);
    snug_model_free(model);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(wine);
    return status == SNUG_OK && accuracy >= 0.9 ? 0 : 1;
}
