/*
 * Which of the best models are averaged: greedy forward selection with replacement, of Caruana,
 * Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from libraries of models".
 *
 * It begins with the best model, and adds, again and again, the one with which the mean of the
 * predictions has the best metric on the validation rows. A model may be added several times, which
 * weighs it. That the mean does not fit the validation rows too well, the number of models that it
 * chooses from is limited, and the best of all sizes up to the largest is taken.
 */
#ifndef SNUG_TUNE_SELECTION_H
#define SNUG_TUNE_SELECTION_H

#include "metrics/metrics.h"

/* How means are evaluated. */
typedef struct snug_selection_rule {
    const snug_metric_kind *metric;    /* by which the selection goes */
    const snug_metric_kind *threshold; /* by which thresholds are chosen; NULL: they are 0.5 */
} snug_selection_rule;

/*
 * Selects at most `most` of `count` models, of which the first is the best by itself. Sets
 * weights[count] to how often each was selected; their sum is at least 1. `data` has the validation
 * rows. Models that cannot be averaged with the first are never selected.
 *
 * Each mean decides between two classes by a threshold of its own, fitted to the same rows, which
 * is not that of any member. Sets *threshold to that of the mean that is selected; 0.5 is none.
 */
snug_status snug_selection_run(const snug_model *const *models, size_t count, size_t most,
                               const snug_dataset *data, const snug_selection_rule *rule,
                               size_t *weights, double *threshold);

#endif
