/* Commands, their options, and the reading of a command line. */
#ifndef SNUG_CLI_ARGS_H
#define SNUG_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>

/* What the process answers; a signal N gives CLI_SIGNAL + N. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2, CLI_SIGNAL = 128 };

/* All that a command line can say; each command takes some of it. */
typedef struct cli_args {
    const char **operands;
    size_t operand_count;
    const char **sets;
    size_t set_count;
    const char *out, *data, *delimiter;
    size_t threads, rows; /* 0: not given */
    double seconds;       /* 0: not given */
    const char *history;
    bool quiet, json, no_header, confusion;
} cli_args;

typedef enum cli_option_kind {
    CLI_OPTION_END = 0,
    CLI_FLAG,    /* bool */
    CLI_TEXT,    /* const char * */
    CLI_NUMBER,  /* size_t, at least 1 */
    CLI_THREADS, /* size_t, from 1 to SNUG_MAX_THREADS */
    CLI_SECONDS, /* double, more than 0 */
    CLI_SET      /* one more of .sets */
} cli_option_kind;

typedef struct cli_option {
    const char *name;  /* "--out" */
    const char *value; /* what stands for its value in the help, or NULL for a flag */
    const char *help;
    cli_option_kind kind;
    size_t offset; /* of its member of cli_args */
} cli_option;

typedef struct cli_command {
    const char *name;
    const char *operands; /* as in the help: "MODEL DATA" */
    const char *summary;  /* one line */
    const char *details;  /* lines for the command's own help, or NULL */
    size_t min_operands, max_operands;
    const cli_option *options; /* ended by a CLI_OPTION_END */
    int (*run)(const cli_args *args);
} cli_command;

#define CLI_OPTION_JSON                                                                            \
    {"--json", NULL, "print one JSON object and nothing else on standard output", CLI_FLAG,        \
     offsetof(cli_args, json)}
#define CLI_OPTION_SET                                                                             \
    {"--set", "PATH=VALUE", "replace a value of the experiment: train.epochs=5 (repeatable)",      \
     CLI_SET, 0}
#define CLI_OPTION_DELIMITER                                                                       \
    {"--delimiter", "C", "what stands between the fields of a CSV file; tab for a tab", CLI_TEXT,  \
     offsetof(cli_args, delimiter)}
#define CLI_OPTION_NO_HEADER                                                                       \
    {"--no-header", NULL, "the first line of a CSV file holds values", CLI_FLAG,                   \
     offsetof(cli_args, no_header)}

#define CLI_OPTION_THREADS(help) {"--threads", "N", help, CLI_THREADS, offsetof(cli_args, threads)}

extern const cli_command cli_train, cli_evaluate, cli_predict, cli_inspect, cli_check, cli_describe,
    cli_schema, cli_plot, cli_bench;

/*
 * Reads what follows the command's name. Answers CLI_DONE, with *help set where --help stands in
 * it, or CLI_WRONG after saying why. Free the result with cli_args_clear().
 */
int cli_args_read(const cli_command *command, size_t count, char **words, cli_args *args,
                  bool *help);
void cli_args_clear(cli_args *args);

/* Prints the command's own help. */
void cli_command_help(const cli_command *command);

/* The one of `count` names nearest to `word`, or NULL when none is near. */
const char *cli_nearest(const char *word, const char *const *names, size_t count);

#endif
