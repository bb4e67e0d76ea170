/* How a training run goes on: a bar on a terminal, a line an epoch elsewhere; and signals. */
#ifndef SNUG_CLI_PROGRESS_H
#define SNUG_CLI_PROGRESS_H

#include <stdbool.h>

#include <snug/folds.h>

typedef struct cli_progress {
    bool quiet;
    bool terminal;
    size_t width;           /* columns of the terminal */
    double started, drawn;  /* seconds */
    size_t epochs, batches; /* done; of the epoch that ended last, none */
    double skipped;         /* batches that a run had done before it was resumed */
} cli_progress;

void cli_progress_start(cli_progress *progress, bool quiet);

/* A snug_callback_fn whose user is a cli_progress: shows it, and stops when a signal came. */
bool cli_progress_show(const snug_progress *at, void *user);

/* How trainings go on that run side by side. */
typedef struct cli_folds_progress {
    cli_progress base;
    size_t finished; /* members that were, when it was shown last */
    bool refit;      /* it was shown that these are done */
} cli_folds_progress;

void cli_folds_progress_start(cli_folds_progress *progress, bool quiet);

/* A snug_folds_callback_fn whose user is a cli_folds_progress; it stops when a signal came. */
bool cli_progress_show_folds(const snug_folds_progress *at, void *user);

/* Removes the bar, if there is one, so that a line can be printed. */
void cli_progress_clear(void);

/* Seconds of a clock that only goes on. */
double cli_seconds(void);

/*
 * From now on the first SIGINT or SIGTERM is only noted, and a second one ends the process; a pipe
 * without a reader is an error when it is written to. Released, signals do what they did before.
 */
void cli_signals_catch(void);
void cli_signals_release(void);

/* The signal that was noted, or 0. */
int cli_signal(void);

#endif
