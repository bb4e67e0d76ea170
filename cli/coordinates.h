/* snug inspect EXPERIMENT --widths: the coordinate check. */
#ifndef SNUG_CLI_COORDINATES_H
#define SNUG_CLI_COORDINATES_H

#include "experiment.h"

typedef struct cli_coordinate_options {
    cli_list widths;
    size_t steps, threads;
    const char *svg;
    bool json;
} cli_coordinate_options;

/*
 * Trains the experiment's model with each of the widths, and prints the sizes of its layers'
 * outputs. Returns an exit status.
 */
int cli_check_coordinates(cli_experiment *opened, const cli_command *command,
                          const cli_coordinate_options *given);

#endif
