/* An experiment with its data, its model and its training options. */
#ifndef SNUG_CLI_EXPERIMENT_H
#define SNUG_CLI_EXPERIMENT_H

#include <snug/snug.h>

#include "command.h"
#include "command_files.h"

typedef struct cli_experiment {
    snug_experiment *experiment;
    snug_model *model;
    snug_dataset *train, *validation, *test; /* the last two may be NULL */
    /* .loss, .optimizer and .schedule are its own until they are handed on */
    snug_fit_options options;
} cli_experiment;

/*
 * Reads the file with the settings PATH=VALUE, and where `strict` with those that make warnings
 * errors. Adds the files that it names, and its own, to those of the command, checks and clears
 * them. Sets *experiment, which the caller owns, or NULL. Returns an exit status, after an error
 * message where it is not CLI_DONE.
 */
int cli_experiment_read(snug_experiment **experiment, const char *path, const cli_list *settings,
                        bool strict, cli_files *files);

/*
 * Reads an experiment file, as cli_experiment_read() does, and loads its data and its model.
 * Returns an exit status, after an error message where it is not CLI_DONE. Free with
 * cli_experiment_clear() in either case.
 */
int cli_experiment_open(cli_experiment *opened, const char *path, const cli_list *settings,
                        bool strict, cli_files *files);

/*
 * Reads an experiment file as cli_experiment_open() does, for training by folds: there is no model,
 * and a share of validation rows stays with the training rows.
 */
int cli_experiment_open_folds(cli_experiment *opened, const char *path, const cli_list *settings,
                              bool strict, cli_files *files);

/*
 * Brings the model to the state before the first training step: fits its scaler on the training
 * rows and draws its initial weights. Returns an exit status, after an error message where it is
 * not CLI_DONE.
 */
int cli_experiment_initialize(cli_experiment *opened);

/*
 * Turns inspections off in a run that keeps none, and warns of it where the experiment asks for
 * them; `why` completes the message and names the cure. Returns an exit status, after an error
 * message where warnings are errors.
 */
int cli_experiment_drop_inspections(cli_experiment *opened, const char *why);
void cli_experiment_clear(cli_experiment *opened);

#endif
