#include "commands.h"
#include "output.h"

typedef struct plot_options {
    const char *out;
} plot_options;

static int run(const cli_list *operands, const void *options) {
    const plot_options *given = options;
    int status = cli_picture_check(given->out);
    if (status != CLI_DONE) {
        return status;
    }
    char *picture = snug_plot_activations(operands->items, operands->count);
    if (picture == NULL) {
        return cli_library_error();
    }
    status = cli_output_text(given->out, picture);
    snug_free(picture);
    return status;
}

int cli_print_activations(void) {
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i)) != NULL; i++) {
        snug_theory_layer layer;
        if (snug_theory_activation(kind->name, NULL, 0, 1, &layer) == SNUG_OK) {
            printf("%s ", kind->name);
        }
    }
    return CLI_DONE;
}

static const cli_option option_table[] = {
    {"--out", "FILE.svg", "write there instead of to standard output", &cli_string_type,
     offsetof(plot_options, out)},
    {0},
};

const cli_command cli_plot = {
    .name = "plot",
    .operands = "ACTIVATION...",
    .summary = "draw activations and their derivatives, side by side, as SVG",
    .details =
        "An activation is a name, or a JSON object: '{\"type\": \"elu\", \"alpha\": 1.5}'.\n",
    .min_operands = 1,
    .max_operands = 64,
    .options = option_table,
    .options_size = sizeof(plot_options),
    .print_operands = cli_print_activations,
    .run = run,
};
