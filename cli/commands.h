/* The list of the tool's commands, and what --help prints of it. */
#ifndef SNUG_CLI_COMMANDS_H
#define SNUG_CLI_COMMANDS_H

#include "command.h"

/* Each command is the constant cli_NAME of the file NAME.c, listed in the order of --help. */
#define CLI_COMMANDS(X)                                                                            \
    X(new)                                                                                         \
    X(train)                                                                                       \
    X(tune)                                                                                        \
    X(evaluate)                                                                                    \
    X(predict)                                                                                     \
    X(explain)                                                                                     \
    X(export)                                                                                      \
    X(import)                                                                                      \
    X(inspect)                                                                                     \
    X(check)                                                                                       \
    X(describe)                                                                                    \
    X(schema)                                                                                      \
    X(plot)                                                                                        \
    X(theory)                                                                                      \
    X(solve)                                                                                       \
    X(bench)                                                                                       \
    X(completion)                                                                                  \
    X(help)

#define CLI_DECLARE(name) extern const cli_command cli_##name;
CLI_COMMANDS(CLI_DECLARE)
#undef CLI_DECLARE

extern const cli_command *const cli_commands[];
extern const size_t cli_command_count;

/* Returns the command of that name, or NULL. */
const cli_command *cli_command_find(const char *name);

/* Prints the name of every command, with a blank after each. Returns CLI_DONE. */
int cli_print_command_names(void);

/*
 * Prints the name of every activation of single numbers that needs nothing but its name, with a
 * blank after each. Returns CLI_DONE.
 */
int cli_print_activations(void);

/* Prints an error message about a word that names no command. Returns CLI_WRONG. */
int cli_unknown_command(const char *word);

/* Prints the commands, the options before a command and the exit statuses. */
void cli_print_help(void);

/* Prints the usage, the details and the options of one command. */
void cli_print_command_help(const cli_command *command);

#endif
