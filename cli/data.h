/* Opening DATA, the files of rows that a command line names. */
#ifndef SNUG_CLI_DATA_H
#define SNUG_CLI_DATA_H

#include <snug/snug.h>

#include "command.h" /* IWYU pragma: export */

/* Explains DATA in the --help of a command. */
#define CLI_DATA_HELP                                                                              \
    "DATA is a file, or FEATURES,TARGETS: two files with a comma between, for formats that have\n" \
    "their targets in a second file. It may be compressed by gzip or zstd; - is standard input.\n" \
    "Its name or its content tells its format: see snug describe.\n"

/* How DATA is read; the member `reading` of a command's options struct. */
typedef struct cli_data_options {
    const char *format;   /* NULL: the name or the content of the file decides */
    const char *encoding; /* NULL: UTF-8 */
    char delimiter;       /* 0: a comma */
    char decimal;         /* 0: as the model */
    bool no_header;
    bool strict;
} cli_data_options;

#define CLI_DATA_OPTIONS(options_struct)                                                           \
    {"--format", "NAME", "the format of DATA; otherwise its name or its content decides",          \
     &cli_string_type, offsetof(options_struct, reading.format)},                                  \
        {"--encoding", "NAME", "of text without a byte order mark, such as windows-1252",          \
         &cli_string_type, offsetof(options_struct, reading.encoding)},                            \
        {"--delimiter", "C", "the separator of the fields of a CSV file; tab for a tab",           \
         &cli_character_type, offsetof(options_struct, reading.delimiter)},                        \
        {"--decimal", "C", "the decimal mark of a table, . or ,; otherwise as the model's data",   \
         &cli_character_type, offsetof(options_struct, reading.decimal)},                          \
        {"--no-header", NULL, "the first line of a CSV file holds values", &cli_flag_type,         \
         offsetof(options_struct, reading.no_header)},                                             \
    {                                                                                              \
        "--strict", NULL, "warnings about the data are errors", &cli_flag_type,                    \
            offsetof(options_struct, reading.strict)                                               \
    }

/* The most options of DATA that an experiment has too. */
enum { CLI_MOST_DATA_SETTINGS = 16 };

/* Returns the name of an option that is given and an experiment has too, or NULL. */
const char *cli_data_option_given(const cli_data_options *options);

/*
 * Writes the options that are given as --set values of an experiment, such as data.delimiter=";",
 * and returns their number. Free each.
 */
size_t cli_data_settings(const cli_data_options *options, char *sets[CLI_MOST_DATA_SETTINGS]);

/* Whether a command reads the targets of DATA. */
typedef enum cli_targets {
    CLI_TARGETS_NONE,   /* no: they may be anything */
    CLI_TARGETS_IF_ANY, /* where there are any */
    CLI_TARGETS_NEEDED  /* it fails without */
} cli_targets;

/*
 * Opens DATA as the model reads it: its columns, categories and classes. NULL after saying why,
 * with the exit status in *status. The model may be NULL.
 */
snug_dataset *cli_data_open(const char *spec, const snug_model *model, cli_targets targets,
                            const cli_data_options *options, int *status);

/* The file or files that DATA names. */
typedef struct cli_source {
    char *path;
    char *targets; /* the second file, or NULL */
} cli_source;

/* Splits DATA into the paths of its files; clear the result. */
cli_source cli_source_read(const char *data);
void cli_source_clear(cli_source *source);

/* Whether a path, which may be NULL, names standard input. */
bool cli_is_standard_input(const char *path);

/* Returns the name of the format, by --format or the file; NULL where neither decides. */
const char *cli_source_format(const cli_source *source, const cli_data_options *options);

/* Fails where --delimiter or --no-header is given and the format has no such thing. */
int cli_check_delimiter(const cli_source *source, const cli_data_options *options);

/* Fails where both a model or an experiment and DATA are standard input; returns an exit status. */
int cli_check_input(const char *file, const char *data);

/* Fails where a model, of the file `path`, cannot be evaluated; returns an exit status. */
int cli_check_loss(const snug_model *model, const char *path);

/* Whether a file is a saved model, by its name or its first bytes; if not it is taken for JSON. */
bool cli_is_model(const char *path);

#endif
