/* An experiment with its data, its model and its training options. */
#ifndef SNUG_CLI_EXPERIMENT_H
#define SNUG_CLI_EXPERIMENT_H

#include <snug/snug.h>

#include "command.h"

typedef struct cli_experiment {
    snug_experiment *experiment;
    snug_model *model;
    snug_dataset *train, *validation, *test; /* the last two may be NULL */
    /* .loss, .optimizer and .schedule are its own until they are handed on */
    snug_fit_options options;
} cli_experiment;

/* Answers an exit status, after saying why; clear it in either case. */
int cli_experiment_open(cli_experiment *opened, const char *path, const cli_list *settings);

/*
 * Brings the model to where training starts: what scales its inputs is fitted on the training rows,
 * and its weights are the first ones. Answers an exit status, after saying why.
 */
int cli_experiment_settle(cli_experiment *opened);
void cli_experiment_clear(cli_experiment *opened);

#endif
