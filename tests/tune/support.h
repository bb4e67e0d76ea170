/* An experiment to tune: a table of 90 rows in a folder of its own. */
#ifndef SNUG_TESTS_TUNE_SUPPORT_H
#define SNUG_TESTS_TUNE_SUPPORT_H

#include <snug/tune.h>

/* Makes the folder, and returns the experiment in it, whose text is above. Free both at the end. */
snug_experiment *tune_folder_make(const char *validation);

/* Returns the path of a file in the folder; valid until the next call. */
const char *tune_folder_path(const char *name);

/* Removes the folder with all that is in it. */
void tune_folder_remove(void);

/* Runs a search that must succeed. */
snug_tuning *tune_run(const snug_experiment *experiment, const snug_tune_options *options);

/*
 * Returns all that a search found but its seconds, for snug_free(): the trials, the best
 * experiment, and a hash of the model's bytes.
 */
char *tune_describe(const snug_tuning *tuning);

#endif
