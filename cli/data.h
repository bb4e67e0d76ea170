/* Opening DATA, the files of rows that a command line names. */
#ifndef SNUG_CLI_DATA_H
#define SNUG_CLI_DATA_H

#include <snug/snug.h>

#include "command.h"

/* Explains DATA in the --help of a command. */
#define CLI_DATA_HELP                                                                              \
    "DATA is a CSV file, or IMAGES,LABELS: two IDX files, plain or gzip, or two NPY files,\n"      \
    "with a comma between.\n"

/* How a CSV file is written; the member `csv` of a command's options struct. */
typedef struct cli_csv_options {
    const char *delimiter; /* NULL: a comma */
    bool no_header;
} cli_csv_options;

#define CLI_CSV_OPTIONS(options_struct)                                                            \
    {"--delimiter", "C", "the separator of the fields of a CSV file; tab for a tab",               \
     &cli_string_type, offsetof(options_struct, csv.delimiter)},                                   \
    {                                                                                              \
        "--no-header", NULL, "the first line of a CSV file holds values", &cli_flag_type,          \
            offsetof(options_struct, csv.no_header)                                                \
    }

/*
 * Opens DATA as the model reads it: its columns, categories and classes. `targets` says that they
 * are needed. NULL after saying why, with the exit status in *status. The model may be NULL.
 */
snug_dataset *cli_data_open(const char *spec, const snug_model *model, bool targets,
                            const cli_csv_options *csv, int *status);

/* A pair of image files or of arrays, or a table. */
typedef struct cli_source {
    char *path;
    char *images, *labels; /* or features and targets of arrays; labels may be NULL */
    bool arrays;           /* the pair is of NPY files */
} cli_source;

/* Finds out the format of DATA from its name and its first bytes. Free with cli_source_clear(). */
cli_source cli_source_read(const char *spec);
void cli_source_clear(cli_source *source);

/* Refuses the options of CSV files where the data are others. Returns an exit status. */
int cli_check_csv_options(const cli_source *source, const cli_csv_options *csv);

/* Whether a file is a saved model, by its name or its first bytes; if not it is taken for JSON. */
bool cli_is_model(const char *path);

#endif
