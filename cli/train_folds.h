/* `snug train --folds`: training one model for each fold, and one model of all of them. */
#ifndef SNUG_CLI_TRAIN_FOLDS_H
#define SNUG_CLI_TRAIN_FOLDS_H

#include "command.h"
#include "command_files.h"

/* The options of the command line. */
typedef struct cli_folds_options {
    size_t folds, seeds, threads; /* 0: not given */
    bool refit, quiet, json, strict;
    const char *out_of_fold; /* a CSV file, or NULL */
    const char *checkpoint;  /* a directory, or NULL */
    size_t every, every_steps;
    bool resume, allow_drift;
    const cli_list *set;
} cli_folds_options;

/* Returns an exit status, after an error message where options do not fit together. */
int cli_folds_check(const cli_folds_options *given, const char *history);

/*
 * Trains the members of an experiment, saves the model at `path`, evaluates and prints it. Stopped
 * by a signal it saves what is finished. Checks and clears the files of the command. Returns an
 * exit status.
 */
int cli_train_folds(const char *experiment, const cli_folds_options *given, const char *path,
                    cli_files *files);

#endif
