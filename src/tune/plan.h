/* What a search does, fixed before its first trial: the space, and the experiment of each trial. */
#ifndef SNUG_TUNE_PLAN_H
#define SNUG_TUNE_PLAN_H

#include <snug/tune.h> /* IWYU pragma: export */

#include "experiment/experiment.h"
#include "metrics/metrics.h"
#include "tune/space.h"

/* A rung trains this many times as long as the one below it, and has that share of its trials. */
enum { SNUG_TUNE_ETA = 3 };

typedef struct snug_tune_plan {
    const snug_experiment *experiment; /* borrowed */
    snug_tune_options options;         /* complete; strings are borrowed */
    snug_space space;
    cJSON *config;                  /* the experiment, with all defaults; owned */
    const snug_metric_kind *metric; /* that trials are compared by */
    size_t trials;                  /* SIZE_MAX: until the time is over */
    size_t own;     /* the grid's combination that is the experiment; SIZE_MAX: none */
    double started; /* when the call began, in seconds of snug_tune_seconds() */
} snug_tune_plan;

/*
 * Completes the options, reads the space and checks both. Every value at the ends of a range or in
 * a list must be one that the experiment can have. Clear it with snug_tune_plan_clear(), also
 * after a failure.
 */
snug_status snug_tune_plan_start(snug_tune_plan *plan, const snug_experiment *experiment,
                                 const snug_tune_options *options);
void snug_tune_plan_clear(snug_tune_plan *plan);

/*
 * Returns the values of a trial, a JSON object of paths that the caller frees with cJSON_Delete():
 * those of the experiment for trial 0, where what it does not have is null. NULL on failure.
 */
cJSON *snug_tune_plan_values(const snug_tune_plan *plan, size_t trial);

/* Returns these values as a string, for snug_release(); NULL without memory. */
char *snug_tune_plan_print_values(const snug_tune_plan *plan, size_t trial);

/*
 * Returns the experiment of a trial for training in a rung, which the caller frees. `values` are
 * the trial's. NULL where the values do not go together.
 */
snug_experiment *snug_tune_plan_experiment(const snug_tune_plan *plan, size_t trial, size_t rung,
                                           const cJSON *values);

/*
 * Returns the experiment with only those values that decide how its data is read, which the caller
 * frees. Its seed, by which rows are split, is that of the search. NULL on failure.
 */
snug_experiment *snug_tune_plan_data_experiment(const snug_tune_plan *plan, size_t trial,
                                                const cJSON *values);

/* Returns how many of `epochs` a rung trains, at least 1. */
size_t snug_tune_plan_epochs(const snug_tune_plan *plan, size_t rung, size_t epochs);

/* Returns the seconds of a clock that only goes on. */
double snug_tune_seconds(void);

#endif
