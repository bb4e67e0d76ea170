#ifndef SNUG_TRAIN_HISTORY_H
#define SNUG_TRAIN_HISTORY_H

#include <snug/train.h>

/* An empty history; free with snug_history_free(). */
snug_history *snug_history_new(void);

/* Appends an epoch; validation NULL where there is none, in every epoch or in no one. */
snug_status snug_history_add(snug_history *history, const snug_metrics *train,
                             const snug_metrics *validation);

/* The epoch, from 1, whose weights early stopping gave the model. */
void snug_history_set_best(snug_history *history, size_t epoch);

#endif
