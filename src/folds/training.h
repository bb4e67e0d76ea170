/* One training of a run over folds. */
#ifndef SNUG_FOLDS_TRAINING_H
#define SNUG_FOLDS_TRAINING_H

#include "folds/run.h"

/*
 * Called after each batch of a training, by the thread that it runs in; returns false to stop it.
 */
typedef bool snug_training_callback_fn(snug_folds_run *run, const snug_fold_training *training,
                                       const snug_progress *progress);

/*
 * Trains one model from a copy of the template; evaluates it on its fold, and writes what it
 * predicts for it into the folds, unless the run calibrates it first. Everything that it finds out,
 * and whether it failed, is stored in *training. Runs in any thread: it changes nothing else that
 * another training reads.
 */
void snug_fold_train(snug_folds_run *run, snug_fold_training *training,
                     snug_training_callback_fn *callback);

/* Returns a view of the rows of a member's fold; NULL on failure. */
snug_dataset *snug_fold_rows(const snug_folds_run *run, const snug_fold_training *training);

/* Evaluates a member that was calibrated on its fold, and writes what it predicts for it. */
snug_status snug_fold_evaluate(const snug_folds_run *run, snug_fold_training *training);

/* Frees what a training holds. */
void snug_fold_training_clear(snug_fold_training *training);

#endif
