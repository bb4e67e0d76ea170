#include "args.h"
#include "output.h"

static int run(const cli_args *args) {
    int status = cli_output_check(args->out);
    if (status != CLI_DONE) {
        return status;
    }
    char *picture = snug_plot_activations(args->operands, args->operand_count);
    if (picture == NULL) {
        return cli_library_error();
    }
    status = cli_output_text(args->out, picture);
    snug_free(picture);
    return status;
}

static const cli_option options[] = {
    {"--out", "FILE.svg", "write there instead of to standard output", CLI_TEXT,
     offsetof(cli_args, out)},
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
    .options = options,
    .run = run,
};
