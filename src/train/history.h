#ifndef SNUG_TRAIN_HISTORY_H
#define SNUG_TRAIN_HISTORY_H

#include <snug/train.h>

/* Room for `epochs` epochs from the start, so that training cannot fail for want of it. */
snug_history *snug_history_new(size_t epochs, bool validation);

/* Appends an epoch; validation NULL where there is none. */
void snug_history_add(snug_history *history, const snug_metrics *train,
                      const snug_metrics *validation);

#endif
