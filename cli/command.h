/*
 * Commands of the tool and their options, each declared as a row of a constant table. Parsing
 * (options.h), --help and suggestions for misspelled names (help.h) read these rows.
 */
#ifndef SNUG_CLI_COMMAND_H
#define SNUG_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses. A process that signal N stopped ends with CLI_SIGNAL + N. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2, CLI_SIGNAL = 128 };

/* Strings of the command line, which are borrowed; the array is owned. */
typedef struct cli_list {
    const char **items;
    size_t count;
} cli_list;

typedef struct cli_option cli_option;
typedef struct cli_command cli_command;

/* What values an option takes, and how one is stored. A new type is a constant in options.c. */
typedef struct cli_option_type {
    /*
     * Checks `value` and stores it in `member` of the command's options struct. NULL for an option
     * without a value. Returns CLI_DONE, or CLI_WRONG after an error message.
     */
    int (*store)(const cli_command *command, const cli_option *option, const char *value,
                 void *member);
    void (*clear)(void *member); /* frees what store() allocated; NULL: nothing */
    bool has_value;
} cli_option_type;

extern const cli_option_type cli_flag_type;      /* bool: true where the option is given */
extern const cli_option_type cli_string_type;    /* const char *, borrowed from the command line */
extern const cli_option_type cli_character_type; /* char, by itself or its name; 0: not given */
extern const cli_option_type cli_count_type;     /* size_t, at least 1; 0: not given */
extern const cli_option_type
    cli_threads_type; /* size_t, from 1 to SNUG_MAX_THREADS; 0: not given */
extern const cli_option_type cli_seconds_type;  /* double, more than 0; 0: not given */
extern const cli_option_type cli_number_type;   /* whole, uint64_t, from 0 on; 0: not given */
extern const cli_option_type cli_real_type;     /* double, finite; 0: not given */
extern const cli_option_type cli_positive_type; /* double, above 0 and finite; 0: not given */
extern const cli_option_type cli_share_type;    /* double, above 0 and below 1; 0: not given */
/* cli_list of names between commas, owned; "\\," is a comma in a name, and the option repeats */
extern const cli_option_type cli_names_type;
extern const cli_option_type cli_settings_type; /* cli_list of PATH=VALUE; the option repeats */

/* One option. A table of options ends with an element whose name is NULL: {0}. */
struct cli_option {
    const char *name;  /* "--out" */
    const char *value; /* the value's name in --help: "FILE.csv"; NULL where it takes none */
    const char *help;  /* one line, without a full stop */
    const cli_option_type *type;
    size_t offset; /* of its member in the command's options struct */
};

struct cli_command {
    const char *name;
    const char *operands; /* as --help shows them: "MODEL DATA"; "" where there are none */
    const char *summary;  /* one line */
    const char *details;  /* more lines for the command's own --help, or NULL */
    size_t min_operands, max_operands;
    const cli_option *options; /* NULL: only --help */
    size_t options_size;       /* of the struct that the options are stored in, zeroed first */
    /*
     * Prints the words that an operand can be, with a blank after each, for `snug completion`.
     * Returns an exit status. NULL: operands are names of files.
     */
    int (*print_operands)(void);
    /* Does the work and returns an exit status, after an error message where it is not CLI_DONE. */
    int (*run)(const cli_list *operands, const void *options);
};

/*
 * Rows that several commands share. `options_struct` is the command's options struct; the member
 * that the value is stored in has the name of the option.
 */
#define CLI_JSON_OPTION(options_struct)                                                            \
    {"--json", NULL, "print one JSON object and nothing else on standard output", &cli_flag_type,  \
     offsetof(options_struct, json)}
#define CLI_SET_OPTION(options_struct)                                                             \
    {"--set", "PATH=VALUE", "replace a value of the experiment: train.epochs=5 (repeatable)",      \
     &cli_settings_type, offsetof(options_struct, set)}
#define CLI_THREADS_OPTION(options_struct, help)                                                   \
    {"--threads", "N", help, &cli_threads_type, offsetof(options_struct, threads)}

#endif
