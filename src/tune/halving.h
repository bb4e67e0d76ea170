/*
 * Synchronous successive halving: which trial is trained next, in which rung.
 *
 * Trials come in brackets of 3^(rungs - 1). All trials of a bracket are trained in rung 0; when the
 * last of them has ended, the best third goes on to rung 1, and so on, so that one is trained for
 * all epochs. With 3 rungs, in thirds of the epochs:
 *
 *     rung 0   9 trials x 1/9      trials 1 2 3 4 5 6 7 8 9
 *     rung 1   3 trials x 1/3             2     5     8
 *     rung 2   1 trial  x 1                     5
 *
 * Trial 0, the experiment as it is, is a bracket of its own that starts in the last rung: a search
 * is never worse on the validation rows than no search. While the last trainings of a bracket run,
 * other threads start the next one; which trials go on depends on their results alone.
 */
#ifndef SNUG_TUNE_HALVING_H
#define SNUG_TUNE_HALVING_H

#include "tune/run.h"

/* Trials that are trained in the same rung. */
typedef struct snug_bracket {
    size_t rung;           /* in which its trials are trained now */
    size_t count;          /* of its trials in this rung; 0: the bracket has ended */
    size_t started, ended; /* of these trials */
    size_t *trials;        /* owned */
    snug_run **runs;       /* that ended in this rung, in any order; owned */
} snug_bracket;

typedef struct snug_halving {
    size_t rungs, trials; /* trials: how many there will be, SIZE_MAX: any number */
    const snug_metric_kind *metric;
    size_t next_trial;
    snug_bracket *brackets; /* in the order in which they began; owned */
    size_t count, first_open;
} snug_halving;

/* Returns whether a training can start now, and which: that of the oldest bracket that has one. */
bool snug_halving_next(snug_halving *halving, size_t *trial, size_t *rung, snug_status *status);

/* Notes that a training has ended, which lets the best of its bracket go on. Borrows the run. */
void snug_halving_end(snug_halving *halving, snug_run *run);

void snug_halving_clear(snug_halving *halving);

#endif
