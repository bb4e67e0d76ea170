/* What takes a handle, for the suites of handles. */
#ifndef SNUG_TESTS_TRAIN_HANDLES_H
#define SNUG_TESTS_TRAIN_HANDLES_H

#include "support/problems.h" /* IWYU pragma: export */

/* An unrelated failure, which sets the thread's error. */
void fail_otherwise(void);

/* The status and the thread's error are those of a handle that was handed over or freed before. */
void is_refused(snug_status status);

/* Each after an unrelated failure, with a model and data of its own. */
snug_status fit_by_loss(void *handle);
snug_status backward_by(void *handle);
snug_status check_gradients_by(void *handle);

#endif
