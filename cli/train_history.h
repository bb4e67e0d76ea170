/* The history of a training run: a file with a line of JSON for each epoch and each inspection. */
#ifndef SNUG_CLI_TRAIN_HISTORY_H
#define SNUG_CLI_TRAIN_HISTORY_H

#include <snug/snug.h>

#include "output.h"

typedef struct cli_train_history {
    cli_lines lines;
    const char *path; /* NULL: there is none; borrowed */
    bool waits;       /* for the first call of the callback, before which the file stays as it is */
} cli_train_history;

/*
 * Starts a history. Where the run may be resumed the file is opened by the first call below: it is
 * not lost where resuming is refused. Returns an exit status, after an error message where it is
 * not CLI_DONE.
 */
int cli_train_history_open(cli_train_history *history, const char *path, bool resumes);

/*
 * Adds what a callback of training reports. Of a run that was resumed, keeps the file's lines up to
 * the checkpoint, drops those after it, and adds those that it lacks.
 */
void cli_train_history_add(cli_train_history *history, const snug_progress *at);

/* CLI_FAILED where a line was not written. */
int cli_train_history_close(cli_train_history *history);

#endif
