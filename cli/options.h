/* Parsing the words that follow a command's name. */
#ifndef SNUG_CLI_OPTIONS_H
#define SNUG_CLI_OPTIONS_H

#include "command.h"

/* The command line of one command. */
typedef struct cli_line {
    const cli_command *command;
    cli_list operands;
    void *options; /* the command's options struct */
    bool help;     /* --help is among the words: the operands are not checked */
} cli_line;

/*
 * Parses `count` words by the rows of the command; the result borrows the words. Returns CLI_DONE,
 * or CLI_WRONG after an error message. Free with cli_line_clear() in either case.
 */
int cli_line_parse(cli_line *line, const cli_command *command, size_t count, char **words);
void cli_line_clear(cli_line *line);

#endif
