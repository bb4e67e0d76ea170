#include <stdlib.h>
#include <string.h>

#include "experiment.h"
#include "output.h"

/* Reads the file with the settings, and where `strict` with those that make warnings errors. */
static snug_experiment *read_experiment(const char *path, const cli_list *settings, bool strict) {
    static const char *const added[] = {"data.strict=true", "train.strict=true"};
    size_t count = settings->count + (strict ? 2 : 0);
    const char **all = cli_allocate(count + 1, sizeof *all);
    if (settings->count > 0) {
        memcpy(all, settings->items, settings->count * sizeof *all);
    }
    for (size_t i = settings->count; i < count; i++) {
        all[i] = added[i - settings->count];
    }
    snug_experiment *experiment = snug_experiment_read(path, all, count);
    free(all);
    return experiment;
}

/* Reports why a file is no experiment; one that does not even begin as JSON may be a table. */
static int refuse(const char *path) {
    const char *error = snug_error();
    size_t n = strlen(path);
    if (strncmp(error, path, n) == 0 && strncmp(error + n, ":1:1: ", 6) == 0) {
        return cli_usage_error(
            "%s; an experiment is a JSON file, which \"snug new\" makes of a table", error);
    }
    return cli_library_error();
}

int cli_experiment_read(snug_experiment **experiment, const char *path, const cli_list *settings,
                        bool strict, cli_files *files) {
    *experiment = NULL;
    cli_files_read(files, "the experiment", path);
    int status = cli_files_check(files);
    if (status == CLI_DONE) {
        *experiment = read_experiment(path, settings, strict);
        status = *experiment != NULL ? CLI_DONE : refuse(path);
    }
    if (status == CLI_DONE) {
        cli_files_read_experiment(files, path, *experiment);
        status = cli_files_check(files);
    }
    cli_files_clear(files);
    return status;
}

int cli_experiment_open(cli_experiment *opened, const char *path, const cli_list *settings,
                        bool strict, cli_files *files) {
    *opened = (cli_experiment){0};
    int status = cli_experiment_read(&opened->experiment, path, settings, strict, files);
    if (status != CLI_DONE) {
        return status;
    }
    if (snug_experiment_load(opened->experiment, &opened->model, &opened->train,
                             &opened->validation, &opened->test) != SNUG_OK ||
        snug_experiment_options(opened->experiment, &opened->options) != SNUG_OK) {
        return cli_library_error();
    }
    opened->options.validation_data = opened->validation;
    return CLI_DONE;
}

int cli_experiment_open_folds(cli_experiment *opened, const char *path, const cli_list *settings,
                              bool strict, cli_files *files) {
    *opened = (cli_experiment){0};
    int status = cli_experiment_read(&opened->experiment, path, settings, strict, files);
    if (status != CLI_DONE) {
        return status;
    }
    if (snug_folds_load(opened->experiment, &opened->train, &opened->validation, &opened->test) !=
            SNUG_OK ||
        snug_experiment_options(opened->experiment, &opened->options) != SNUG_OK) {
        return cli_library_error();
    }
    return CLI_DONE;
}

int cli_experiment_initialize(cli_experiment *opened) {
    snug_status status =
        snug_model_fit_scaler(opened->model, opened->train, opened->options.scaling);
    if (status == SNUG_OK) {
        status = snug_model_fit_target_scaler(opened->model, opened->train,
                                              opened->options.target_scaling);
    }
    snug_tensor_info first; /* it has weights already where it starts from another model */
    if (status == SNUG_OK && snug_model_tensor(opened->model, 0, &first) != SNUG_OK) {
        status = snug_model_init(opened->model, opened->options.seed);
    }
    if (status == SNUG_OK) {
        status = snug_model_fit_layers(opened->model, opened->train, opened->options.seed);
    }
    return status == SNUG_OK ? CLI_DONE : cli_library_error();
}

int cli_experiment_drop_inspections(cli_experiment *opened, const char *why) {
    static const char format[] = "train.inspect: has no effect %s";
    if (opened->options.inspect.every == 0) {
        return CLI_DONE;
    }
    opened->options.inspect = (snug_inspect_steps){0};
    if (opened->options.strict) {
        return cli_usage_error(format, why);
    }
    cli_warning(format, why);
    return CLI_DONE;
}

void cli_experiment_clear(cli_experiment *opened) {
    snug_loss_free(opened->options.loss);
    snug_optimizer_free(opened->options.optimizer);
    snug_schedule_free(opened->options.schedule);
    snug_schedule_free(opened->options.weight_decay_schedule);
    snug_dataset_free(opened->train);
    snug_dataset_free(opened->validation);
    snug_dataset_free(opened->test);
    snug_model_free(opened->model);
    snug_experiment_free(opened->experiment);
    *opened = (cli_experiment){0};
}
