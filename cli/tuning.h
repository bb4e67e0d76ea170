/* The result of a search: where it is saved, and how it is printed. */
#ifndef SNUG_CLI_TUNING_H
#define SNUG_CLI_TUNING_H

#include <snug/snug.h>

/* The files that a search writes; owned. */
typedef struct cli_tune_paths {
    char *experiment; /* that was tuned */
    char *config, *model;
} cli_tune_paths;

/*
 * Makes the paths of the best experiment and of the model: those given, or by the name of the
 * experiment. Clear them with cli_tune_paths_clear().
 */
void cli_tune_paths_make(cli_tune_paths *paths, const char *experiment, const char *config,
                         const char *model);
void cli_tune_paths_clear(cli_tune_paths *paths);

/* Saves the best experiment and the model. Returns an exit status. */
int cli_tuning_save(const snug_tuning *tuning, const cli_tune_paths *paths);

void cli_tuning_print_table(const snug_tuning *tuning, const cli_tune_paths *paths);
void cli_tuning_print_json(const snug_tuning *tuning, const cli_tune_paths *paths);

#endif
