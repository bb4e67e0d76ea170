/* The result of a search: the public functions of <snug/tune.h> that read it are in tuning.c. */
#ifndef SNUG_TUNE_TUNING_H
#define SNUG_TUNE_TUNING_H

#include "tune/run.h"

struct snug_tuning {
    char *metric;       /* owned */
    snug_trial *trials; /* the best first; owned, with .values and .message */
    size_t trial_count;
    char *config;                /* the best experiment as JSON; owned */
    snug_importance *importance; /* owned, with the paths */
    size_t importance_count;
    snug_model *model;           /* owned */
    snug_tuning_member *members; /* owned */
    size_t member_count;
    snug_metrics validation, test;
    bool has_test;
};

/* Adds the trials of sorted runs, with their values. */
snug_status snug_tuning_set_trials(snug_tuning *tuning, const snug_tune_plan *plan,
                                   snug_run *const *runs, size_t count);

/* Sets the importance of the plan's dimensions by runs that are sorted. */
snug_status snug_tuning_set_importance(snug_tuning *tuning, const snug_tune_plan *plan,
                                       snug_run *const *runs, size_t count);

#endif
