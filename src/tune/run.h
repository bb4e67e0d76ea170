/* One training of a trial, in one rung, and what is kept of it. */
#ifndef SNUG_TUNE_RUN_H
#define SNUG_TUNE_RUN_H

#include "tune/plan.h"
#include "tune/trial_data.h"

typedef struct snug_run {
    size_t trial, rung;
    snug_trial_status status;
    double metric, loss; /* of the validation rows; NaN where it failed */
    size_t epochs;       /* that were trained */
    double seconds;
    char *message;     /* why it failed, or NULL; owned */
    snug_model *model; /* the trained model, or NULL where it is not kept; owned */
    bool ended;        /* the members above are complete */
    bool superseded;   /* another run of its trial counts instead */
} snug_run;

/*
 * Trains a trial in a rung and evaluates it on the validation rows. The same arguments give the
 * same bits, but for run->seconds. A failure of the trial is recorded in *run. `callback`, after
 * each batch, may stop it. Nothing is logged, because several threads train at a time.
 */
void snug_run_train(snug_run *run, const snug_tune_plan *plan, snug_trial_data_set *data,
                    snug_callback_fn *callback, void *user);

/* Frees what a run keeps. */
void snug_run_clear(snug_run *run);

/* Returns the run as the trial that it counts for, with pointers to `values` and to its message. */
snug_trial snug_run_describe(const snug_run *run, const char *values);

/*
 * Compares two runs: below 0 if a is better. Those that succeeded come first, by their metric, by
 * their loss where it is the same, and by their number.
 */
int snug_run_compare(const snug_run *a, const snug_run *b, const snug_metric_kind *metric);

/* Sorts runs, the best first. */
void snug_run_sort(snug_run **runs, size_t count, const snug_metric_kind *metric);

#endif
