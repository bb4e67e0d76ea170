/* An experiment with a network for the blobs, and runs over its folds. */
#ifndef SNUG_TESTS_FOLDS_SUPPORT_H
#define SNUG_TESTS_FOLDS_SUPPORT_H

#include <snug/folds.h>

/* The usual number of folds. */
enum { K = 5 };

/* Returns an experiment with these members of "train"; its data is given by the tests. */
snug_experiment *folds_experiment(const char *train);

/* Runs over folds, which must succeed. */
snug_folds *folds_train(const snug_experiment *e, const snug_dataset *rows,
                        snug_folds_options options);

#endif
