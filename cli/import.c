#include <stdlib.h>

#include "command_files.h"
#include "commands.h"
#include "output.h"

typedef struct import_options {
    const char *weights, *config, *onnx, *out;
    bool json;
} import_options;

/* Checks the options, and that the model can be written, before anything is read. */
static int check(const import_options *given) {
    if ((given->weights == NULL) == (given->onnx == NULL)) {
        return cli_usage_error("import: %s? give --weights FILE with --config FILE, or --onnx FILE",
                               given->weights == NULL ? "from what" : "from two files");
    }
    if (given->weights != NULL && given->config == NULL) {
        return cli_usage_error("import: --weights needs --config FILE.json, the layers of the "
                               "model");
    }
    if (given->onnx != NULL && given->config != NULL) {
        return cli_usage_error("import: --config is for --weights, which is not given");
    }
    if (given->out == NULL) {
        return cli_usage_error("import: needs --out MODEL, the file to write");
    }
    cli_files files = {.command = "import"};
    cli_files_read(&files, "--weights", given->weights);
    cli_files_read(&files, "--config", given->config);
    cli_files_read(&files, "--onnx", given->onnx);
    cli_files_write(&files, "--out", given->out);
    return cli_files_finish(&files);
}

static void print_json(const snug_model *model, const char *out) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_string(json, "model", out);
    cli_json_count(json, "inputs", snug_model_input_count(model));
    cli_json_count(json, "outputs", snug_model_output_count(model));
    cli_json_count(json, "layers", snug_model_layer_count(model));
    cli_json_count(json, "parameters", snug_model_parameter_count(model));
    cli_json_warnings(json);
    cli_json_print(json);
}

static void print_text(const snug_model *model, const char *out) {
    char *name = cli_printable(out);
    printf("%s: %zu inputs, %zu layers, %zu outputs, %zu parameters\n", name,
           snug_model_input_count(model), snug_model_layer_count(model),
           snug_model_output_count(model), snug_model_parameter_count(model));
    free(name);
}

static int run(const cli_list *operands, const void *options) {
    const import_options *given = options;
    (void)operands;
    int status = check(given);
    if (status != CLI_DONE) {
        return status;
    }
    snug_model *model = given->onnx != NULL
                            ? snug_model_import_onnx(given->onnx)
                            : snug_model_import_weights(given->weights, given->config);
    if (model == NULL) {
        status = cli_library_error();
    } else if (snug_model_save(model, given->out) != SNUG_OK) {
        status = cli_write_error();
    } else {
        (given->json ? print_json : print_text)(model, given->out);
    }
    snug_model_free(model);
    return status;
}

static const cli_option option_table[] = {
    {"--weights", "FILE", "a safetensors file of another program, such as a state dict of PyTorch",
     &cli_string_type, offsetof(import_options, weights)},
    {"--config", "FILE.json", "the layers for --weights: a model config or an experiment",
     &cli_string_type, offsetof(import_options, config)},
    {"--onnx", "FILE", "a network of fully connected layers as PyTorch exports it",
     &cli_string_type, offsetof(import_options, onnx)},
    {"--out", "MODEL", "the model file to write", &cli_string_type, offsetof(import_options, out)},
    CLI_JSON_OPTION(import_options),
    {0},
};

const cli_command cli_import = {
    .name = "import",
    .operands = "",
    .summary = "make a model of another program's weights or of an ONNX model",
    .details = "Tensors have the names of an nn.Sequential, \"0.weight\" for layer 0; a path that\n"
               "all names begin with is left out. The model takes its inputs as they are: what\n"
               "the other program does with a table before is not in the file. Of an experiment\n"
               "as --config it keeps the loss of \"train\", by which snug evaluate works.\n",
    .options = option_table,
    .options_size = sizeof(import_options),
    .run = run,
};
