/*
 * The trainings of a run, side by side in threads.
 *
 * A training works in a thread of its own and stores what it finds out, also its warnings and its
 * error, in its own snug_fold_training: trainings share the data, of which each has a view, the
 * template of the model, which each copies, and the experiment. None of them is changed.
 */
#ifndef SNUG_FOLDS_MEMBERS_H
#define SNUG_FOLDS_MEMBERS_H

#include "folds/run.h"

/*
 * Runs `count` trainings. Each of the run's threads takes the next one that nobody has taken, so
 * that which thread runs which depends on timing, but nothing that a training computes does.
 * Afterwards their warnings are logged, each once, and kept in the folds. Returns the error of the
 * first training that failed; SNUG_STOPPED where the callback stopped them.
 */
snug_status snug_folds_run_all(snug_folds_run *run, snug_fold_training *trainings, size_t count);

#endif
