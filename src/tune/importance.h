/* How much each field of a space matters: see snug_importance of <snug/tune.h>. */
#ifndef SNUG_TUNE_IMPORTANCE_H
#define SNUG_TUNE_IMPORTANCE_H

#include "tune/run.h"

/*
 * Computes how much each dimension matters. Ranks take the place of metrics, because one trial that
 * is worse by far would otherwise be all the variance there is.
 *
 * Trials are put into groups, by the values of a list or by quarters of a range; random groups
 * would explain something too, for which the share is corrected.
 *
 * Sets shares[plan->space.count] to the share of the variance of the runs' ranks that each
 * dimension explains by itself; NaN with too few. `runs` are of the same rung, the best first,
 * those that failed last; a run whose value is outside of a dimension does not count for it.
 */
void snug_importance_compute(const snug_tune_plan *plan, snug_run *const *runs, size_t count,
                             double *shares);

#endif
