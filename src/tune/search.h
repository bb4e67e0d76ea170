/* The search: trials side by side in threads, until there are no more or the time is over. */
#ifndef SNUG_TUNE_SEARCH_H
#define SNUG_TUNE_SEARCH_H

#include <pthread.h> /* IWYU pragma: export */
#include <stdatomic.h>

#include "tune/halving.h"
#include "tune/journal.h"

/* What all threads share. The mutex guards all that changes but .stop. */
typedef struct snug_search {
    const snug_tune_plan *plan; /* borrowed */
    snug_trial_data_set *data;  /* borrowed */
    snug_journal *journal;      /* borrowed */
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* a training has ended, or the search */
    snug_halving halving;
    snug_run **runs; /* all that were started, each in a block of its own; owned */
    size_t count, running;
    snug_run **kept; /* the best runs so far, the best first, whose models are kept; owned */
    size_t kept_count;
    size_t done;         /* trainings that have ended */
    double spent, share; /* sums over trainings that ended here: seconds, shares of all epochs */
    bool closed;         /* nothing more is started */
    atomic_bool stop;    /* trainings that run stop */
    snug_status status;  /* SNUG_OK, SNUG_STOPPED by the callback, or the error that ended it */
    char *message;       /* of that error; owned */
} snug_search;

/*
 * Runs a search to its end. Returns SNUG_STOPPED where the callback stopped it. Clear it with
 * snug_search_clear(), also after a failure.
 */
snug_status snug_search_run(snug_search *search, const snug_tune_plan *plan,
                            snug_trial_data_set *data, snug_journal *journal);
void snug_search_clear(snug_search *search);

/*
 * Returns the run of each trial that counts, the best first: that of its highest rung which did not
 * fail, otherwise its only one. The caller frees the array, of *count pointers into the search,
 * with snug_release(); NULL without memory.
 */
snug_run **snug_search_ranking(const snug_search *search, size_t *count);

/* Returns for how many of the best trials models are kept: those that the result is made of. */
size_t snug_search_candidate_count(const snug_tune_plan *plan);

#endif
