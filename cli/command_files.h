/*
 * The files that a command reads and those that it writes. A command lists all of them before it
 * starts its work, and one function refuses to overwrite what is read or to write a file twice.
 */
#ifndef SNUG_CLI_COMMAND_FILES_H
#define SNUG_CLI_COMMAND_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/snug.h>

typedef struct cli_file cli_file;

/* All zero but for `command`, the name of the command, it has no files. */
typedef struct cli_files {
    const char *command;
    cli_file *items; /* owned */
    size_t count;
} cli_files;

/*
 * Add a file that is read. `name` is what it is for the command, such as "the model", and must live
 * as long as the list. path NULL or standard input: nothing is added.
 */
void cli_files_read(cli_files *files, const char *name, const char *path);

/* Adds the file or the two files of DATA (data.h); NULL: nothing. */
void cli_files_read_data(cli_files *files, const char *data);

/*
 * Adds the files that an experiment names: its rows, and the model that it starts from. `path` is
 * the experiment's own file, which is not added.
 */
void cli_files_read_experiment(cli_files *files, const char *path,
                               const snug_experiment *experiment);

/* Adds a file that is written, by the option that names it. path NULL: nothing is added. */
void cli_files_write(cli_files *files, const char *option, const char *path);

/* The same of a picture, whose name must not be that of another kind than SVG. */
void cli_files_draw(cli_files *files, const char *option, const char *path);

/* Adds a directory that gets checkpoints; NULL: nothing. */
void cli_files_write_checkpoints(cli_files *files, const char *option, const char *directory);

/*
 * Fails where a file that is written is one that is read, or is written twice, by whatever path, or
 * where it cannot be written. Returns an exit status, after an error message where it is not
 * CLI_DONE.
 */
int cli_files_check(const cli_files *files);

/* Frees the list. */
void cli_files_clear(cli_files *files);

/* Checks the files as cli_files_check() does, and frees the list. */
int cli_files_finish(cli_files *files);

#endif
