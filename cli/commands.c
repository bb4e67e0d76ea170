#include <string.h>

#include "commands.h"
#include "core/spelling.h"
#include "output.h"

#define ADDRESS(name) &cli_##name,
const cli_command *const cli_commands[] = {CLI_COMMANDS(ADDRESS)};
#undef ADDRESS

enum { COMMANDS = sizeof cli_commands / sizeof *cli_commands };

const size_t cli_command_count = COMMANDS;

const cli_command *cli_command_find(const char *name) {
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(name, cli_commands[i]->name) == 0) {
            return cli_commands[i];
        }
    }
    return NULL;
}

int cli_print_command_names(void) {
    for (size_t i = 0; i < COMMANDS; i++) {
        printf("%s ", cli_commands[i]->name);
    }
    return CLI_DONE;
}

int cli_unknown_command(const char *word) {
    const char *names[COMMANDS + 3] = {"--help", "--version", "--plugin"};
    for (size_t i = 0; i < COMMANDS; i++) {
        names[i + 3] = cli_commands[i]->name;
    }
    const char *what = word[0] == '-' ? "option" : "command";
    const char *near = snug_nearest_name(word, names, COMMANDS + 3);
    if (near != NULL) {
        return cli_usage_error("unknown %s %s; did you mean %s?", what, word, near);
    }
    return cli_usage_error("unknown %s %s (see snug --help)", what, word);
}

/* ---- help ------------------------------------------------------------------------------------ */

void cli_print_help(void) {
    cli_table table = {.align = "ll"};
    printf("Snug %s trains small self-normalizing neural networks.\n\n"
           "usage: snug COMMAND [ARGUMENT]... [OPTION]...\n\ncommands:\n",
           snug_version());
    for (size_t i = 0; i < cli_command_count; i++) {
        cli_table_cell(&table, "  %s", cli_commands[i]->name);
        cli_table_cell(&table, "%s", cli_commands[i]->summary);
    }
    cli_table_print(&table);
    printf("\n  snug COMMAND --help   the arguments and options of a command\n"
           "  snug --version        the version of the library\n"
           "  snug --plugin FILE.so COMMAND ...   with the kinds that a shared object registers\n\n"
           "exit status: 0 done, 1 the work failed, 2 the command line or a file is wrong,\n"
           "128+N stopped by signal N\n");
}

static void print_option(const char *name, const char *value, const char *help) {
    char left[64];
    snprintf(left, sizeof left, "%s%s%s", name, value != NULL ? " " : "",
             value != NULL ? value : "");
    printf("  %-24s  %s\n", left, help);
}

void cli_print_command_help(const cli_command *command) {
    printf("usage: snug %s%s%s [OPTION]...\n\n%s\n", command->name,
           command->operands[0] != '\0' ? " " : "", command->operands, command->summary);
    if (command->details != NULL) {
        printf("\n%s", command->details);
    }
    printf("\noptions:\n");
    const cli_option *option = command->options;
    for (; option != NULL && option->name != NULL; option++) {
        print_option(option->name, option->value, option->help);
    }
    print_option("--help", NULL, "print this and exit");
}
