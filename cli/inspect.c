#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command_files.h"
#include "commands.h"
#include "coordinates.h"
#include "data.h"
#include "experiment.h"
#include "inspection.h"
#include "members.h"
#include "output.h"

typedef struct inspect_options {
    const char *data, *svg;
    cli_list set;
    cli_data_options reading;
    bool json, training;
    size_t threads, steps, member;
    cli_list widths;
} inspect_options;

/* The model that is inspected, and the findings. */
typedef struct inspection {
    const snug_model *model;
    size_t layers, batch_size;
    snug_memory_info memory;
    snug_inspection *measured; /* owned; NULL: without data */
} inspection;

/* ---- printing -------------------------------------------------------------------------------- */

static void print_layers(const inspection *found) {
    cli_table table = {.align = "rlrr"};
    static const char *const heads[] = {"layer", "type", "output", "parameters"};
    for (size_t j = 0; j < strlen(table.align); j++) {
        cli_table_cell(&table, "%s", heads[j]);
    }
    for (size_t i = 0; i < found->layers; i++) {
        cli_layer_cells(&table, found->model, i);
    }
    cli_table_print(&table);
}

static void add_size(cli_table *table, const char *name, size_t bytes) {
    char *text = cli_bytes(bytes);
    cli_table_cell(table, "%s", name);
    cli_table_cell(table, "%s", text);
    free(text);
}

static void print_text(const inspection *found) {
    cli_table sizes = {.align = "lr"};
    printf("inputs: %zu\n\n", snug_model_input_count(found->model));
    if (found->measured != NULL) {
        cli_print_inspection(found->model, found->measured);
    } else {
        print_layers(found);
    }
    printf("\nparameters: %zu\n", snug_model_parameter_count(found->model));
    cli_print_predictions(found->model);
    printf("memory of a training step with a batch of %zu:\n", found->batch_size);
    add_size(&sizes, "  parameters", found->memory.parameters);
    add_size(&sizes, "  gradients", found->memory.gradients);
    add_size(&sizes, "  moments", found->memory.moments);
    add_size(&sizes, "  activations", found->memory.activations);
    add_size(&sizes, "  total", found->memory.total);
    cli_table_print(&sizes);
}

static void add_memory(cJSON *json, const inspection *found) {
    cJSON *memory = cli_json_object(json, "memory");
    cli_json_count(memory, "batch_size", found->batch_size);
    cli_json_count(memory, "parameters", found->memory.parameters);
    cli_json_count(memory, "gradients", found->memory.gradients);
    cli_json_count(memory, "moments", found->memory.moments);
    cli_json_count(memory, "activations", found->memory.activations);
    cli_json_count(memory, "total", found->memory.total);
}

static void print_json(const inspection *found) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "inputs", snug_model_input_count(found->model));
    cli_json_count(json, "outputs", snug_model_output_count(found->model));
    cli_json_count(json, "parameters", snug_model_parameter_count(found->model));
    cli_add_predictions(json, found->model);
    add_memory(json, found);
    if (found->measured != NULL) {
        cli_add_inspection(json, found->measured);
    } else {
        cJSON *layers = cli_json_array(json, "layers");
        for (size_t i = 0; i < found->layers; i++) {
            (void)cli_add_layer(layers, found->model, i);
        }
        cli_json_warnings(json);
    }
    cli_json_print(json);
}

/* ---- looking --------------------------------------------------------------------------------- */

static int measure(inspection *found, const snug_dataset *data, const inspect_options *given) {
    const snug_inspect_options options = {.threads = given->threads, .training = given->training};
    found->measured = snug_inspect(found->model, data, &options);
    if (found->measured == NULL) {
        return cli_library_error();
    }
    return given->svg != NULL ? cli_draw_inspection(found->measured, given->svg) : CLI_DONE;
}

/* data NULL: without statistics. */
static int inspect(const snug_model *model, const snug_optimizer *optimizer, size_t batch_size,
                   const snug_dataset *data, const inspect_options *given) {
    inspection found = {.model = model,
                        .layers = snug_model_layer_count(model),
                        .batch_size = batch_size > 0 ? batch_size : SNUG_DEFAULT_BATCH_SIZE};
    int status = CLI_DONE;
    if (snug_model_memory(model, found.batch_size, optimizer, &found.memory) != SNUG_OK) {
        status = cli_library_error();
    }
    if (status == CLI_DONE && data != NULL) {
        status = measure(&found, data, given);
    }
    if (status == CLI_DONE) {
        (given->json ? print_json : print_text)(&found);
    }
    snug_inspection_free(found.measured);
    return status;
}

/* Inspects with the memory that Adam needs: a saved model does not know its optimizer. */
static int inspect_adam(const snug_model *model, const snug_dataset *data,
                        const inspect_options *given) {
    snug_optimizer *optimizer = snug_optimizer_new("adam");
    int status = inspect(model, optimizer, 0, data, given);
    snug_optimizer_free(optimizer);
    return status;
}

static int inspect_members(const snug_model *ensemble, const char *path,
                           const inspect_options *given) {
    if (given->data != NULL) {
        return cli_usage_error("inspect: --data is for a single model, and %s is an ensemble: "
                               "choose one of its %zu models by --member",
                               path, snug_model_member_count(ensemble));
    }
    (given->json ? cli_print_members_json : cli_print_members)(ensemble);
    return CLI_DONE;
}

/* Inspects a single model, which may be one of an ensemble. */
static int inspect_single(const snug_model *model, const inspect_options *given) {
    int status = CLI_DONE;
    snug_dataset *data = given->data != NULL ? cli_data_open(given->data, model, CLI_TARGETS_IF_ANY,
                                                             &given->reading, &status)
                                             : NULL;
    if (status == CLI_DONE) {
        status = inspect_adam(model, data, given);
    }
    snug_dataset_free(data);
    return status;
}

static int inspect_loaded(const snug_model *model, const char *path, const inspect_options *given) {
    size_t members = snug_model_member_count(model);
    if (given->set.count > 0) {
        return cli_usage_error("inspect: --set changes an experiment, and %s is a model", path);
    }
    if (given->member > 0 && members == 0) {
        return cli_usage_error("inspect: --member is for an ensemble, and %s is a single model",
                               path);
    }
    if (given->member > members) {
        return cli_usage_error("inspect: --member: %s has models 1 to %zu (got %zu)", path, members,
                               given->member);
    }
    if (given->member > 0) {
        return inspect_single(snug_model_member(model, given->member - 1), given);
    }
    return members > 0 ? inspect_members(model, path, given) : inspect_single(model, given);
}

/* Checks the files of a command line that names a model. Returns an exit status. */
static int check_files(const char *path, const inspect_options *given) {
    cli_files files = {.command = "inspect"};
    cli_files_read(&files, "the model", path);
    cli_files_read_data(&files, given->data);
    cli_files_draw(&files, "--svg", given->svg);
    return cli_files_finish(&files);
}

static int inspect_model(const char *path, const inspect_options *given) {
    int status = check_files(path, given);
    if (status != CLI_DONE) {
        return status;
    }
    snug_model *model = snug_model_load(path);
    status = model != NULL ? inspect_loaded(model, path, given) : cli_library_error();
    snug_model_free(model);
    return status;
}

/* In JSON's quotes. Paths in an experiment are relative to its file, these are not. */
static char *absolute(const char *path) {
    char directory[PATH_MAX];
    if (path[0] == '/' || strcmp(path, "-") == 0 || getcwd(directory, sizeof directory) == NULL) {
        return cli_json_quote(path);
    }
    char *full = cli_format("%s/%s", directory, path);
    char *quoted = cli_json_quote(full);
    free(full);
    return quoted;
}

/* The experiment's training data replaced by DATA, as one more --set; NULL after an error. */
static char *replace_data(const cli_source *source, const inspect_options *given) {
    char *path = absolute(source->path);
    char *set = NULL;
    if (source->targets == NULL) {
        set = cli_format("data.train=%s", path);
    } else {
        const char *format = cli_source_format(source, &given->reading);
        const char *first = snug_data_format_file(format, 0);
        const char *second = snug_data_format_file(format, 1);
        char *targets = absolute(source->targets);
        if (second != NULL) {
            set = cli_format("data.train={\"%s\": %s, \"%s\": %s}", first, path, second, targets);
        } else if (format != NULL) {
            cli_usage_error("%s: is one file in %s format, which has no second: %s", source->path,
                            format, source->targets);
        } else {
            cli_library_error();
        }
        free(targets);
    }
    free(path);
    return set;
}

enum { MOST_REPLACED = 1 + CLI_MOST_DATA_SETTINGS };

/*
 * What --data and the options of how it is read replace in the experiment; returns an exit status.
 */
static int replace(const inspect_options *given, char *sets[MOST_REPLACED], size_t *count) {
    *count = 0;
    if (given->data == NULL) {
        return CLI_DONE;
    }
    cli_source source = cli_source_read(given->data);
    int status = cli_check_delimiter(&source, &given->reading);
    char *data = status == CLI_DONE ? replace_data(&source, given) : NULL;
    if (data != NULL) {
        sets[0] = data;
        *count = 1 + cli_data_settings(&given->reading, sets + 1);
    }
    cli_source_clear(&source);
    return data != NULL ? CLI_DONE : CLI_WRONG;
}

/* Gives the model the loss of the experiment, of which gradients are measured. */
static int set_loss(cli_experiment *opened) {
    snug_loss *loss = opened->options.loss;
    opened->options.loss = NULL;
    return snug_model_set_loss(opened->model, loss) == SNUG_OK ? CLI_DONE : cli_library_error();
}

/* Inspects an experiment as it is before the first step. */
static int inspect_opened(cli_experiment *opened, const inspect_options *given) {
    int status = cli_experiment_initialize(opened);
    if (status == CLI_DONE) {
        status = set_loss(opened);
    }
    if (status == CLI_DONE) {
        status = inspect(opened->model, opened->options.optimizer, opened->options.batch_size,
                         opened->train, given);
    }
    return status;
}

static int check_widths(cli_experiment *opened, const inspect_options *given) {
    const cli_coordinate_options options = {.widths = given->widths,
                                            .steps = given->steps,
                                            .threads = given->threads,
                                            .svg = given->svg,
                                            .json = given->json};
    return cli_check_coordinates(opened, &cli_inspect, &options);
}

static int open_and_inspect(const char *path, const cli_list *settings,
                            const inspect_options *given) {
    cli_experiment opened;
    cli_files files = {.command = "inspect"};
    cli_files_draw(&files, "--svg", given->svg);
    int status = cli_experiment_open(&opened, path, settings, false, &files);
    if (status == CLI_DONE) {
        status =
            given->widths.count > 0 ? check_widths(&opened, given) : inspect_opened(&opened, given);
    }
    cli_experiment_clear(&opened);
    return status;
}

static int inspect_experiment(const char *path, const inspect_options *given) {
    cli_list settings = {.items = cli_allocate(given->set.count + MOST_REPLACED, sizeof(char *))};
    char *replaced[MOST_REPLACED];
    size_t more = 0;
    int status = replace(given, replaced, &more);
    for (size_t i = 0; i < given->set.count; i++) {
        settings.items[settings.count++] = given->set.items[i];
    }
    for (size_t i = 0; i < more; i++) {
        settings.items[settings.count++] = replaced[i];
    }
    if (status == CLI_DONE) {
        status = open_and_inspect(path, &settings, given);
    }
    for (size_t i = 0; i < more; i++) {
        free(replaced[i]);
    }
    free(settings.items);
    return status;
}

/* ---- model configs --------------------------------------------------------------------------- */

/* Returns whether a JSON file has "model" but no "data". Other files fail when they are read. */
static bool is_config(const char *path) {
    char *text = cli_file_read(path);
    cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;
    bool config = cJSON_GetObjectItemCaseSensitive(json, "model") != NULL &&
                  cJSON_GetObjectItemCaseSensitive(json, "data") == NULL;
    cJSON_Delete(json);
    free(text);
    return config;
}

static int inspect_config(const char *path, const inspect_options *given) {
    if (given->data != NULL || given->set.count > 0) {
        return cli_usage_error(
            "inspect: --data and --set need an experiment or a saved model, and %s "
            "has no \"data\"",
            path);
    }
    snug_model *model = snug_model_read_config(path);
    int status = model != NULL ? inspect_adam(model, NULL, given) : cli_library_error();
    snug_model_free(model);
    return status;
}

/* Refuses options that would have no effect beside the others. */
static int check_options(const char *path, const inspect_options *given) {
    const char *option = cli_data_option_given(&given->reading);
    if (given->data == NULL && option != NULL) {
        return cli_usage_error("inspect: %s is for --data, which is not given", option);
    }
    if (given->data != NULL && cli_check_input(path, given->data) != CLI_DONE) {
        return CLI_WRONG;
    }
    if (given->steps > 0 && given->widths.count == 0) {
        return cli_usage_error("inspect: --steps is for --widths, which is not given");
    }
    if (given->member > 0 && !cli_is_model(path)) {
        return cli_usage_error("inspect: --member is for a saved ensemble, which %s is not", path);
    }
    if (given->widths.count > 0 && (cli_is_model(path) || is_config(path))) {
        return cli_usage_error("inspect: --widths needs an experiment, which %s is not", path);
    }
    if (given->widths.count > 0 && given->training) {
        return cli_usage_error(
            "inspect: --training is not for --widths, which measures prediction");
    }
    if (given->data == NULL && (given->svg != NULL || given->training) &&
        (cli_is_model(path) || is_config(path))) {
        return cli_usage_error("inspect: %s needs rows: give --data, or an experiment, "
                               "which %s is not",
                               given->svg != NULL ? "--svg" : "--training", path);
    }
    return CLI_DONE;
}

static int run(const cli_list *operands, const void *options) {
    const inspect_options *given = options;
    const char *path = operands->items[0];
    int status = check_options(path, given);
    if (status != CLI_DONE) {
        return status;
    }
    if (cli_is_model(path)) {
        return inspect_model(path, given);
    }
    return is_config(path) ? inspect_config(path, given) : inspect_experiment(path, given);
}

static const cli_option option_table[] = {
    {"--data", "DATA", "measure each layer on these rows (at most 10000)", &cli_string_type,
     offsetof(inspect_options, data)},
    CLI_SET_OPTION(inspect_options),
    CLI_DATA_OPTIONS(inspect_options),
    {"--svg", "FILE.svg", "draw mean and variance of each layer, measured and predicted",
     &cli_string_type, offsetof(inspect_options, svg)},
    {"--widths", "A,B,C", "measure the layers of an experiment over its first steps, for widths",
     &cli_names_type, offsetof(inspect_options, widths)},
    {"--steps", "N", "of --widths; otherwise 4", &cli_count_type, offsetof(inspect_options, steps)},
    {"--member", "N", "of an ensemble: this one of its models, from 1", &cli_count_type,
     offsetof(inspect_options, member)},
    {"--training", NULL, "measure activations as in training, where dropout is at work",
     &cli_flag_type, offsetof(inspect_options, training)},
    CLI_THREADS_OPTION(inspect_options, "threads that measure; otherwise as many as repay"),
    CLI_JSON_OPTION(inspect_options),
    {0},
};

const cli_command cli_inspect = {
    .name = "inspect",
    .operands = "MODEL|EXPERIMENT.json",
    .summary = "show a model's layers, parameters, memory, activations and gradients",
    .details = CLI_DATA_HELP
    "An experiment is shown untrained, measured on its training data unless --data says\n"
    "otherwise; a saved model needs --data for it. Measured are, of each layer: mean and variance\n"
    "of its outputs; those of the gradients of each row's loss by them, as in training; the share\n"
    "of an activation's outputs that are saturated, where its derivative is below 1 % of the\n"
    "largest; omega and tau, the sums of a unit's weights and of their squares, as mean and\n"
    "deviation over the units. Beside them is what the theory of self-normalizing networks\n"
    "predicts of the inputs, with the omega and tau measured; notes name conditions of it that do\n"
    "not hold, and their cure.\n"
    "--widths trains an experiment for some steps with so many units in each hidden layer, and\n"
    "shows the mean absolute outputs of each layer before the first step and after each: where\n"
    "they depend on the width, so does the learning rate that suits.\n",
    .min_operands = 1,
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(inspect_options),
    .run = run,
};
