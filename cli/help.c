#include "commands.h"

static int run(const cli_list *operands, const void *options) {
    (void)options;
    if (operands->count == 0) {
        cli_print_help();
        return CLI_DONE;
    }
    const cli_command *command = cli_command_find(operands->items[0]);
    if (command == NULL) {
        return cli_unknown_command(operands->items[0]);
    }
    cli_print_command_help(command);
    return CLI_DONE;
}

const cli_command cli_help = {
    .name = "help",
    .operands = "[COMMAND]",
    .summary = "print the list of commands, or the arguments and options of one",
    .max_operands = 1,
    .print_operands = cli_print_command_names,
    .run = run,
};
